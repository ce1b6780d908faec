using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Files;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Fields;

/// <summary>Flows of fields: log-determinants, shifts, round trips, and what they cost.</summary>
[TestFixture]
public sealed class FieldFlowTests
{
    private static readonly CouplingFieldFlowSettings _small = new() { Couplings = 2, HiddenChannels = [3], Seed = 3 };

    private static readonly CouplingFieldFlowSettings _levels = _small with { Levels = 2, LearnsReach = true };

    [Test]
    public void Log_determinants_are_those_of_the_tape_s_Jacobian([Values] FieldMask mask, [Values] bool learnsReach, [Values] ArrayPadding padding)
    {
        var shape = new FieldShape(3, 6, 6);
        var settings = FieldCoupling<double>.NetworkFor(shape, mask) with { HiddenChannels = [2], Padding = padding, Activation = UnaryFunction.Tanh, ContextFeatures = 1 };
        var coupling = new FieldCoupling<double>(shape, mask, new FieldNetwork<double>(settings, "n"), 0.7, learnsReach ? "reach" : null);
        Check(coupling);
    }

    [Test]
    public void Mixing_and_normalising_channels_of_all_pixels_at_once_has_the_tape_s_Jacobian()
    {
        var stream = new RandomStream(5);
        Check(OnPixels<double>.Convolution(4, 6, 6, "mix", stream));
        Check(new OnPixels<double>(new ActNorm<double>(4, "norm"), 6, 6));
        Check(new OnPixels<double>(new DenseLinear<double>(4, "dense"), 6, 6));
        Check(new OnPixels<double>(new Inverted<double>(new LuLinear<double>(4, "lu")), 6, 6));
        Check(new Composition<double>(36, Permutation<double>.Squeeze(1, 6, 6), new OnPixels<double>(new LuLinear<double>(4, "lu"), 3, 3)));
    }

    [Test]
    public void All_pixels_at_once_are_the_pixels_one_by_one()
    {
        var (all, one) = (new OnPixels<double>(new LuLinear<double>(3, "lu"), 2, 5), new LuLinear<double>(3, "lu"));
        Randomize(all.Parameters, 7);
        Randomize(one.Parameters, 7);
        using var flow = new Flow<double>(new StandardNormal<double>(30), all);
        using var pixel = new Flow<double>(new StandardNormal<double>(3), one);
        var x = Normal<double>(30, 4);
        var density = Density(flow, x)[0];
        var sum = 0.0;
        for (var p = 0; p < 10; p++)
            sum += Density(pixel, [x[p], x[10 + p], x[20 + p]])[0];

        // Thirty terms of order one to ten.
        Assert.That(density, Is.EqualTo(sum).Within(1e-12));
    }

    [Test]
    public void A_shift_by_a_period_of_the_chessboard_commutes_with_the_flow([Values(0, 1, 2)] int down, [Values(0, 1, 2, 4)] int right)
    {
        if ((down + right) % 2 == 1)
            return;
        var shape = new FieldShape(2, 6, 8);
        using var flow = CouplingFieldFlow.Create<double>(shape, _small with { Couplings = 4 });
        Randomize(flow.Parameters.Parameters, 11);
        var x = Normal<double>(3 * shape.Features, 1);
        var (z, shifted) = (Noise(flow, x), Noise(flow, Shift(x, shape, down, right)));

        // The order of a window's sum is the same, so not even roundings differ.
        Assert.That(shifted, Is.EqualTo(Shift(z, shape, down, right)));
    }

