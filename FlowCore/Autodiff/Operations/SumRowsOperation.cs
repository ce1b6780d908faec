using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y_j = Σ_r x_rj over the rows of a block or of a shared matrix: a shared row.</summary>
/// <remarks>Adjoint: x̄_rj += ȳ_j. The sum runs over the rows of the tape's block, not over the blocks of a batch.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SumRowsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SumRowsOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static SumRowsOperation<T> Instance { get; } = new();

    /// <summary>Adds the rows.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <returns>[1, columns], shared.</returns>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = tape.AllocateShared(1, x.Columns);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.SumRows(call.Input(0), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.BroadcastAdd(call.OutputAdjoint(0), call.InputAdjoint(0));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));
}
