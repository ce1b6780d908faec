using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y_r = ln Σ_j e^x_rj: the logarithm of a mixture's density from those of its components.</summary>
/// <remarks>Adjoint: x̄_rj += ȳ_r e^(x_rj − y_r); tangent: ẏ_r = Σ_j e^(x_rj − y_r) ẋ_rj. The largest term is taken out of the sum, so nothing overflows.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LogSumExpOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LogSumExpOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static LogSumExpOperation<T> Instance { get; } = new();

    /// <summary>Applies the operation.</summary>
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
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.LogSumExp(call.Input(0), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.LogSumExpAdjoint(call.Input(0), call.Output(0), call.OutputAdjoint(0), call.InputAdjoint(0));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) =>
        call.SetOutputTangent(0, ((call.Input(0) - call.Output(0)).Exp() * call.InputTangent(0)).SumColumns());
}