    [Test]
    public void Fields_come_back_with_all_noise_kept([Values(1, 2, 3)] int levels)
    {
        var shape = new FieldShape(1, 8, 8);
        using var flow = CouplingFieldFlow.Create<float>(shape, _levels with { Levels = levels, Couplings = 4 });
        Randomize(flow.Parameters.Parameters, 13, 0.1);
        var x = Normal<float>(40 * shape.Features, 2);
        var (back, logDet) = (new float[x.Length], new float[40]);
        flow.FromNoise(Noise(flow, x), back, logDet);
        for (var i = 0; i < x.Length; i++)
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-5 * Math.Max(1, Math.Abs(x[i]))));
    }

    [Test]
    public void Densities_have_the_gradient_of_differences()
    {
        using var flow = CouplingFieldFlow.Create<double>(new FieldShape(2, 4, 4), _levels with { Activation = UnaryFunction.Tanh, ContextFeatures = 2 });
        Randomize(flow.Parameters.Parameters, 17);
        var (x, context) = (Normal<double>(2 * 32, 3), Normal<double>(2 * 2, 4));
        var (gradient, density) = (new double[x.Length], new double[2]);
        flow.LogDensityGradient(x, new(context), density, gradient, default, default);
        for (var i = 0; i < x.Length; i += 7)
        {
            var (step, saved) = (1e-5, x[i]);
            x[i] = saved + step;
            var above = Density(flow, x, context);
            x[i] = saved - step;
            var below = Density(flow, x, context);
            x[i] = saved;

            // Second differences of 1e-10 and roundings of 1e-13 / 1e-5.
            Assert.That(gradient[i], Is.EqualTo((above[i / 32] - below[i / 32]) / (2 * step)).Within(1e-6));
        }
    }

    [Test]
    public void A_training_has_the_same_bits_for_any_number_of_threads([Values(2, 3)] int threads)
    {
        Assert.That(Trained(threads), Is.EqualTo(Trained(1)));

        static float[] Trained(int threads)
        {
            using var device = new CpuDevice(threads);
            var shape = new FieldShape(1, 8, 8);
            using var flow = CouplingFieldFlow.Create<float>(shape, _levels, device: device);
            var x = Normal<float>(300 * shape.Features, 5);
            new Trainer<float>(flow, new ArrayData<float>(x, shape.Features), new TrainingOptions { BatchSize = 100, StepsPerEpoch = 3, Epochs = 1, Warn = null }).Run();
            return Density(flow, x);
        }
    }

    [Test]
    public void Warm_calls_allocate_nothing()
    {
        var shape = new FieldShape(1, 8, 8);
        using var flow = CouplingFieldFlow.Create<float>(shape, _small);
        var (x, result, samples) = (Normal<float>(64 * shape.Features, 6), new float[64], new float[64 * shape.Features]);
        Assert.That(WarmCall.Allocated(() => flow.LogDensity(x, default, result)), Is.Zero);
        Assert.That(WarmCall.Allocated(() => flow.Sample(new RandomStream(1), 0, default, samples, default)), Is.Zero);
    }

    [Test]
    public void Blocks_are_as_small_as_the_field_asks_for()
    {
        using var large = CouplingFieldFlow.Create<float>(new FieldShape(1, 32, 32));
        using var small = CouplingFieldFlow.Create<float>(new FieldShape(1, 8, 8));

        // 16 channels of 1,024 pixels: 16,384 columns, eight times those of a block of all rows.
        Assert.That(large.BlockRows, Is.EqualTo(32));
        Assert.That(small.BlockRows, Is.EqualTo(large.Device.BlockRows));
    }

    [Test]
    public void A_flow_of_fields_is_the_same_from_its_file()
    {
        using var flow = CouplingFieldFlow.Create<double>(new FieldShape(2, 4, 4), _levels with { ContextFeatures = 1, Standardization = new LocationScale([0.5, -1], [2, 0.7]) });
        Randomize(flow.Parameters.Parameters, 19);
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.safetensors");
        flow.Save(path);
        using var read = Flow<double>.Load(path);
        var (x, context) = (Normal<double>(5 * 32, 7), Normal<double>(5, 8));
        Assert.That(Density(read, x, context), Is.EqualTo(Density(flow, x, context)));
        File.Delete(path);
    }

    [Test]
    public void Settings_that_make_no_flow_are_refused()
    {
        var shape = new FieldShape(1, 6, 6);
        Assert.Multiple(() =>
        {
            Assert.That(() => CouplingFieldFlow.Create<float>(shape, _small with { Levels = 3 }), Throws.ArgumentException.With.Message.Contains("halved 2 times"));
            Assert.That(() => CouplingFieldFlow.Create<float>(shape, _small with { Couplings = 0 }), Throws.ArgumentException.With.Message.Contains("couplings"));
            Assert.That(() => CouplingFieldFlow.Create<float>(shape, _small with { KernelSize = 2 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("odd size"));
            Assert.That(() => CouplingFieldFlow.Create<float>(shape, _small with { HiddenChannels = [0] }), Throws.ArgumentException.With.Message.Contains("hidden"));
            Assert.That(() => CouplingFieldFlow.Create<float>(shape, _small with { Reach = 0 }), Throws.ArgumentException.With.Message.Contains("reach"));
            Assert.That(() => CouplingFieldFlow.Create(shape, _small, new StandardNormal<float>(35)), Throws.ArgumentException.With.Message.Contains("36 features"));
            Assert.That(
                () => new FieldCoupling<float>(shape, FieldMask.FirstChannels, new FieldNetwork<float>(new FieldNetworkSettings(shape, 2), "n")), Throws.ArgumentException.With.Message.Contains("channels"));
            Assert.That(
                () => new FieldCoupling<float>(shape, FieldMask.OddPixels, new FieldNetwork<float>(FieldCoupling<float>.NetworkFor(shape, FieldMask.EvenPixels), "n")),
                Throws.ArgumentException.With.Message.Contains("Odd"));
        });
    }

    private static void Check(Transform<double> transform)
    {
        Randomize(transform.Parameters, 23);
        new TransformCheck(transform).Run().ThrowIfFailed();
    }

    private static void Randomize<T>(IReadOnlyList<FlowCore.Autodiff.Parameter<T>> parameters, ulong seed, double deviation = 0.2)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var numbers = new double[parameters[i].Length];
            new RandomStream(seed).Substream((ulong)i).FillNormal<double>(numbers);
            parameters[i].Write(Array.ConvertAll(numbers, number => T.CreateTruncating(deviation * number)));
        }
    }

    private static T[] Density<T>(Flow<T> flow, T[] x, T[]? context = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var result = new T[x.Length / flow.Features];
        flow.LogDensity(x, new(context), result);
        return result;
    }

    private static T[] Noise<T>(Flow<T> flow, T[] x)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var (z, logDet) = (new T[x.Length], new T[x.Length / flow.Features]);
        flow.ToNoise(x, z, logDet);
        return z;
    }

    private static T[] Normal<T>(int count, ulong seed)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var numbers = new T[count];
        new RandomStream(seed).FillNormal<T>(numbers);
        return numbers;
    }

    private static double[] Shift(double[] x, FieldShape shape, int down, int right)
    {
        var shifted = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var (channel, row, column) = (i / shape.Pixels, i / shape.Width % shape.Height, i % shape.Width);
            shifted[(channel * shape.Pixels) + ((row + down) % shape.Height * shape.Width) + ((column + right) % shape.Width)] = x[i];
        }

        return shifted;
    }
}
