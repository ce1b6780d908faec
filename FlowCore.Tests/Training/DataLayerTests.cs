using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

/// <summary>Layers that start from data or follow it, in a training.</summary>
[TestFixture]
internal sealed class DataLayerTests
{
    private const int Count = 500;
    private static readonly TrainingOptions _options = new() { BatchSize = 100, Epochs = 4, Warn = null, Optimiser = OptimiserSettings.Adam(0.01) };

    [Test]
    public void The_first_batch_starts_the_layers_before_the_first_step()
    {
        using var flow = Model(Device.Cpu);
        using var trainer = new Trainer<double>(flow, new ArrayData<double>(Rows(), 2), _options with { BatchSize = Count });
        Assert.That(Layers(flow).Any(layer => layer.IsStarted), Is.False);

        // All rows are one batch, which comes out with mean 0 and variance 1, divided by n − 1: the loss is that of two standard normals.
        var loss = trainer.RunStep();
        Assert.That(Layers(flow).All(layer => layer.IsStarted));
        var z = new double[2 * Count];
        using var expected = Model(Device.Cpu);
        DataStart.Run<double>(expected, Rows());
        expected.ToNoise(Rows(), z, default);
        var squares = z.Sum(u => u * u) / Count;
        Assert.That(squares, Is.EqualTo(2 * (Count - 1.0) / Count).Within(1e-4));
        var density = new double[Count];
        expected.LogDensity(Rows(), density);
        Assert.That(loss, Is.EqualTo(-density.Average()).Within(1e-12));
    }

    [Test]
    public void Layers_within_levels_columns_and_pixels_are_started_too()
    {
        using var flow = MultiScaleFlow.Create<double>(new MultiScaleFlowSettings(1, 4, 4)
        {
            Levels = 2,
            Transforms = 2,
            HiddenSizes = [4],
            IsConvolutional = true,
            MixesChannels = true,
        });
        var rows = new double[64 * 16];
        new RandomStream(5).FillNormal<double>(rows);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = 3 + (2 * rows[i]);
        using var trainer = new Trainer<double>(flow, new ArrayData<double>(rows, 16), _options with { BatchSize = 64 });
        trainer.RunStep();

        // Four normalisations by channel: nothing waits any more, and the scales are those of the data.
        Assert.That(DataStart.Run<double>(flow, rows), Is.Zero);
        var shifts = flow.Parameters.Parameters.Where(parameter => parameter.Name.StartsWith("normalization.", StringComparison.Ordinal) && parameter.Name.EndsWith(".shift", StringComparison.Ordinal)).ToArray();
        Assert.That(shifts, Has.Length.EqualTo(4));
        Assert.That(shifts[0].Values.ToArray(), Is.All.EqualTo(-1.5).Within(0.2));
    }

    [Test]
    public void Numbers_follow_the_batch_after_a_step_and_all_rows_at_the_end_of_a_validated_epoch()
    {
        var layer = new BatchNormalization<double>(2, "n");
        using var flow = new Flow<double>(new StandardNormal<double>(2), layer);
        var rows = Rows();
        var data = new ArrayData<double>(rows, 2) { Shuffle = false };
        using var trainer = new Trainer<double>(flow, data, _options, data);
        trainer.RunStep();
        double[] first = [Mean(rows[..200], 0), Mean(rows[..200], 1)];

        // The start and the step see the same batch.
        Assert.That(layer.Parameters[2].Values.ToArray(), Is.EqualTo(first).Within(1e-12));
        trainer.RunStep();
        double[] second = [first[0] + (0.1 * (Mean(rows[200..400], 0) - first[0])), first[1] + (0.1 * (Mean(rows[200..400], 1) - first[1]))];
        Assert.That(layer.Parameters[2].Values.ToArray(), Is.EqualTo(second).Within(1e-12));
        trainer.RunEpoch();
        Assert.That(trainer.CompletedEpochs, Is.EqualTo(1));
        Assert.That(layer.Parameters[2].Values.ToArray(), Is.EqualTo(new[] { Mean(rows, 0), Mean(rows, 1) }).Within(1e-12));
    }

