using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;

namespace QuickStart;

/// <summary>y = x³, made of the kernels that every device has.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class CubeOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly CubeOperation<T> _instance = new();

    public static Variable<T> Apply(Variable<T> x) => x.Tape!.Apply(_instance, [x], x.Columns);

    protected override void Forward(in OperationCall<T> call)
    {
        call.Kernels.Unary(UnaryFunction.Square, call.Input(0), call.Output(0));
        call.Kernels.Binary(BinaryFunction.Multiply, call.Output(0), call.Input(0), call.Output(0));
    }

    // x̄ += 3 x² ȳ. The adjoint of the output is ours to destroy, so it serves as scratch.
    protected override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.OutputAdjoint(0);
        call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Input(0), adjoint);
        call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Input(0), adjoint);
        call.Kernels.ScaleShift(adjoint, T.CreateChecked(3), T.Zero, call.InputAdjoint(0), accumulate: true);
    }

    // ẏ = 3 x² ẋ, of operations on the tape: what they record is how the tangent is differentiated.
    protected override void Tangent(in TangentCall<T> call) =>
        call.SetOutputTangent(0, call.Input(0).Square() * call.InputTangent(0) * T.CreateChecked(3));
}
