using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Y with 1 / A_ii on the diagonal and zeros elsewhere: the gradient of <see cref="LogAbsDiagonalOperation{T}"/> as a variable.</summary>
/// <remarks>Adjoint: Ā_ii −= Ȳ_ii Y_ii².</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class InverseDiagonalOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private InverseDiagonalOperation()
    {
    }

    internal static InverseDiagonalOperation<T> Instance { get; } = new();

    /// <summary>Applies the operation to a shared matrix [D, D].</summary>
    internal Variable<T> Apply(Variable<T> matrix)
    {
        var tape = OperandChecks.TapeOf(matrix, nameof(matrix));
        var y = tape.AllocateShared(matrix.Rows, matrix.Columns);
        // The second output is the number one.
        tape.ApplyInto(this, [matrix], [y, tape.AllocateShared(1, 1)]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        call.Kernels.Fill(call.Output(1), T.One);
        call.Kernels.Fill(call.Output(0), T.Zero);
        call.Kernels.LogAbsDiagonalAdjoint(call.Input(0), call.Output(1), call.Output(0));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.OutputAdjoint(0);
        call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Output(0), adjoint);
        call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Output(0), adjoint);
        call.Kernels.ScaleShift(adjoint, -T.One, T.Zero, call.InputAdjoint(0), accumulate: true);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) =>
        call.SetOutputTangent(0, -(call.Output(0).Square() * call.InputTangent(0)));
}
