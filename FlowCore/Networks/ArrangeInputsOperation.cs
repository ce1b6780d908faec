using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>y = [context, x_i0, x_i1, ...]: what a conditioner reads, context first and the features in rank order.</summary>
/// <remarks>Adjoint: the columns of ȳ go back where they came from; those of a shared context row are summed over the rows.</remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="contextFeatures">How many context columns; with 0 the operation is a gather of columns.</param>
/// <param name="indices">Which column of x comes next; none for the context alone.</param>
internal sealed class ArrangeInputsOperation<T>(int contextFeatures, int[] indices) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => contextFeatures + indices.Length;

    public Variable<T> Apply(Tape<T> tape, Variable<T> context, Variable<T> x) => tape.Apply(this, [contextFeatures == 0 ? default : context, x], Columns);

    protected internal override void Forward(in OperationCall<T> call)
    {
        var y = call.Output(0);
        if (contextFeatures > 0)
            call.Kernels.Copy(call.Input(0), y.Slice(0, contextFeatures), accumulate: false);
        if (indices.Length > 0)
            call.Kernels.GatherColumns(call.Input(1), indices, y.Slice(contextFeatures, indices.Length));
    }

    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.OutputAdjoint(0);
        if (call.Needs(0))
        {
            var part = adjoint.Slice(0, contextFeatures);
            var context = call.Input(0);
            // A shared row is repeated over the rows: its adjoint is that of a sum with a block.
            if (context.IsBlock)
                call.Kernels.Copy(part, call.InputAdjoint(0), accumulate: true);
            else
                call.Kernels.BinaryAdjoint(BinaryFunction.Add, part, context, part, default, call.InputAdjoint(0));
        }

        if (call.Needs(1))
            call.Kernels.ScatterAddColumns(adjoint.Slice(contextFeatures, indices.Length), indices, call.InputAdjoint(1));
    }

    protected internal override void Tangent(in TangentCall<T> call) =>
        call.SetOutputTangent(0, Apply(call.Tape, call.InputTangentOrZeros(0), call.InputTangentOrZeros(1)));
}
