using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Tests.Autodiff;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>The convolution of the seam against its definition, and its derivatives against differences.</summary>
[TestFixture]
public sealed class ConvolutionTests
{
    private static readonly UnaryFunction[] _activations = [UnaryFunction.Identity, UnaryFunction.LeakyReLU, UnaryFunction.Silu];

    [Test]
    public void A_convolution_is_the_sum_of_its_definition([Values(1, 3, 5)] int size, [Values] bool periodic, [Values] bool pixelsFirst, [Values] PixelParity reads, [Values] PixelParity writes)
    {
        const int Rows = 3;
        var shape = new ConvolutionShape(2, 3, 4, 5, size, periodic) { PixelsFirst = pixelsFirst, Reads = reads, Writes = writes };
        var (x, weight, bias) = (Numbers(Rows * 2 * 20, 0.3), Numbers(3 * 2 * size * size, 0.7), Numbers(3, 0.2));
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 32);
        tape.Begin(Rows, record: false);
        var w = tape.AllocateShared(shape.WindowLength, 3);
        kernels.Write(weight, tape.ValueOf(w).Memory!, tape.ValueOf(w).Offset);
        var y = new ConvolutionOperation<double>(shape, UnaryFunction.Identity).Apply(tape.Input(x, 40), w, tape.SharedRow(bias));
        var result = new double[Rows * 60];
        tape.ReadValue(y, result);
        for (var row = 0; row < Rows; row++)
        {
            for (var n = 0; n < 3; n++)
            {
                for (var pixel = 0; pixel < 20; pixel++)
                {
                    var (i, j) = (pixel / 5, pixel % 5);
                    var expected = Counts(writes, i, j) ? bias[n] : 0;
                    for (var at = 0; at < 2 * size * size && Counts(writes, i, j); at++)
                    {
                        var (c, a, b) = (at / (size * size), i + (at / size % size) - (size / 2), j + (at % size) - (size / 2));
                        if (!periodic && (a < 0 || a >= 4 || b < 0 || b >= 5))
                            continue;
                        (a, b) = ((a + 8) % 4, (b + 10) % 5);
                        expected += Counts(reads, a, b) ? weight[(n * 2 * size * size) + at] * x[(row * 40) + Column(c, (a * 5) + b, 2)] : 0;
                    }

                    // 50 products of numbers of order one in double.
                    Assert.That(result[(row * 60) + Column(n, pixel, 3)], Is.EqualTo(expected).Within(1e-13));
                }
            }
        }

        int Column(int channel, int pixel, int channels) => pixelsFirst ? (pixel * channels) + channel : (channel * 20) + pixel;
    }

    [Test]
    public void Tangents_and_gradients_agree_with_differences(
        [ValueSource(nameof(_activations))] UnaryFunction activation, [Values] bool periodic, [Values] bool chessboard)
    {
        var shape = new ConvolutionShape(2, 3, 3, 4, 3, periodic)
        {
            Reads = chessboard ? PixelParity.Odd : PixelParity.All,
            Writes = chessboard ? PixelParity.Even : PixelParity.All,
        };
        var operation = new ConvolutionOperation<double>(shape, activation);
        new TangentCheck(3).Block(Numbers(3 * 24, 0.3), 24).Matrix(Numbers(3 * 18, 0.7), 3, 18).SharedRow(Numbers(3, 0.2)).Run((_, x) => operation.Apply(x[0], x[2], x[1]));
    }

    [Test]
    public void Operands_of_other_shapes_are_refused()
    {
        var operation = new ConvolutionOperation<double>(new ConvolutionShape(2, 3, 3, 4, 3, true), UnaryFunction.Identity);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 32);
        tape.Begin(2, record: false);
        var (x, weight) = (tape.Zeros(24), tape.AllocateShared(18, 3));
        Assert.Multiple(() =>
        {
            Assert.That(() => operation.Apply(tape.Zeros(23), weight, default), Throws.ArgumentException.With.Message.Contains("24 columns"));
            Assert.That(() => operation.Apply(x, tape.AllocateShared(17, 3), default), Throws.ArgumentException.With.Message.Contains("3 × 18"));
            Assert.That(() => operation.Apply(x, weight, tape.SharedRow(new double[2])), Throws.ArgumentException.With.Message.Contains("bias of 3"));
            Assert.That(() => new ConvolutionShape(1, 1, 2, 2, 2, true), Throws.InstanceOf<ArgumentException>().With.Message.Contains("odd size"));
            Assert.That(() => new ConvolutionShape(0, 1, 2, 2, 3, true), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static bool Counts(PixelParity parity, int i, int j) => parity == PixelParity.All || (i + j) % 2 == (parity == PixelParity.Odd ? 1 : 0);

    private static double[] Numbers(int count, double phase) => [.. Enumerable.Range(0, count).Select(i => Math.Sin(phase + (1.7 * i)) + (0.3 * Math.Cos(0.9 * i)))];
}
