using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y_r = Σ_j x_rj: one number a row.</summary>
/// <remarks>Adjoint: x̄_rj += ȳ_r.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SumColumnsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SumColumnsOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static SumColumnsOperation<T> Instance { get; } = new();

    /// <summary>Adds the columns.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <returns>[rows, 1].</returns>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, 1);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.SumColumns(call.Input(0), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.BroadcastAdd(call.OutputAdjoint(0), call.InputAdjoint(0));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));
}
