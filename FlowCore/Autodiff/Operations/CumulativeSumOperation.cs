using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Running sums within segments of K neighbouring columns: y_k = Σ_{j ≤ k} x_j, or over j &lt; k where exclusive, from the other end where reversed.</summary>
/// <remarks>Adjoint: the running sum of ȳ from the other end, x̄_j += Σ_{k ≥ j} ȳ_k.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class CumulativeSumOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<(int, bool, bool), CumulativeSumOperation<T>> _all = new(static key => new(key.Item1, key.Item2, key.Item3));

    private CumulativeSumOperation(int segment, bool exclusive, bool reverse)
    {
        Segment = segment;
        Exclusive = exclusive;
        Reverse = reverse;
    }

    /// <summary>K.</summary>
    public int Segment { get; }

    /// <summary>Whether a sum leaves its own number out.</summary>
    public bool Exclusive { get; }

    /// <summary>Whether to start from the last number.</summary>
    public bool Reverse { get; }

    /// <summary>The operation of a kind.</summary>
    /// <param name="segment">K, at least 1.</param>
    /// <param name="exclusive">Whether a sum leaves its own number out.</param>
    /// <param name="reverse">Whether to start from the last number.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public static CumulativeSumOperation<T> Of(int segment, bool exclusive = false, bool reverse = false)
    {
        SegmentChecks.Positive(segment, nameof(segment));
        return _all[(segment, exclusive, reverse)];
    }

    /// <summary>Adds up.</summary>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <returns>[rows, S·K].</returns>
    /// <exception cref="ArgumentException">There is no argument, or its columns are no multiple of K.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        SegmentChecks.Count(x, Segment);
        var y = OperandChecks.AllocateLike(x, x.Columns);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.CumulativeSum(call.Input(0), Segment, Exclusive, Reverse, call.Output(0), accumulate: false);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.InputAdjoint(0, out var fresh);
        call.Kernels.CumulativeSum(call.OutputAdjoint(0), Segment, Exclusive, !Reverse, adjoint, accumulate: !fresh);
    }
}
