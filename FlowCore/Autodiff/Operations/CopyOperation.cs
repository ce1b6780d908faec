using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = x: brings a result to a place that was allocated before. A shared row is repeated for every event of a block.</summary>
/// <remarks>Adjoint: x̄ += ȳ, summed over the rows where x is repeated.</remarks>
internal sealed class CopyOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private CopyOperation()
    {
    }

    public static CopyOperation<T> Instance { get; } = new();

    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.Copy(call.Input(0), call.Output(0), accumulate: false);

    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.OutputAdjoint(0);
        var x = call.Input(0);
        if (x.IsBlock == call.Output(0).IsBlock)
        {
            var target = call.InputAdjoint(0, out var fresh);
            call.Kernels.Copy(adjoint, target, accumulate: !fresh);
        }
        else
        {
            // The adjoint of an addition to a block sums over the rows of its repeated operand.
            call.Kernels.BinaryAdjoint(BinaryFunction.Add, x, call.Output(0), adjoint, call.InputAdjoint(0), default);
        }
    }
}