    [Test]
    public void Threads_and_interruptions_change_no_bit([Values] bool validates)
    {
        using var folder = new TemporaryFolder();
        var expected = Train(1, _options, int.MaxValue);
        Assert.That(Train(2, _options, int.MaxValue), Is.EqualTo(expected), "two threads");
        foreach (var stop in new[] { 7, 10 })
        {
            var saved = _options with { CheckpointPath = folder.File($"run{stop}.ckpt") };
            Train(2, saved, stop);
            Assert.That(Train(1, saved with { Resume = true }, int.MaxValue), Is.EqualTo(expected), $"resumed after {stop}");
        }

        double[] Train(int threads, TrainingOptions options, int stopAt)
        {
            using var device = new CpuDevice(threads);
            using var flow = Model(device);
            using var stop = new CancellationTokenSource();
            flow.Fit(new ArrayData<double>(Rows(), 2), options, validates ? new ArrayData<double>(Rows().AsMemory(0, 100), 2) : null, progress: new ProgressAction(p =>
            {
                if (p.Step >= stopAt)
                    stop.Cancel();
            }), cancellationToken: stop.Token);
            Assert.That(Layers(flow).All(layer => layer.IsStarted));
            return [.. flow.Transform.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
        }
    }

    [Test]
    public void The_best_epoch_s_numbers_come_back_with_its_weights()
    {
        var layer = new BatchNormalization<double>(2, "n");
        using var flow = new Flow<double>(new StandardNormal<double>(2), layer);
        using var trainer = new Trainer<double>(
            flow, new NormalRows<double>(2), _options with { StepsPerEpoch = 2, Optimiser = OptimiserSettings.Adam(1), Schedule = new ConstantSchedule() }, new NormalRows<double>(2));
        var losses = new List<(double Loss, double[] Numbers)>();
        while (!trainer.IsFinished)
            losses.Add((trainer.RunEpoch().ValidationLoss, layer.Parameters[2].Values.ToArray()));
        var best = losses.MinBy(epoch => epoch.Loss).Numbers;
        layer.Parameters[2].Write([77, 77]);
        Assert.That(trainer.RestoreBest());
        Assert.That(layer.Parameters[2].Values.ToArray(), Is.EqualTo(best));
    }

    [Test]
    public void An_inverted_batch_normalisation_starts_and_follows([Values(0.5, 3.0, 5000.0)] double scale)
    {
        var inner = new BatchNormalization<double>(2, "n");
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Inverted<double>(inner));
        var rows = Rows(scale);
        Assert.That(DataStart.Run<double>(flow, rows), Is.EqualTo(1));
        var z = new double[rows.Length];
        flow.ToNoise(rows, z, default);
        var (location, deviation) = LocationScale.FromData<double>(z, 2);

        // Rows of 5000 lose four of sixteen digits to the location.
        Assert.That(location, Is.All.EqualTo(0).Within(1e-10));
        Assert.That(deviation, Is.All.EqualTo(Math.Sqrt((Count - 1.0) / Count)).Within(1e-10));
        if (scale > 100)
            return;
        StepUpdate.Run<double>(flow, Rows(0.5 * scale), momentum: 1);
        flow.ToNoise(Rows(0.5 * scale), z, default);
        Assert.That(LocationScale.FromData<double>(z, 2).Scale, Is.All.EqualTo(Math.Sqrt((Count - 1.0) / Count)).Within(1e-10));
    }

    [Test]
    public void A_constant_feature_is_moved_and_not_stretched_by_any_layer_that_starts_from_data([Values] bool inverse)
    {
        // The mean of 0.3 and of 0.1 + 0.2, one rounding apart, has a deviation of 10⁻¹⁷.
        double[] rows = [0.3, 0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2, 0.3];
        foreach (var layer in new Transform<double>[] { new ActNorm<double>(1, "n"), new BatchNormalization<double>(1, "n"), new DenseLinear<double>(1, "n", startsFromData: true) })
        {
            using var flow = new Flow<double>(new StandardNormal<double>(1), inverse ? new Inverted<double>(layer) : layer);
            DataStart.Run<double>(flow, rows);
            var density = new double[rows.Length];
            flow.LogDensity(rows, density);
            Assert.That(density, Is.All.EqualTo(-0.5 * Math.Log(2 * Math.PI)).Within(1e-12), layer.GetType().Name);
            StepUpdate.Run<double>(flow, rows, momentum: 1);
            flow.LogDensity(rows, density);
            Assert.That(density, Is.All.EqualTo(-0.5 * Math.Log(2 * Math.PI)).Within(1e-12), layer.GetType().Name);
        }

        Assert.That(() => FullNormal<double>.FromData(rows, 1), Throws.ArgumentException.With.Message.Contains("feature 0"));
        Assert.That(() => CholeskyLinear<double>.FromData(rows, 1, "l"), Throws.ArgumentException.With.Message.Contains("feature 0"));
    }

    [Test]
    public void Steps_and_epochs_of_one_s_own_loop_end_in_the_bits_of_a_run()
    {
        var (run, steps, epochs) = (Model(Device.Cpu), Model(Device.Cpu), Model(Device.Cpu));
        var data = new ArrayData<double>(Rows(), 2);
        run.Fit(data, _options with { RestoreBest = false }, data);
        using var byStep = new Trainer<double>(steps, data, _options, data);
        for (var i = 0; i < 20; i++)
            byStep.RunStep();
        using var byEpoch = new Trainer<double>(epochs, data, _options, data);
        byEpoch.RunStep();
        while (!byEpoch.IsFinished)
            byEpoch.RunEpoch();
        Assert.That(Numbers(steps), Is.EqualTo(Numbers(run)));
        Assert.That(Numbers(epochs), Is.EqualTo(Numbers(run)));
        Assert.That(byStep.History.Epochs, Has.Count.EqualTo(4));
        Assert.That(() => byStep.RunStep(), Throws.InvalidOperationException.With.Message.Contains("finished"));
        Assert.That(() => byEpoch.RunEpoch(), Throws.InvalidOperationException);
        foreach (var flow in new[] { run, steps, epochs })
            flow.Dispose();

        static double[] Numbers(Flow<double> flow) => [.. flow.Transform.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
    }

    private static Flow<double> Model(Device device) => new(
        new StandardNormal<double>(2),
        new Composition<double>(
            2, new ActNorm<double>(2, "first"), new Elementwise<double>(new RationalQuadraticSpline<double>(new SplineSettings(5)), 2, "spline"),
            new BatchNormalization<double>(2, "second"), new Inverted<double>(new BatchNormalization<double>(2, "third"))),
        device);

    private static IEnumerable<IDataStarted<double>> Layers(Flow<double> flow)
    {
        var parts = ((Composition<double>)flow.Transform).Parts;
        return [(IDataStarted<double>)parts[0], (IDataStarted<double>)parts[2], (IDataStarted<double>)((Inverted<double>)parts[3]).Inner];
    }

    private static double[] Rows(double scale = 1)
    {
        var rows = new double[2 * Count];
        new RandomStream(6).FillNormal<double>(rows);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = scale * (rows[i] + 2 + (i % 2));
        return rows;
    }

    private static double Mean(double[] rows, int feature) => rows.Where((_, i) => i % 2 == feature).Average();
}
