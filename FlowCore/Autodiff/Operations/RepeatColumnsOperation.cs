using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y_{jK+k} = x_j: every column K times, beside itself.</summary>
/// <remarks>Adjoint: x̄_j += Σ_k ȳ_{jK+k}; tangent: that of x, repeated.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class RepeatColumnsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<int, RepeatColumnsOperation<T>> _all = new(static times => new(times));

    private RepeatColumnsOperation(int times) => Times = times;

    /// <summary>K.</summary>
    public int Times { get; }

    /// <summary>The operation of a number of repeats.</summary>
    /// <param name="times">K, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public static RepeatColumnsOperation<T> Of(int times)
    {
        SegmentChecks.Positive(times, nameof(times));
        return _all[times];
    }

    /// <summary>Repeats the columns.</summary>
    /// <param name="x">[rows, D], a block or shared.</param>
    /// <returns>[rows, D·K].</returns>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, checked(x.Columns * Times));
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.RepeatSegments(call.Input(0), Times, call.Output(0), accumulate: false);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.InputAdjoint(0, out var fresh);
        call.Kernels.SumSegments(call.OutputAdjoint(0), Times, adjoint, accumulate: !fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));
}
