using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Columns;

/// <summary>Transforms of pixels and convolutional networks against plain loops over an array.</summary>
[TestFixture]
internal sealed class ArrayTests
{
    private const int Height = 3;
    private const int Width = 4;
    private const int Pixels = Height * Width;

    [Test]
    public void Every_pixel_s_channels_go_through_the_same_matrix()
    {
        var lu = new LuLinear<double>(2, "lu", initialization: new RandomStream(3));
        var transform = new OnPixels<double>(lu, Height, Width);
        var x = Numbers(2 * Pixels, 1);
        using var flow = new Flow<double>(new StandardNormal<double>(2 * Pixels), transform);
        var (z, logDet) = (new double[x.Length], new double[1]);
        flow.ToNoise(x, z, logDet);
        using var pixel = new Flow<double>(new StandardNormal<double>(2), (LuLinear<double>)lu.ConvertTo<double>());
        var sum = 0.0;
        for (var p = 0; p < Pixels; p++)
        {
            var (channels, own) = (new double[2], new double[1]);
            pixel.ToNoise([x[p], x[Pixels + p]], channels, own);
            Assert.That((z[p], z[Pixels + p]), Is.EqualTo((channels[0], channels[1])));
            sum += own[0];
        }

        Assert.That(logDet[0], Is.EqualTo(sum).Within(1e-12));
    }

    [Test]
    public void Normalisation_by_channel_starts_from_all_pixels()
    {
        var inner = new ActNorm<double>(2, "norm");
        using var flow = new Flow<double>(new StandardNormal<double>(2 * Pixels), new OnPixels<double>(inner, Height, Width));
        const int Rows = 40;
        var x = Numbers(Rows * 2 * Pixels, 2);
        for (var i = 0; i < x.Length; i++)
            x[i] = i / Pixels % 2 == 0 ? 3 + (2 * x[i]) : x[i] - 1;
        Assert.That(DataStart.Run<double>(flow, x), Is.EqualTo(1));
        var z = new double[x.Length];
        flow.ToNoise(x, z, new double[Rows]);
        for (var channel = 0; channel < 2; channel++)
        {
            var numbers = z.Where((_, i) => i / Pixels % 2 == channel).ToArray();
            Assert.That(numbers.Average(), Is.Zero.Within(1e-12));
            Assert.That(numbers.Sum(value => value * value) / (numbers.Length - 1), Is.EqualTo(1).Within(1e-12));
        }
    }

    [TestCase(ArrayPadding.Zero)]
    [TestCase(ArrayPadding.Periodic)]
    public void A_network_is_its_convolutions(ArrayPadding padding)
    {
        var settings = new ConvolutionalSettings(2, 3, Height, Width) { HiddenChannels = 4, Blocks = 2, Padding = padding, Activation = UnaryFunction.Tanh };
        var network = new ConvolutionalNetwork<double>(settings, Natural(2 * Pixels), Natural(3 * Pixels), 1, "net", new RandomStream(4));
        var x = Numbers(2 * Pixels, 5);
        double[] context = [0.7];

        double[] Layer(string name, double[] h, int size) => Convolve(network, name, h, size, padding);
        var h = Layer("initial_layer", [.. x, .. Enumerable.Repeat(context[0], Pixels)], 1);
        for (var block = 0; block < 2; block++)
        {
            var t = Layer($"blocks.{block}.conv_layers.1", Array.ConvertAll(Layer($"blocks.{block}.conv_layers.0", Array.ConvertAll(h, Math.Tanh), 3), Math.Tanh), 3);
            var gate = Layer($"blocks.{block}.context_layer", [.. Enumerable.Repeat(context[0], Pixels)], 1);
            for (var i = 0; i < h.Length; i++)
                h[i] += t[i] / (1 + Math.Exp(-gate[i]));
        }

        Assert.That(Apply(network, [.. context, .. x]), Is.EqualTo(Layer("final_layer", h, 1)).Within(1e-13));
    }

    [Test]
    public void With_periodic_padding_a_network_commutes_with_shifts()
    {
        var settings = new ConvolutionalSettings(1, 1, Height, Width) { HiddenChannels = 4, Padding = ArrayPadding.Periodic, Activation = UnaryFunction.Tanh };
        var network = new ConvolutionalNetwork<double>(settings, Natural(Pixels), Natural(Pixels), 0, "net", new RandomStream(6));
        var x = Numbers(Pixels, 7);
        var shifted = Shift(Apply(network, x));
        Assert.That(Apply(network, Shift(x)), Is.EqualTo(shifted).Within(1e-13));
        var open = new ConvolutionalNetwork<double>(settings with { Padding = ArrayPadding.Zero }, Natural(Pixels), Natural(Pixels), 0, "net", new RandomStream(6));
        Assert.That(Apply(open, Shift(x)), Is.Not.EqualTo(Shift(Apply(open, x))).Within(1e-4));

        static double[] Shift(double[] array) => [.. Natural(Pixels).Select(p => array[((((p / Width) + 1) % Height) * Width) + ((p + 3) % Width)])];
    }

