using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Gpu;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Whole models and trainings on an accelerator against the same on the processor: what a user does, with one line changed.</summary>
internal abstract class GpuModelAgreement
{
    private static readonly string[] _kinds = ["spline", "spline, two passes", "affine", "factorizable"];

    /// <summary>Opens the accelerator, or ends the test as skipped.</summary>
    protected abstract GpuDevice Open(GpuDeviceOptions? options = null);

    /// <summary>The rows of a call: two blocks and a part of one, of small blocks.</summary>
    protected abstract int Rows { get; }

    /// <summary>The hidden units of each layer of the base flow that is trained, the study's, and its rows a batch.</summary>
    protected abstract (int[] Hidden, int BatchSize) BaseSize { get; }

    /// <summary>The same for the residual and its base.</summary>
    protected abstract (int[] Hidden, int BatchSize) ResidualSize { get; }

    [TestCaseSource(nameof(_kinds))]
    public void Densities_samples_and_gradients_are_the_processor_s(string kind)
    {
        using var device = Open(new GpuDeviceOptions { BlockRows = 32 });
        Compare<double>(kind, device, 1e-11);

        // Single precision: sums in other orders and, on some devices, fused products, through steep splines.
        Compare<float>(kind, device, 3e-4);
    }

    [Test]
    public void A_row_s_sample_does_not_depend_on_the_blocks()
    {
        using var small = Open(new GpuDeviceOptions { BlockRows = 32 });
        using var large = Open();
        using var first = Models.Spline<float>(2, 0, small);
        using var second = first.ConvertTo<float>(large);
        var (a, b) = (new float[2 * Rows], new float[2 * Rows]);
        first.Sample(new RandomStream(4), 10, a, default);
        second.Sample(new RandomStream(4), 10, b, default);
        Assert.That(b, Is.EqualTo(a));
    }

    [Test]
    public void Numbers_of_a_model_go_to_the_accelerator_and_come_back()
    {
        using var device = Open();
        using var model = Models.Factorizable<float>(2, 1, 1);
        using var there = model.ConvertTo<float>(device);
        using var back = there.ConvertTo<float>(Device.Cpu);
        Assert.That(back.Parameters.Parameters.Count, Is.EqualTo(model.Parameters.Parameters.Count));
        for (var i = 0; i < model.Parameters.Parameters.Count; i++)
        {
            Assert.That(back.Parameters.Parameters[i].Values.ToArray(), Is.EqualTo(model.Parameters.Parameters[i].Values.ToArray()));
            Assert.That(() => there.Parameters.Parameters[i].Values.Length, Throws.InvalidOperationException.With.Message.Contains(device.Info.Name));
        }
    }

    // In single precision rounding differences of 1e-7 in the gradients grow by little in twenty steps.
    [Test]
    public void Twenty_steps_of_the_kin_base_flow_have_the_processor_s_losses() => CompareTraining<float>(isResidual: false, 2e-5);

    // A fresh residual's first gradients are partly rounding noise, whose sign decides Adam's direction: that is seen in double,
    // where it takes longer to grow.
    [Test]
    public void Twenty_steps_of_a_residual_have_the_processor_s_losses() => CompareTraining<double>(isResidual: true, 1e-6);

    [TestCase(OptimiserRule.Sgd)]
    [TestCase(OptimiserRule.Adam)]
    [TestCase(OptimiserRule.RAdam)]
    public void Every_optimiser_trains_there(OptimiserRule rule)
    {
        using var device = Open();
        var optimiser = rule switch
        {
            OptimiserRule.Sgd => OptimiserSettings.Sgd(0.01, 0.9),
            OptimiserRule.Adam => OptimiserSettings.Adam(0.01),
            _ => OptimiserSettings.RAdam(0.01),
        };
        var losses = new double[2];
        for (var i = 0; i < 2; i++)
        {
            using var model = Models.Affine<double>(2, 0, i == 0 ? Device.Cpu : device);
            var x = Models.Rows<double>(40, 2, 3);
            losses[i] = model.Fit(
                new ArrayData<double>(x, 2),
                new TrainingOptions { BatchSize = 20, Epochs = 3, Optimiser = optimiser, GradientClip = 1, Seed = 1 },
                new ArrayData<double>(x, 2)).ValidationLoss;
        }

        Assert.That(losses[1], Is.EqualTo(losses[0]).Within(1e-9));
    }

