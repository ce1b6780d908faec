using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <content>Convolutions: a thread for each number, neighbours along the events.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void Convolution(
        ConvolutionShape shape, in Matrix<T> x, in Matrix<T> weight, in Matrix<T> bias, UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation)
    {
        var target = preActivation.IsEmpty ? y : preActivation;
        _program.Convolution.On(Accelerator)(
            Stream, ColumnsOf(y), SizesOf(shape), Of(x), DataOf(weight), DataOf(bias), Has(bias), _device.Integers(shape.Sources), Of(target));
        if (!preActivation.IsEmpty || activation != UnaryFunction.Identity)
            Unary(activation, target, y);
    }

    public override void ConvolutionAdjoint(
        ConvolutionShape shape, UnaryFunction activation, in Matrix<T> x, in Matrix<T> weight, in Matrix<T> y, in Matrix<T> preActivation, in Matrix<T> dy,
        in Matrix<T> dx, bool accumulate, in Matrix<T> dweight, in Matrix<T> dbias)
    {
        ActivationAdjoint(activation, y, preActivation, dy, default);
        if (!dweight.IsEmpty || !dbias.IsEmpty)
        {
            _program.ConvolutionWeightAdjoint.On(Accelerator)(
                Stream, GroupFor(shape.Outputs * (shape.WindowLength + 1)), SizesOf(shape), Of(dy), Of(x), dy.PaddedRows, _device.Integers(shape.Sources),
                DataOf(dweight), Has(dweight), DataOf(dbias), Has(dbias));
        }

        if (!dx.IsEmpty)
        {
            _program.ConvolutionInputAdjoint.On(Accelerator)(
                Stream, ColumnsOf(dx), SizesOf(shape), Of(dy), DataOf(weight), _device.Integers(shape.Targets), Of(dx), accumulate ? 1 : 0);
        }
    }

    private static ConvolutionSizes SizesOf(ConvolutionShape shape) =>
        new(shape.Inputs, shape.Outputs, shape.Pixels, shape.KernelSize * shape.KernelSize, shape.PixelsFirst ? 1 : 0);
}