    [Test]
    public void A_coupling_of_a_chessboard_sees_zeros_for_what_changes()
    {
        var passes = Coupling<double>.Checkerboard(2, Height, Width);
        var settings = new ConvolutionalSettings(1, 1, Height, Width) { HiddenChannels = 4, Blocks = 1 };
        var network = ConvolutionalNetwork<double>.ForCoupling(passes, 2, 0, settings, "net", new RandomStream(8));
        Assert.That((network.Settings.InputChannels, network.Settings.OutputChannels, network.Inputs, network.Outputs), Is.EqualTo((2, 4, Pixels, 2 * Pixels)));
        using var flow = new Flow<double>(new StandardNormal<double>(2 * Pixels), new Coupling<double>(new Affine<double>(1e-3), passes, network));
        var x = Numbers(2 * Pixels, 9);
        var (z, logDet) = (new double[x.Length], new double[1]);
        flow.ToNoise(x, z, logDet);

        // The same network on the array with zeros gives the shift and the scale of each pixel in channels 2c and 2c + 1.
        var whole = new ConvolutionalNetwork<double>(network.Settings, Natural(2 * Pixels), Natural(4 * Pixels), 0, "net", new RandomStream(8));
        var parameters = Apply(whole, [.. x.Select((value, i) => passes[i] ? value : 0)]);
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var (shift, raw) = (parameters[(2 * (i / Pixels) * Pixels) + (i % Pixels)], parameters[(((2 * (i / Pixels)) + 1) * Pixels) + (i % Pixels)]);
            var logScale = raw / (1 + Math.Abs(raw / Math.Log(1e-3)));
            Assert.That(z[i], Is.EqualTo(passes[i] ? x[i] : (x[i] * Math.Exp(logScale)) + shift).Within(1e-13));
            sum += passes[i] ? 0 : logScale;
        }

        Assert.That(logDet[0], Is.EqualTo(sum).Within(1e-12));
        var fresh = new Coupling<double>(new Affine<double>(1e-3), passes, ConvolutionalNetwork<double>.ForCoupling(passes, 2, 0, settings, "net"));
        fresh.StartAtIdentity();
        using var identity = new Flow<double>(new StandardNormal<double>(2 * Pixels), fresh);
        identity.ToNoise(x, z, logDet);
        Assert.That(z, Is.EqualTo(x));
    }

    [Test]
    public void Wrong_sizes_are_refused()
    {
        var settings = new ConvolutionalSettings(1, 1, Height, Width);
        Assert.That(() => new ConvolutionalNetwork<double>(settings with { KernelSize = 2 }, Natural(Pixels), Natural(Pixels), 0, "net"), Throws.ArgumentException);
        Assert.That(() => new ConvolutionalNetwork<double>(settings, [0, 0], Natural(Pixels), 0, "net"), Throws.ArgumentException);
        Assert.That(() => new ConvolutionalNetwork<double>(settings, [Pixels], Natural(Pixels), 0, "net"), Throws.ArgumentException);
        Assert.That(() => new ConvolutionalNetwork<double>(settings, [0], [Pixels], 0, "net"), Throws.ArgumentException);
        Assert.That(() => ConvolutionalNetwork<double>.ForCoupling([true, false], 2, 0, settings, "net"), Throws.ArgumentException);
        Assert.That(() => new OnPixels<double>(new ActNorm<double>(2, "n"), 0, 3), Throws.InstanceOf<ArgumentException>());
    }

    private static int[] Natural(int count) => [.. Enumerable.Range(0, count)];

    private static double[] Numbers(int count, ulong seed)
    {
        var numbers = new double[count];
        new RandomStream(seed).FillNormal<double>(numbers);
        return numbers;
    }

    private static double[] Apply(ConvolutionalNetwork<double> network, double[] x)
    {
        // Of a copy, so that the network may be asked again.
        var copy = PartConversion.Convert<Network<double>, double, double>(network);
        using var store = new ParameterStore<double>(Device.Cpu, copy.Parameters);
        using var tape = new Tape<double>(Device.Cpu.CreateKernels<double>(), 1);
        tape.Begin(1, record: false);
        var y = new double[network.Outputs];
        tape.ReadValue(copy.Apply(tape.Input(x, network.Inputs)), y);
        return y;
    }

    private static double[] Convolve(ConvolutionalNetwork<double> network, string name, double[] h, int size, ArrayPadding padding)
    {
        var weight = network.Parameters.Single(parameter => parameter.Name == $"net.{name}.weight");
        var bias = network.Parameters.Single(parameter => parameter.Name == $"net.{name}.bias").Values.ToArray();
        var (w, inputs, reach) = (weight.Values.ToArray(), h.Length / Pixels, size / 2);
        var y = new double[weight.Rows * Pixels];
        for (var i = 0; i < y.Length; i++)
        {
            var (output, row, column) = (i / Pixels, i / Width % Height, i % Width);
            y[i] = bias[output];
            for (var k = 0; k < inputs * size * size; k++)
            {
                var (input, r, c) = (k / (size * size), row + (k / size % size) - reach, column + (k % size) - reach);
                if (padding == ArrayPadding.Periodic)
                    (r, c) = ((r + Height) % Height, (c + Width) % Width);
                if (r >= 0 && r < Height && c >= 0 && c < Width)
                    y[i] += w[(output * weight.Columns) + k] * h[(input * Pixels) + (r * Width) + c];
            }
        }

        return y;
    }
}
