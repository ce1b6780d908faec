using System.Diagnostics;

namespace FlowCore.Compute;

/// <content>Convolutions: the seam's matrices handed to the loops on raw memory.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Convolution(
        ConvolutionShape shape, in Matrix<T> x, in Matrix<T> weight, in Matrix<T> bias, UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation)
    {
        Debug.Assert(preActivation.IsEmpty || preActivation.Stride == y.Stride, "Both are blocks of one tape.");
        Convolution<V, T>.Forward(
            shape, weight.Pointer, bias.Pointer, x.Pointer, x.Stride, y.Pointer, y.Stride, preActivation.Pointer, x.PaddedRows, activation,
            Scratch(Convolution<V, T>.ScratchLength(shape)));
    }

    public override void ConvolutionAdjoint(
        ConvolutionShape shape, UnaryFunction activation, in Matrix<T> x, in Matrix<T> weight, in Matrix<T> y, in Matrix<T> preActivation, in Matrix<T> dy,
        in Matrix<T> dx, bool accumulate, in Matrix<T> dweight, in Matrix<T> dbias)
    {
        Debug.Assert(preActivation.IsEmpty || preActivation.Stride == y.Stride, "Both are blocks of one tape.");
        Convolution<V, T>.Adjoint(
            shape, activation, x.Pointer, x.Stride, weight.Pointer, y.Pointer, preActivation.Pointer, y.Stride, dy.Pointer, dy.Stride, dx.Pointer, dx.Stride, accumulate,
            dweight.Pointer, dbias.Pointer, x.PaddedRows, Scratch(Convolution<V, T>.ScratchLength(shape)));
    }
}
