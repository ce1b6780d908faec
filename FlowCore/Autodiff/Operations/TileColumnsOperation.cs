using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y_{kD+j} = x_j: all D columns, K times one behind the other.</summary>
/// <remarks>Adjoint: x̄_j += Σ_k ȳ_{kD+j}; tangent: that of x, repeated.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class TileColumnsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<int, TileColumnsOperation<T>> _all = new(static times => new(times));

    private TileColumnsOperation(int times) => Times = times;

    /// <summary>K.</summary>
    public int Times { get; }

    /// <summary>The operation of a number of repeats.</summary>
    /// <param name="times">K, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public static TileColumnsOperation<T> Of(int times)
    {
        SegmentChecks.Positive(times, nameof(times));
        return _all[times];
    }

    /// <summary>Repeats the columns.</summary>
    /// <param name="x">[rows, D], a block or shared.</param>
    /// <returns>[rows, K·D].</returns>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, checked(x.Columns * Times));
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var x = call.Input(0);
        for (var k = 0; k < Times; k++)
            call.Kernels.Copy(x, call.Output(0).Slice(k * x.Columns, x.Columns), accumulate: false);
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.InputAdjoint(0, out var fresh);
        for (var k = 0; k < Times; k++)
            call.Kernels.Copy(call.OutputAdjoint(0).Slice(k * adjoint.Columns, adjoint.Columns), adjoint, accumulate: !fresh || k > 0);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));
}
