using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y_s = Σ_k x_{sK+k}: the sums of segments of K neighbouring columns.</summary>
/// <remarks>Adjoint: x̄_{sK+k} += ȳ_s; tangent: the sums of that of x.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SumSegmentsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<int, SumSegmentsOperation<T>> _all = new(static segment => new(segment));

    private SumSegmentsOperation(int segment) => Segment = segment;

    /// <summary>K.</summary>
    public int Segment { get; }

    /// <summary>The operation of a length.</summary>
    /// <param name="segment">K, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public static SumSegmentsOperation<T> Of(int segment)
    {
        SegmentChecks.Positive(segment, nameof(segment));
        return _all[segment];
    }

    /// <summary>Adds up the segments.</summary>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <returns>[rows, S].</returns>
    /// <exception cref="ArgumentException">There is no argument, or its columns are no multiple of K.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, SegmentChecks.Count(x, Segment));
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.SumSegments(call.Input(0), Segment, call.Output(0), accumulate: false);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.InputAdjoint(0, out var fresh);
        call.Kernels.RepeatSegments(call.OutputAdjoint(0), Segment, adjoint, accumulate: !fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));
}
