using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <content>Convolutions.</content>
internal abstract partial class KernelAgreementTests<T>
{
    // Channels, sides and windows around the sizes of tiles and strips.
    private static readonly (int Inputs, int Outputs, int Height, int Width, int Size)[] _convolutions =
    [
        (1, 2, 4, 4, 3), (2, 1, 3, 5, 3), (3, 13, 2, 3, 1), (4, 6, 3, 34, 3), (2, 12, 4, 3, 5), (5, 9, 1, 2, 3), (16, 3, 2, 2, 3),
    ];

    [Test]
    public void Convolutions_agree_with_the_scalar_formula([Values] bool periodic, [Values] bool chessboard)
    {
        var activations = new[] { UnaryFunction.Identity, UnaryFunction.LeakyReLU, UnaryFunction.Silu };
        foreach (var (inputs, outputs, height, width, size) in _convolutions)
        {
            var shape = Shape(inputs, outputs, height, width, size, periodic, chessboard);
            foreach (var activation in inputs < 3 ? activations : [UnaryFunction.LeakyReLU])
            {
                Compare(SumTolerance, kernels =>
                {
                    var x = Make(kernels, block: true, 33, inputs * shape.Pixels, Wave(0.2));
                    var weight = Make(kernels, block: false, shape.WindowLength, outputs, Wave(0.3));
                    var y = Make(kernels, block: true, 33, outputs * shape.Pixels, (_, _) => 7);
                    var plain = Make(kernels, block: true, 33, outputs * shape.Pixels, (_, _) => 7);
                    var kept = Make(kernels, block: true, 33, outputs * shape.Pixels, (_, _) => 7);
                    kernels.Convolution(shape, x, weight, Make(kernels, block: false, 1, outputs, Wave(0.9)), activation, y, activation.DerivativeNeedsArgument ? kept : default);
                    kernels.Convolution(shape, x, weight, default, activation, plain, default);
                    return [y, plain, kept];
                });
            }
        }
    }

    [Test]
    public void Adjoints_of_convolutions_agree_with_the_scalar_formula([Values] bool periodic, [Values] bool chessboard)
    {
        foreach (var (inputs, outputs, height, width, size) in _convolutions)
        {
            var shape = Shape(inputs, outputs, height, width, size, periodic, chessboard);
            var activation = inputs == 1 ? UnaryFunction.Silu : inputs == 2 ? UnaryFunction.Identity : UnaryFunction.LeakyReLU;
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, 33, inputs * shape.Pixels, Wave(0.2));
                var weight = Make(kernels, block: false, shape.WindowLength, outputs, Wave(0.3));
                var (y, kept) = (Make(kernels, block: true, 33, outputs * shape.Pixels, (_, _) => 7), Make(kernels, block: true, 33, outputs * shape.Pixels, (_, _) => 7));
                kernels.Convolution(shape, x, weight, default, activation, y, activation.DerivativeNeedsArgument ? kept : default);
                var dx = Make(kernels, block: true, 33, inputs * shape.Pixels, Wave(0.8));
                var fresh = Make(kernels, block: true, 33, inputs * shape.Pixels, (_, _) => 7);
                var (dweight, only) = (Make(kernels, block: false, shape.WindowLength, outputs, Wave(0.1)), Make(kernels, block: false, shape.WindowLength, outputs, Wave(0.1)));
                var (dbias, alone) = (Make(kernels, block: false, 1, outputs, Wave(0.4)), Make(kernels, block: false, 1, outputs, Wave(0.4)));
                kernels.ConvolutionAdjoint(shape, activation, x, weight, y, kept, Adjoint(), dx, accumulate: true, dweight, dbias);
                kernels.ConvolutionAdjoint(shape, activation, x, weight, y, kept, Adjoint(), fresh, accumulate: false, default, default);
                kernels.ConvolutionAdjoint(shape, activation, x, weight, y, kept, Adjoint(), default, accumulate: false, only, default);
                kernels.ConvolutionAdjoint(shape, activation, x, weight, y, kept, Adjoint(), default, accumulate: false, default, alone);
                return [dx, fresh, dweight, dbias, only, alone];

                // It is lost in a call.
                Matrix<T> Adjoint() => KernelAgreementTests<T>.Adjoint(kernels, 33, outputs * shape.Pixels, Wave(0.6));
            });
        }
    }

    // Both orders of the columns in turn.
    private static ConvolutionShape Shape(int inputs, int outputs, int height, int width, int size, bool periodic, bool chessboard) =>
        new(inputs, outputs, height, width, size, periodic)
        {
            PixelsFirst = (inputs + outputs) % 2 == 1,
            Reads = chessboard ? PixelParity.Even : PixelParity.All,
            Writes = chessboard ? PixelParity.Odd : PixelParity.All,
        };
}