    [Test]
    public void A_step_uploads_its_batch_and_downloads_a_few_sums()
    {
        using var device = Open();
        using var model = Models.Factorizable<float>(2, 1, 1, device);
        const int Batch = 40;
        var data = new ArrayData<float>(
            Models.Rows<float>(400, 2, 1), 2, Models.Rows<float>(400, 1, 2), 1, Models.Rows<float>(400, 3, 3), 3);
        using var trainer = new Trainer<float>(model, data, new TrainingOptions { BatchSize = Batch, Epochs = 1, GradientClip = 1 });
        trainer.RunStep();
        trainer.RunStep();
        var before = device.Transfers;
        trainer.RunStep();
        var copies = device.Transfers.Since(before);
        TestContext.Out.WriteLine($"{device.Name}: {copies}");
        Assert.Multiple(() =>
        {
            Assert.That(copies.Uploads, Is.EqualTo(4), "x, context, nuisances and weights");

            // 2 + 1 + 3 + 1 columns of 64 padded rows and a gap of 16 numbers between them.
            Assert.That(copies.UploadedBytes, Is.EqualTo(4 * ((7 * 64) + (3 * 16))));
            Assert.That(copies.Downloads, Is.EqualTo(1), "the sums");
            Assert.That(copies.DownloadedBytes, Is.EqualTo(3 * 8), "loss, weight, and the square of the gradient");
        });
    }

    [Test]
    public void A_step_on_rows_that_are_drawn_there_uploads_nothing()
    {
        using var device = Open();
        using var source = Models.Spline<float>(2, 0, device);
        using var model = Models.Affine<float>(2, 0, device);
        using var trainer = new Trainer<float>(model, new DensityModelData<float>(source), new TrainingOptions { BatchSize = 40, StepsPerEpoch = 10, Epochs = 1 });
        trainer.RunStep();
        trainer.RunStep();
        var before = device.Transfers;
        trainer.RunStep();
        Assert.That(device.Transfers.Since(before), Is.EqualTo(new GpuTransfers(0, 0, 1, 24)));
    }

    [Test]
    public void Blocks_that_do_not_fit_into_the_memory_are_made_smaller()
    {
        var x = Models.Rows<float>(3000, 2, 8);
        var expected = new float[3000];
        long all;
        using (var device = Open(new GpuDeviceOptions { BlockRows = 4096 }))
        {
            using var model = Models.Spline<float>(2, 0, device);
            model.LogDensity(x, expected);
            all = device.AllocatedBytes;
        }

        using var limited = Open(new GpuDeviceOptions { BlockRows = 4096, MemoryLimit = (all * 3) / 4 });
        using var there = Models.Spline<float>(2, 0, limited);
        var computed = new float[3000];
        there.LogDensity(x, computed);
        Assert.Multiple(() =>
        {
            Assert.That(computed, Is.EqualTo(expected));
            Assert.That(limited.AllocatedBytes, Is.LessThanOrEqualTo((all * 3) / 4));
        });
    }

    [Test]
    public void A_model_that_does_not_fit_at_all_says_how_much_was_asked()
    {
        using var device = Open(new GpuDeviceOptions { MemoryLimit = 1000 });
        Assert.That(() => Models.Spline<float>(2, 0, device), Throws.TypeOf<DeviceMemoryException>().With.Message.Contains("MiB were asked for"));
    }

    [Test]
    public void What_is_disposed_is_freed()
    {
        using var device = Open();
        var model = Models.Factorizable<float>(2, 1, 2, device);
        model.LogDensity(Models.Rows<float>(10, 2, 1), new(Models.Rows<float>(10, 1, 2), Models.Rows<float>(10, 3, 3)), new float[10]);
        var used = device.AllocatedBytes;
        model.Dispose();

        // The integers of operations stay as long as the operations do.
        Assert.That(device.AllocatedBytes, Is.LessThan(used / 50));
    }

