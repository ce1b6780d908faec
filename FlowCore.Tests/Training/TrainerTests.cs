using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Tests.IO;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class TrainerTests
{
    [Test]
    public void A_generator_s_location_and_scale_are_found()
    {
        using var model = new ShiftScaleModel(Device.Cpu, 2, 1, 1);
        var result = model.Fit(
            new NormalRows<double>(2, 1, 1),
            new TrainingOptions { BatchSize = 1024, StepsPerEpoch = 100, Epochs = 5, Optimiser = OptimiserSettings.Adam(0.05), Seed = 5 });
        Assert.Multiple(() =>
        {
            Assert.That(result.Outcome, Is.EqualTo(TrainingOutcome.Completed));
            Assert.That(result.Steps, Is.EqualTo(500));
            // The cosine averages over the last some hundred thousand rows: the statistical error is below 2/√100,000,
            // and what Adam's noise at falling rates adds is of the same size; five of both.
            Assert.That(model.Location.Values.ToArray(), Is.All.EqualTo(NormalRows<double>.Location).Within(0.05));
            Assert.That(model.LogScale.Values.ToArray(), Is.All.EqualTo(Math.Log(NormalRows<double>.Scale)).Within(0.03));
        });
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        // 19 blocks of 256 rows, the last one partial: more than the 16 slots.
        var options = new TrainingOptions
        {
            BatchSize = 4800,
            StepsPerEpoch = 4,
            Epochs = 3,
            Optimiser = OptimiserSettings.AdamW(0.02),
            Seed = 3,
            GradientClip = 0.5,
        };
        double[]? expected = null;
        double expectedLoss = 0;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var device = new CpuDevice(threads);
            using var model = new ShiftScaleModel(device, 3, 2, 1);
            var result = model.Fit(new NormalRows<double>(3, 2, 1), options, new NormalRows<double>(3, 2, 1));
            expected ??= model.Weights();
            expectedLoss = threads == 1 ? result.ValidationLoss : expectedLoss;
            Assert.That(model.Weights(), Is.EqualTo(expected), $"{threads} threads");
            Assert.That(result.ValidationLoss, Is.EqualTo(expectedLoss), $"{threads} threads");
        }
    }

    [Test]
    public void A_warm_step_allocates_nothing()
    {
        using var device = new CpuDevice(2);
        using var model = new ShiftScaleModel(device, 3, 2, 1);
        var meter = new AllocationMeter(new NormalRows<double>(3, 2, 1));
        using var trainer = new Trainer<double>(
            model, meter, new TrainingOptions { BatchSize = 1000, StepsPerEpoch = 1000, Epochs = 1, GradientClip = 1 });
        Assert.That(LeastAllocation(trainer, meter), Is.Zero);
    }

    [Test]
    public void A_warm_step_on_shuffled_rows_allocates_nothing()
    {
        using var device = new CpuDevice(2);
        using var model = new ShiftScaleModel(device, 2, 1);
        const int n = 100_000;
        var rows = new double[n * 2];
        var weights = new double[n];
        new FlowCore.Random.RandomStream(1).FillNormal<double>(rows);
        Array.Fill(weights, 1.5);
        var meter = new AllocationMeter(new ArrayData<double>(rows, 2, new double[n], 1, weights: weights));
        using var trainer = new Trainer<double>(model, meter, new TrainingOptions { BatchSize = 600 });
        Assert.That(LeastAllocation(trainer, meter), Is.Zero);
    }

    [Test]
    public void Recording_and_writing_every_step_allocates_nothing()
    {
        using var folder = new TemporaryFolder();
        using var device = new CpuDevice(2);
        using var model = new ShiftScaleModel(device);
        var meter = new AllocationMeter(new NormalRows<double>(2));
        var least = long.MaxValue;
        model.Fit(
            meter,
            new TrainingOptions { BatchSize = 600, StepsPerEpoch = 200, Epochs = 1, HistoryPath = folder.File("history.jsonl"), StepInterval = 1 },
            progress: new ProgressAction(p =>
            {
                if (p.Step % 20 != 0 || p.EpochEnded)
                    return;
                var allocated = meter.Take();
                if (p.Step > 40)
                    least = Math.Min(least, allocated);
            }));
        Assert.That(least, Is.Zero);
    }

    [Test]
    public void Weights_count_like_repeated_rows()
    {
        double[] distinct = [0.3, -1.1, 2.2, 0.4, -0.9, 1.7];
        double[] weights = [3, 1, 2];
        double[] repeated = [0.3, -1.1, 0.3, -1.1, 0.3, -1.1, 2.2, 0.4, -0.9, 1.7, -0.9, 1.7];
        var options = new TrainingOptions
        {
            BatchSize = 100,
            Epochs = 10,
            Optimiser = OptimiserSettings.Sgd(0.1),
            Schedule = new ConstantSchedule(),
            GradientClip = 1.5,
        };
        using var weighted = new ShiftScaleModel(Device.Cpu);
        using var plain = new ShiftScaleModel(Device.Cpu);
        var a = weighted.Fit((ITrainingData<double>)new ArrayData<double>(distinct, 2, weights: weights), options);
        var b = plain.Fit((ITrainingData<double>)new ArrayData<double>(repeated, 2), options);
        // Sums of six terms in another order, ten times: some tens of roundings of 10⁻¹⁶.
        Assert.That(weighted.Weights(), Is.EqualTo(plain.Weights()).Within(1e-14));
        Assert.That(a.TrainLoss, Is.EqualTo(b.TrainLoss).Within(1e-14));
    }

    [Test]
    public void The_loss_is_the_mean_negative_log_density_before_the_update()
    {
        double[] rows = [0.5, 1.5, -2, 0.25];
        using var model = new ShiftScaleModel(Device.Cpu);
        using var trainer = new Trainer<double>(model, new ArrayData<double>(rows, 2), new TrainingOptions());
        // At location 0 and scale 1: ln 2π + x²/2 a row.
        var expected = Math.Log(2 * Math.PI) + ((0.25 + 2.25 + 4 + 0.0625) / 4);
        Assert.That(trainer.RunStep(), Is.EqualTo(expected).Within(1e-14));
    }

    [Test]
    public void A_long_gradient_is_clipped_to_the_norm_and_a_short_one_is_not()
    {
        // One row (3, 4) at location 0 and scale 1: the gradient is (−3, −4) in the location and (1 − 9, 1 − 16) in the log-scale.
        var norm = Math.Sqrt(9 + 16 + 64 + 225);
        foreach (var (clip, factor) in ((double, double)[])[(2, 2 / (norm + 1e-6)), (100, 1)])
        {
            using var model = new ShiftScaleModel(Device.Cpu);
            double[] row = [3, 4];
            var options = new TrainingOptions
            {
                Epochs = 1,
                Optimiser = OptimiserSettings.Sgd(0.1),
                Schedule = new ConstantSchedule(),
                GradientClip = clip,
            };
            var result = model.Fit((ITrainingData<double>)new ArrayData<double>(row, 2), options);
            double[] expected = [0.3 * factor, 0.4 * factor, 0.8 * factor, 1.5 * factor];
            Assert.That(model.Weights(), Is.EqualTo(expected).Within(1e-14), $"clip {clip}");
            Assert.That(result.History.Epochs[0].GradientNorm, Is.EqualTo(norm).Within(1e-13), "the norm before clipping");
        }
    }

    [Test]
    public void A_frozen_parameter_keeps_its_bits_even_under_weight_decay()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        model.LogScale.Values.Fill(0.1);
        model.LogScale.Trainable = false;
        model.Fit(
            new NormalRows<double>(2),
            new TrainingOptions { BatchSize = 64, StepsPerEpoch = 10, Epochs = 1, Optimiser = OptimiserSettings.AdamW(0.1, weightDecay: 0.5) });
        Assert.That(model.LogScale.Values.ToArray(), Is.All.EqualTo(0.1));
        Assert.That(model.Location.Values.ToArray(), Is.All.Not.Zero);
    }

    [Test]
    public void The_last_batch_takes_the_remainder()
    {
        var rows = new double[10 * 2];
        using var model = new ShiftScaleModel(Device.Cpu);
        var source = new CountingRows(new ArrayData<double>(rows, 2));
        var result = model.Fit(source, new TrainingOptions { BatchSize = 4, Epochs = 3 });
        Assert.That(result.Steps, Is.EqualTo(9));
        Assert.That(source.RowsAsked, Is.EqualTo(3 * 10 + 4), "and the block that warms each worker up is one more batch");
    }

    [Test]
    public void An_objective_replaces_the_negative_log_density()
    {
        // Twice the negative log-density has twice the gradient: with plain SGD, twice the step.
        double[] rows = [0.5, 1.5, -2, 0.25];
        var options = new TrainingOptions { Epochs = 1, Optimiser = OptimiserSettings.Sgd(0.1), Schedule = new ConstantSchedule() };
        using var plain = new ShiftScaleModel(Device.Cpu);
        using var doubled = new ShiftScaleModel(Device.Cpu);
        var a = plain.Fit((ITrainingData<double>)new ArrayData<double>(rows, 2), options);
        var b = doubled.Fit(new ArrayData<double>(rows, 2), options, validation: null, objective: new TwiceNegativeLogDensity());
        Assert.That(doubled.Weights(), Is.EqualTo(plain.Weights().Select(w => 2 * w)).Within(1e-14));
        Assert.That(b.TrainLoss, Is.EqualTo(2 * a.TrainLoss).Within(1e-14));
    }

    [Test]
    public void A_batch_without_weight_changes_nothing()
    {
        double[] rows = [1, 2, 3, 4];
        double[] weights = [1, 0];
        using var model = new ShiftScaleModel(Device.Cpu);
        using var trainer = new Trainer<double>(
            model, new ArrayData<double>(rows, 2, weights: weights) { Shuffle = false }, new TrainingOptions { BatchSize = 1, Epochs = 1 });
        Assert.That(trainer.RunStep(), Is.Not.NaN);
        var before = model.Weights();
        Assert.That(trainer.RunStep(), Is.NaN);
        Assert.That(model.Weights(), Is.EqualTo(before));
    }

    [Test]
    public void Batches_and_epochs_are_chosen_by_the_number_of_rows()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Plan(500), Is.EqualTo((64, 8, 200)));
            Assert.That(Plan(10), Is.EqualTo((10, 1, 200)));
            Assert.That(Plan(10_000), Is.EqualTo((512, 20, 200)));
            Assert.That(Plan(90_000), Is.EqualTo((1024, 88, 114)));
            Assert.That(Plan(3_000_000), Is.EqualTo((1024, 2930, 5)));
        });

        static (int, int, int) Plan(int rows)
        {
            using var model = new ShiftScaleModel(Device.Cpu, 1);
            using var trainer = new Trainer<double>(model, new ArrayData<double>(new double[rows], 1));
            return (trainer.BatchSize, trainer.StepsPerEpoch, trainer.Epochs);
        }
    }

    [Test]
    public void Data_that_do_not_fit_the_model_are_refused_before_the_first_step()
    {
        using var model = new ShiftScaleModel(Device.Cpu, 2, 1);
        Assert.Multiple(() =>
        {
            Assert.That(
                () => new Trainer<double>(model, new ArrayData<double>(new double[6], 3, new double[2], 1)),
                Throws.ArgumentException.With.Message.Contains("2 features"));
            Assert.That(
                () => new Trainer<double>(model, new ArrayData<double>(new double[6], 2)),
                Throws.ArgumentException.With.Message.Contains("1 context"));
            Assert.That(
                () => new Trainer<double>(model, new NormalRows<double>(2, 1)),
                Throws.ArgumentException.With.Message.Contains("steps of an epoch"));
            Assert.That(
                () => new Trainer<double>(model, new NormalRows<double>(2, 1), new TrainingOptions { StepsPerEpoch = 0 }),
                Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(
                () => new Trainer<double>(model, new ArrayData<double>(new double[6], 2, new double[3], 1), new TrainingOptions { BatchSize = 2, StepsPerEpoch = 3 }),
                Throws.ArgumentException.With.Message.Contains("at most 2 steps"));
        });
    }

    // Any allocation of a step shows in every window; the runtime's own, which happen once, do not show in the least.
    private static long LeastAllocation(Trainer<double> trainer, AllocationMeter meter)
    {
        var least = long.MaxValue;
        for (var window = 0; window < 7; window++)
        {
            for (var i = 0; i < 20; i++)
                trainer.RunStep();
            var allocated = meter.Take();
            if (window > 0)
                least = Math.Min(least, allocated);
        }

        return least;
    }

    private sealed class CountingRows(ArrayData<double> rows) : ITrainingData<double>
    {
        private long _asked;

        public long? Rows => rows.Rows;

        // Every worker warms up with one block.
        public long RowsAsked => _asked - ((Device.Cpu.Workers - 1) * 4);

        public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights)
        {
            Interlocked.Add(ref _asked, request.RowCount);
            rows.Fill(request, x, context, nuisances, weights);
        }
    }

    private sealed class TwiceNegativeLogDensity : IObjective<double>
    {
        private static readonly Negated _twice = new();

        public Variable<double> RowLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions) =>
            x.Tape!.Apply(_twice, [model.LogDensity(x, conditions)], 1);

        private sealed class Negated : Operation<double>
        {
            protected internal override void Forward(in OperationCall<double> call) =>
                call.Kernels.ScaleShift(call.Input(0), -2, 0, call.Output(0), accumulate: false);

            protected internal override void Backward(in OperationCall<double> call) =>
                call.Kernels.ScaleShift(call.OutputAdjoint(0), -2, 0, call.InputAdjoint(0), accumulate: true);
        }
    }
}
