using System.Text.Json;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Tests.IO;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class TrainingRunTests
{
    [Test]
    public void The_best_epoch_s_weights_are_restored_unless_told_otherwise()
    {
        // The training rows pull the location to 3, the validation rows want 1: some epoch in between is the best.
        var training = new ArrayData<double>((double[])[3, 3.01, 2.99], 1);
        var validation = new ArrayData<double>((double[])[1, 1.01, 0.99], 1);
        var options = new TrainingOptions
        {
            Epochs = 40,
            Optimiser = OptimiserSettings.Sgd(0.1),
            Schedule = new ConstantSchedule(),
            EarlyStopping = null,
        };
        var (best, result) = Run(options);
        var (last, unrestored) = Run(options with { RestoreBest = false });
        var losses = result.History.Epochs.Select(e => e.ValidationLoss).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(result.BestValidationLoss, Is.EqualTo(losses.Min()));
            Assert.That(result.BestEpoch, Is.EqualTo(losses.IndexOf(losses.Min())).And.InRange(1, 38));
            Assert.That(Loss(best), Is.EqualTo(result.BestValidationLoss), "the model has the best epoch's weights");
            Assert.That(Loss(last), Is.EqualTo(losses[^1]).And.GreaterThan(losses.Min()));
            Assert.That(unrestored.BestEpoch, Is.EqualTo(result.BestEpoch));
        });
        best.Dispose();
        last.Dispose();

        // Losses closer than the resolution are not told apart: the latest such epoch is restored, and the lowest loss reported.
        const double resolution = 0.05;
        var (latest, resolved) = Run(options with { ValidationResolution = resolution });
        var expected = losses.FindLastIndex(loss => loss - losses.Min() < resolution);
        Assert.Multiple(() =>
        {
            Assert.That(expected, Is.GreaterThan(result.BestEpoch!.Value), "the resolution makes a difference here");
            Assert.That(resolved.BestEpoch, Is.EqualTo(expected));
            Assert.That(resolved.BestValidationLoss, Is.EqualTo(losses.Min()));
            Assert.That(Loss(latest), Is.EqualTo(losses[expected]));
        });
        latest.Dispose();

        (ShiftScaleModel Model, TrainingResult Result) Run(TrainingOptions how)
        {
            var model = new ShiftScaleModel(Device.Cpu, 1);
            model.LogScale.Trainable = false;
            return (model, model.Fit(training, how, validation));
        }

        double Loss(ShiftScaleModel model)
        {
            using var trainer = new Trainer<double>(model, training, options, validation);
            return trainer.Validate();
        }
    }

    [Test]
    public void Early_stopping_ends_after_its_patience()
    {
        var training = new ArrayData<double>((double[])[3, 3.01, 2.99], 1);
        var validation = new ArrayData<double>((double[])[1, 1.01, 0.99], 1);
        var options = new TrainingOptions
        {
            Epochs = 100,
            Optimiser = OptimiserSettings.Sgd(0.1),
            Schedule = new ConstantSchedule(),
            EarlyStopping = new EarlyStopping(3),
        };
        using var model = new ShiftScaleModel(Device.Cpu, 1);
        model.LogScale.Trainable = false;
        var result = model.Fit(training, options, validation);
        Assert.Multiple(() =>
        {
            Assert.That(result.Outcome, Is.EqualTo(TrainingOutcome.StoppedEarly));
            Assert.That(result.Epochs, Is.EqualTo(result.BestEpoch + 1 + 3));
        });
    }

    [Test]
    public void An_improvement_below_the_minimum_does_not_count_for_early_stopping()
    {
        var rows = new ArrayData<double>((double[])[3, 3.01, 2.99], 1);
        var options = new TrainingOptions
        {
            Epochs = 100,
            Optimiser = OptimiserSettings.Sgd(0.01),
            Schedule = new ConstantSchedule(),
            EarlyStopping = new EarlyStopping(2, minimumImprovement: 10),
        };
        using var model = new ShiftScaleModel(Device.Cpu, 1);
        var result = model.Fit(rows, options, rows);
        // The first epoch improves on nothing, epochs 1 and 2 improve by less than 10 nats.
        Assert.That(result.Epochs, Is.EqualTo(3));
        Assert.That(result.BestEpoch, Is.EqualTo(2));
    }

    [Test]
    public void The_plateau_schedule_sees_the_validation_loss()
    {
        var rows = new ArrayData<double>((double[])[3, 3.01, 2.99], 1);
        var options = new TrainingOptions
        {
            Epochs = 4,
            Optimiser = OptimiserSettings.Sgd(0.01),
            Schedule = new PlateauSchedule(0.5, patience: 0, threshold: 10),
            EarlyStopping = null,
        };
        using var model = new ShiftScaleModel(Device.Cpu, 1);
        var rates = model.Fit(rows, options, rows).History.Epochs.Select(e => e.LearningRate);
        Assert.That(rates, Is.EqualTo((double[])[0.01, 0.01, 0.005, 0.0025]).Within(1e-15));
    }

    [Test]
    public void A_cancelled_run_says_so_and_keeps_its_weights()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        using var cancellation = new CancellationTokenSource();
        var options = new TrainingOptions { BatchSize = 64, StepsPerEpoch = 10, Epochs = 10, Optimiser = OptimiserSettings.Adam(0.1) };
        var result = model.Fit(
            new NormalRows<double>(2),
            options,
            progress: new ProgressAction(p =>
            {
                if (p.Step == 15)
                    cancellation.Cancel();
            }),
            cancellationToken: cancellation.Token);
        Assert.Multiple(() =>
        {
            Assert.That(result.Outcome, Is.EqualTo(TrainingOutcome.Cancelled));
            Assert.That(result.Steps, Is.EqualTo(15));
            Assert.That(result.Epochs, Is.EqualTo(1));
            Assert.That(model.Weights(), Is.All.Not.Zero);
        });
    }

    [Test]
    public void Progress_comes_after_every_step_and_every_epoch()
    {
        var reports = new List<TrainingProgress>();
        using var model = new ShiftScaleModel(Device.Cpu);
        model.Fit(
            new NormalRows<double>(2),
            new TrainingOptions { BatchSize = 64, StepsPerEpoch = 4, Epochs = 2, ValidationSteps = 2 },
            new NormalRows<double>(2),
            progress: new ProgressAction(reports.Add));
        Assert.Multiple(() =>
        {
            Assert.That(
                reports.Select(r => (r.Epoch, r.StepOfEpoch, r.Step, r.EpochEnded)),
                Is.EqualTo(((int, int, long, bool)[])
                [
                    (0, 1, 1, false), (0, 2, 2, false), (0, 3, 3, false), (0, 4, 4, false), (0, 4, 4, true),
                    (1, 1, 5, false), (1, 2, 6, false), (1, 3, 7, false), (1, 4, 8, false), (1, 4, 8, true),
                ]));
            Assert.That(reports[3].ValidationLoss, Is.NaN);
            Assert.That(reports[4].ValidationLoss, Is.Not.NaN.And.EqualTo(reports[4].BestValidationLoss));
            Assert.That(reports[4].Loss, Is.EqualTo(reports.Take(4).Average(r => r.Loss)).Within(1e-13));
            Assert.That(reports, Is.All.Matches<TrainingProgress>(r => r.RowsPerSecond > 0 && r.Epochs == 2 && r.StepsPerEpoch == 4));
        });
    }

    [Test]
    public void The_validation_of_a_generator_has_the_same_rows_in_every_epoch()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        using var trainer = new Trainer<double>(
            model, new NormalRows<double>(2), new TrainingOptions { StepsPerEpoch = 1, ValidationSteps = 3 }, new NormalRows<double>(2));
        var first = trainer.Validate();
        Assert.That(trainer.Validate(), Is.EqualTo(first));
    }

    [Test]
    public void The_history_is_written_as_JSON_lines_while_the_run_goes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("history.jsonl");
        var lengths = new List<int>();
        using var model = new ShiftScaleModel(Device.Cpu);
        var result = model.Fit(
            new NormalRows<double>(2),
            new TrainingOptions { BatchSize = 64, StepsPerEpoch = 5, Epochs = 2, HistoryPath = path, StepInterval = 2 },
            progress: new ProgressAction(p =>
            {
                if (p.EpochEnded)
                    lengths.Add(File.ReadAllLines(path).Length);
            }));
        var lines = File.ReadAllLines(path);
        var types = lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString());
        var read = TrainingHistory.Read(path);
        Assert.Multiple(() =>
        {
            Assert.That(types, Is.EqualTo((string[])["run", "step", "step", "step", "epoch", "step", "step", "epoch", "end"]));
            Assert.That(lengths, Is.EqualTo((int[])[5, 8]), "each line is there as soon as its record is");
            Assert.That(lines[0], Does.Contain("\"batch_size\":\"64\""));
            Assert.That(read.Epochs, Is.EqualTo(result.History.Epochs));
            Assert.That(read.Steps, Is.EqualTo(result.History.Steps));
            Assert.That(read.Steps.Select(s => s.Step), Is.EqualTo((long[])[0, 2, 4, 6, 8]));
            Assert.That(read.Epochs, Is.All.Matches<EpochRecord>(e => double.IsNaN(e.ValidationLoss) && e.Seconds > 0 && e.RowsPerSecond > 0));
        });
    }

    [Test]
    public void A_history_with_a_broken_line_in_the_middle_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("history.jsonl");
        File.WriteAllText(path, "{\"type\":\"run\"}\n{\"type\":\"epoch\"}\n{\"type\":\"end\"}\n");
        Assert.That(() => TrainingHistory.Read(path), Throws.InstanceOf<FormatException>().With.Message.Contains("Line 2"));
    }

    [Test]
    public void A_history_that_cannot_be_written_fails_with_its_name()
    {
        using var folder = new TemporaryFolder();
        using var model = new ShiftScaleModel(Device.Cpu);
        var options = new TrainingOptions { StepsPerEpoch = 1, HistoryPath = Path.Combine(folder.File("nowhere"), "history.jsonl") };
        Assert.That(
            () => model.Fit(new NormalRows<double>(2), options), Throws.InstanceOf<IOException>().With.Message.Contains("history.jsonl"));
    }

    [Test]
    public void A_loss_that_is_not_finite_stops_with_epoch_step_and_rows_and_keeps_the_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.ckpt");
        using var model = new ShiftScaleModel(Device.Cpu);
        var options = new TrainingOptions { BatchSize = 600, StepsPerEpoch = 4, Epochs = 3, CheckpointPath = path };
        var caught = Assert.Throws<TrainingDivergedException>(() => model.Fit(new RowsWithHoles(epoch: 1, step: 2, holes: [7, 300, 599]), options));
        Assert.Multiple(() =>
        {
            Assert.That(caught.Purpose, Is.EqualTo(BatchPurpose.Training));
            Assert.That(caught.Epoch, Is.EqualTo(1));
            Assert.That(caught.Step, Is.EqualTo(2));
            Assert.That(caught.Rows, Is.EqualTo((int[])[7, 300, 599]));
            Assert.That(caught.CheckpointPath, Is.EqualTo(path));
            Assert.That(caught.Message, Does.Contain("epoch 1, step 2").And.Contain("3 of 600 rows").And.Contain("row 7, 300, 599"));
            Assert.That(model.Weights(), Is.All.Matches<double>(double.IsFinite), "the step did not change the model");
        });

        // The checkpoint of the first epoch is whole: with the rows mended the run goes on to its end.
        using var mended = new ShiftScaleModel(Device.Cpu);
        var result = mended.Fit(new RowsWithHoles(1, 2, []), options with { Resume = true });
        Assert.That(result.Epochs, Is.EqualTo(3));
        Assert.That(result.Steps, Is.EqualTo(12));
    }

    [Test]
    public void A_validation_loss_that_is_not_finite_stops_too()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        var caught = Assert.Throws<TrainingDivergedException>(() => model.Fit(
            new NormalRows<double>(2),
            new TrainingOptions { BatchSize = 64, StepsPerEpoch = 2, Epochs = 2 },
            new RowsWithHoles(epoch: 0, step: 1, holes: [5])));
        Assert.Multiple(() =>
        {
            Assert.That(caught.Purpose, Is.EqualTo(BatchPurpose.Validation));
            Assert.That(caught.Step, Is.EqualTo(1));
            Assert.That(caught.Rows, Is.EqualTo((int[])[5]));
            Assert.That(caught.CheckpointPath, Is.Null);
        });
    }

    [Test]
    public void A_gradient_that_is_not_finite_stops_before_the_update()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        var caught = Assert.Throws<TrainingDivergedException>(() => model.Fit(
            new NormalRows<double>(2), new TrainingOptions { BatchSize = 64, StepsPerEpoch = 2 }, objective: new InfiniteSlope()));
        Assert.Multiple(() =>
        {
            Assert.That(caught.Rows, Is.Empty);
            Assert.That(caught.Message, Does.Contain("gradient").And.Contain("epoch 0, step 0"));
            Assert.That(model.Weights(), Is.All.Zero);
        });
    }

    [Test]
    public void Weights_that_are_not_finite_never_reach_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("run.ckpt");
        using var model = new ShiftScaleModel(Device.Cpu);
        var options = new TrainingOptions
        {
            BatchSize = 64,
            StepsPerEpoch = 1,
            Optimiser = OptimiserSettings.Sgd(double.MaxValue),
            Schedule = new ConstantSchedule(),
            CheckpointPath = path,
        };
        Assert.That(
            () => model.Fit(new NormalRows<double>(2), options),
            Throws.InstanceOf<TrainingDivergedException>().With.Message.Contains("not finite after the update"));
        Assert.That(File.Exists(path), Is.False);
    }

    [Test]
    public void Weights_that_sum_to_less_than_zero_are_an_error()
    {
        using var model = new ShiftScaleModel(Device.Cpu);
        Assert.That(
            () => model.Fit(new NegativeWeights(), new TrainingOptions { BatchSize = 8, StepsPerEpoch = 1 }),
            Throws.InvalidOperationException.With.Message.Contains("epoch 0, step 0"));
    }

    private sealed class RowsWithHoles(int epoch, int step, int[] holes) : ITrainingData<double>
    {
        private readonly NormalRows<double> _rows = new(2);

        public long? Rows => null;

        public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights)
        {
            _rows.Fill(request, x, context, nuisances, weights);
            if (request.Epoch != epoch || request.Step != step)
                return;
            foreach (var hole in holes)
            {
                if (hole >= request.FirstRow && hole < request.FirstRow + request.RowCount)
                    x[((hole - request.FirstRow) * 2) + 1] = double.NaN;
            }
        }
    }

    private sealed class NegativeWeights : ITrainingData<double>
    {
        public long? Rows => null;

        public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights) =>
            weights.Fill(-1);
    }

    private sealed class InfiniteSlope : IObjective<double>
    {
        private static readonly Cliff _cliff = new();

        public Variable<double> RowLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions) =>
            x.Tape!.Apply(_cliff, [model.LogDensity(x, conditions)], 1);

        private sealed class Cliff : Operation<double>
        {
            protected internal override void Forward(in OperationCall<double> call) =>
                call.Kernels.Copy(call.Input(0), call.Output(0), accumulate: false);

            protected internal override void Backward(in OperationCall<double> call) =>
                call.Kernels.ScaleShift(call.OutputAdjoint(0), double.MaxValue, 0, call.InputAdjoint(0), accumulate: true);
        }
    }
}