    private void Compare<T>(string kind, GpuDevice device, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var model = Create<T>(kind, Device.Cpu);
        using var there = Create<T>(kind, device);
        var x = Models.Rows<T>(Rows, model.Features, 1, 1.0);
        var context = Models.Rows<T>(model.ContextFeatures == 0 ? 0 : Rows, model.ContextFeatures, 2, 1.0);
        var nuisances = Models.Rows<T>(model.Nuisances == 0 ? 0 : Rows, model.Nuisances, 3, 0.5);
        Check("log-density", tolerance, Rows, (m, values, scalars) => m.LogDensity(x, new(context, nuisances), scalars));
        Check("to noise", tolerance, Rows, (m, values, scalars) => m.ToNoise(x, new(context, nuisances), values, scalars));
        Check("from noise", tolerance, Rows, (m, values, scalars) => m.FromNoise(x, new(context, nuisances), values, scalars));
        Check("samples", tolerance, Rows, (m, values, scalars) => m.Sample(new RandomStream(6), 3, new(context, nuisances), values, scalars));
        var (dcontext, dnuisances) = (new T[context.Length], new T[nuisances.Length]);
        var gradients = new List<T[]>();
        Check("gradient", 30 * tolerance, Rows, (m, values, scalars) =>
        {
            m.LogDensityGradient(x, new(context, nuisances), scalars, values, dcontext, dnuisances);
            gradients.Add([.. dcontext, .. dnuisances]);
        });
        CheckNumbers("gradient by context and nuisances", 30 * tolerance, gradients[0], gradients[1]);

        void Check(string what, double within, int rows, Action<DensityModel<T>, T[], T[]> call)
        {
            var (expectedValues, expectedScalars) = (new T[x.Length], new T[rows]);
            var (values, scalars) = (new T[x.Length], new T[rows]);
            call(model, expectedValues, expectedScalars);
            call(there, values, scalars);
            CheckNumbers(what, within, expectedValues, values);
            CheckNumbers(what, within, expectedScalars, scalars);
        }

        void CheckNumbers(string what, double within, T[] expected, T[] computed)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                var (e, c) = (double.CreateTruncating(expected[i]), double.CreateTruncating(computed[i]));
                Assert.That(c, Is.EqualTo(e).Within(within * (1 + Math.Abs(e))), $"{kind}, {typeof(T).Name}, {what}, number {i}");
            }
        }
    }

    private static DensityModel<T> Create<T>(string kind, Device device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => kind switch
        {
            "spline" => Models.Spline<T>(3, 1, device),
            "spline, two passes" => Models.Spline<T>(4, 0, device, passes: 2),
            "affine" => Models.Affine<T>(3, 2, device, activation: UnaryFunction.Gelu),
            _ => Models.Factorizable<T>(2, 1, 2, device),
        };

    private void CompareTraining<T>(bool isResidual, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var device = Open();
        var expected = Losses<T>(isResidual, Device.Cpu);
        var computed = Losses<T>(isResidual, device);
        for (var step = 0; step < expected.Count; step++)
            TestContext.Out.WriteLine($"{device.Name}, step {step}: loss {computed[step]:R}, on the processor {expected[step]:R}");
        Assert.Multiple(() =>
        {
            Assert.That(computed, Has.Count.EqualTo(20));
            for (var step = 0; step < expected.Count; step++)
                Assert.That(computed[step], Is.EqualTo(expected[step]).Within(tolerance * (1 + Math.Abs(expected[step]))), $"step {step}");
            Assert.That(expected[^1], Is.LessThan(expected[0]), "it learns");
        });
    }

    // The study's kin flow, or a residual on it, in whatever size can be afforded: one batch of the same rows again and
    // again, so that the loss falls from step to step.
    private List<double> Losses<T>(bool isResidual, Device device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (hidden, batch) = isResidual ? ResidualSize : BaseSize;
        using var flow = NeuralSplineFlow.Create<T>(
            new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 2, Bins = 20, Transforms = 2, HiddenSizes = hidden, Seed = 3 }, device);
        using var residual = isResidual
            ? new FactorizableFlow<T>(
                flow,
                new PolynomialResidual<T>(new PolynomialResidualSettings { Features = 2, ContextFeatures = 2, Nuisances = 2, HiddenSizes = hidden, CrossTerms = [(0, 1)], Seed = 4 }))
            : null;
        DensityModel<T> model = isResidual ? residual! : flow;
        using var trainer = new Trainer<T>(
            model,
            new ArrayData<T>(
                Models.Rows<T>(batch, 2, 1, 0.8), 2, Models.Rows<T>(batch, 2, 2), 2, isResidual ? Models.Rows<T>(batch, 2, 3) : default, isResidual ? 2 : 0),
            new TrainingOptions { BatchSize = batch, Epochs = 20, Optimiser = OptimiserSettings.AdamW(1e-3), Schedule = new ConstantSchedule(), Seed = 2 });
        return [.. trainer.Run().History.Epochs.Select(epoch => epoch.TrainLoss)];
    }
}
