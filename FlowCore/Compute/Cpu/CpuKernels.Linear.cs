using System.Diagnostics;

namespace FlowCore.Compute;

/// <content>Linear layers: the seam's matrices handed to the products on raw memory.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Linear(
        in Matrix<T> x, in Matrix<T> weight, in Matrix<T> bias, UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation, Staircase? staircase)
    {
        Debug.Assert(preActivation.IsEmpty || preActivation.Stride == y.Stride, "Both are blocks of one tape.");
        Gemm<V, T>.Forward(
            weight.Pointer, weight.Stride, bias.Pointer, x.Pointer, x.Stride, y.Pointer, y.Stride, preActivation.Pointer,
            x.PaddedRows, x.Columns, y.Columns, activation, staircase);
    }

    public override void ActivationAdjoint(
        UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation, in Matrix<T> dy, in Matrix<T> dbias) =>
        Gemm<V, T>.ActivationAdjoint(
            activation, y.Pointer, y.Stride, preActivation.Pointer, preActivation.Stride, dy.Pointer, dy.Stride, dbias.Pointer, dy.PaddedRows, dy.Columns);

    public override void LinearInputAdjoint(
        in Matrix<T> weight, in Matrix<T> dy, in Matrix<T> dx, Staircase? staircase, bool accumulate) =>
        Gemm<V, T>.InputAdjoint(
            weight.Pointer, weight.Stride, dy.Pointer, dy.Stride, dx.Pointer, dx.Stride, dx.PaddedRows, dx.Columns, dy.Columns, staircase, accumulate);

    public override void LinearWeightAdjoint(in Matrix<T> dy, in Matrix<T> x, in Matrix<T> dweight, Staircase? staircase) =>
        Gemm<V, T>.WeightAdjoint(
            dy.Pointer, dy.Stride, x.Pointer, x.Stride, dweight.Pointer, dweight.Stride, Scratch(Gemm<V, T>.ScratchLength(x.PaddedRows)),
            x.PaddedRows, x.Columns, dy.Columns, staircase);
}
