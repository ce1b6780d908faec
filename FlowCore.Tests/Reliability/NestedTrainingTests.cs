using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Tests.Flows;
using FlowCore.Tests.Training;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Models that are evaluated while a model trains on the same device: the bits are those of a training whose numbers were computed before.</summary>
[TestFixture]
internal sealed class NestedTrainingTests
{
    // Three blocks, the last one partial: one of them alone would be another training.
    private const int Rows = 700;

    private static readonly int[] _threads = [1, 2, 3];

    private static readonly TrainingOptions _options = new()
    {
        BatchSize = Rows,
        StepsPerEpoch = 1,
        Epochs = 4,
        Optimiser = OptimiserSettings.AdamW(0.02),
        EarlyStopping = null,
        RestoreBest = false,
        Seed = 4,
    };

    [Test]
    public void A_teacher_in_the_objective_gives_the_bits_of_its_numbers_computed_before([ValueSource(nameof(_threads))] int threads)
    {
        var x = Models.Rows<double>(Rows, 2, 11);
        var data = new ArrayData<double>(x, 2);
        using var device = new CpuDevice(threads);
        using var teacher = Models.Spline<double>(2, 0, device);
        var known = new double[Rows];
        teacher.LogDensity(x, known);
        var table = Enumerable.Range(0, Rows).ToDictionary(row => (x[2 * row], x[(2 * row) + 1]), row => known[row]);

        var expected = Fitted(data, new DistillationObjective((rows, numbers) =>
        {
            for (var row = 0; row < numbers.Length; row++)
                numbers[row] = table[(rows[2 * row], rows[(2 * row) + 1])];
        }));
        Deadline.Run(() => Assert.That(
            Fitted(data, new DistillationObjective((rows, numbers) => teacher.LogDensity(rows, numbers))), Is.EqualTo(expected)));

        double[] Fitted(ITrainingData<double> rows, IObjective<double> objective)
        {
            using var model = Models.Affine<double>(2, 0, device);
            var result = model.Fit(rows, _options, rows, objective);
            return [.. Weights(model), result.TrainLoss, result.ValidationLoss];
        }
    }

    [Test]
    public void Weights_that_the_source_asks_a_model_for_are_those_computed_before(
        [ValueSource(nameof(_threads))] int threads, [Values] bool onOtherThread)
    {
        var x = Models.Rows<double>(Rows, 2, 12);
        using var device = new CpuDevice(threads);
        using var teacher = Models.Spline<double>(2, 0, device);
        var weights = new double[Rows];
        teacher.LogDensity(x, weights);
        ImportanceRows.ToWeights(weights);
        var expected = Fitted(new ArrayData<double>(x, 2, weights: weights));
        Deadline.Run(() => Assert.That(
            Fitted(new ImportanceRows(new ArrayData<double>(x, 2), teacher, onOtherThread)), Is.EqualTo(expected)));

        double[] Fitted(ITrainingData<double> data)
        {
            using var model = Models.Affine<double>(2, 0, device);
            var result = model.Fit(data, _options, data);
            return [.. Weights(model), result.TrainLoss, result.ValidationLoss];
        }
    }

    [Test]
    public void Samples_that_the_source_asks_a_model_for_are_those_drawn_before([ValueSource(nameof(_threads))] int threads)
    {
        using var device = new CpuDevice(threads);
        using var teacher = Models.Spline<double>(2, 0, device);
        var data = new DensityModelData<double>(teacher);
        // Drawn on the tape, the rows need no call within a call.
        var expected = Fitted(data);
        Deadline.Run(() => Assert.That(Fitted(new HostRows<double>(data)), Is.EqualTo(expected)));

        double[] Fitted(ITrainingData<double> rows)
        {
            using var model = Models.Affine<double>(2, 0, device);
            var result = model.Fit(rows, _options with { ValidationSteps = 2 }, rows);
            return [.. Weights(model), result.TrainLoss, result.ValidationLoss];
        }
    }

    [Test]
    public void The_model_that_is_trained_is_evaluated_with_its_weights_of_that_moment([ValueSource(nameof(_threads))] int threads)
    {
        var x = Models.Rows<double>(Rows, 2, 13);
        using var device = new CpuDevice(threads);
        using var model = Models.Affine<double>(2, 0, device);
        var start = Weights(model);
        // The recorded log-density minus 1 more than the evaluated one, squared: 1 whatever the weights are, and a gradient all the same.
        var objective = new DistillationObjective((rows, numbers) =>
        {
            model.LogDensity(rows, numbers);
            foreach (ref var number in numbers.AsSpan())
                number += 1;
        });
        Deadline.Run(() =>
        {
            var result = model.Fit(new ArrayData<double>(x, 2), _options, objective: objective);
            // (a − (a + 1))² differs from 1 by the rounding of a + 1 alone: a few units in the last place of a, which is of order ten.
            Assert.That(result.History.Epochs.Select(epoch => epoch.TrainLoss), Is.All.EqualTo(1).Within(1e-13));
        });
        Assert.That(Weights(model), Is.Not.EqualTo(start));
    }

    [Test]
    public void A_callback_that_evaluates_and_samples_the_model_changes_nothing([ValueSource(nameof(_threads))] int threads)
    {
        var x = Models.Rows<double>(Rows, 2, 14);
        var data = new ArrayData<double>(x, 2);
        using var device = new CpuDevice(threads);
        using var plain = Models.Affine<double>(2, 0, device);
        plain.Fit((ITrainingData<double>)data, _options);
        using var watched = Models.Affine<double>(2, 0, device);
        var seen = new double[Rows];
        Deadline.Run(() => watched.Fit((ITrainingData<double>)data, _options, progress: new ProgressAction(_ =>
        {
            watched.LogDensity(x, seen);
            watched.Sample(100, 3);
        })));
        Assert.That(Weights(watched), Is.EqualTo(Weights(plain)));
        var after = new double[Rows];
        plain.LogDensity(x, after);
        Assert.That(seen, Is.EqualTo(after));
    }

    [Test]
    public void Other_threads_may_use_the_teacher_meanwhile([ValueSource(nameof(_threads))] int threads)
    {
        var x = Models.Rows<double>(Rows, 2, 15);
        using var device = new CpuDevice(threads);
        using var teacher = Models.Spline<double>(2, 0, device);
        var weights = new double[Rows];
        teacher.LogDensity(x, weights);
        var known = weights.ToArray();
        ImportanceRows.ToWeights(weights);
        using var alone = Models.Affine<double>(2, 0, device);
        alone.Fit((ITrainingData<double>)new ArrayData<double>(x, 2, weights: weights), _options);
        using var model = Models.Affine<double>(2, 0, device);
        var done = false;
        Deadline.Run(
            () =>
            {
                try
                {
                    model.Fit((ITrainingData<double>)new ImportanceRows(new ArrayData<double>(x, 2), teacher), _options with { Epochs = 4 });
                }
                finally
                {
                    Volatile.Write(ref done, true);
                }
            },
            Watch,
            Watch);
        Assert.That(Weights(model), Is.EqualTo(Weights(alone)));

        void Watch()
        {
            var again = new double[Rows];
            do
            {
                teacher.LogDensity(x, again);
                Assert.That(again, Is.EqualTo(known));
            }
            while (!Volatile.Read(ref done));
        }
    }

    [Test]
    public void A_training_within_a_training_ends_in_the_bits_of_one_alone([ValueSource(nameof(_threads))] int threads)
    {
        var x = Models.Rows<double>(Rows, 2, 16);
        using var device = new CpuDevice(threads);
        using var alone = Models.Affine<double>(2, 0, device);
        alone.Fit((ITrainingData<double>)new ArrayData<double>(x, 2), _options);
        using var outer = Models.Affine<double>(2, 0, device);
        var inner = new List<double[]>();
        Deadline.Run(() => outer.Fit(new ArrayData<double>(x, 2), _options with { Epochs = 1 }, objective: new DistillationObjective((_, _) =>
        {
            using var model = Models.Affine<double>(2, 0, device);
            model.Fit((ITrainingData<double>)new ArrayData<double>(x, 2), _options);
            lock (inner)
                inner.Add(Weights(model));
        })));
        // Each worker's first block before the first step, and the step's three.
        Assert.That(inner, Has.Count.EqualTo(threads + 3));
        Assert.That(inner, Is.All.EqualTo(Weights(alone)));
    }

    [Test]
    public void A_warm_step_that_asks_a_teacher_allocates_nothing()
    {
        using var device = new CpuDevice(2);
        using var teacher = Models.Spline<double>(2, 0, device);
        using var model = new ShiftScaleModel(device);
        var meter = new AllocationMeter(new ImportanceRows(new NormalRows<double>(2), teacher));
        using var trainer = new Trainer<double>(model, meter, new TrainingOptions { BatchSize = 1000, StepsPerEpoch = 1000, Epochs = 1 });
        var least = long.MaxValue;
        for (var window = 0; window < 8; window++)
        {
            for (var step = 0; step < 10; step++)
                trainer.RunStep();
            var allocated = meter.Take();
            if (window > 0)
                least = Math.Min(least, allocated);
        }

        Assert.That(least, Is.Zero);
    }

    [Test]
    public void The_trainer_itself_is_no_model_to_be_called_from_its_batch([ValueSource(nameof(_threads))] int threads)
    {
        var x = Models.Rows<double>(Rows, 2, 17);
        using var device = new CpuDevice(threads);
        using var model = Models.Affine<double>(2, 0, device);
        Trainer<double>? trainer = null;
        var isArmed = false;
        var data = new ArrayData<double>(x, 2);
        trainer = new Trainer<double>(model, data, _options, data, new DistillationObjective((_, _) =>
        {
            if (isArmed)
                trainer!.Validate();
        }));
        using (trainer)
        {
            trainer.RunStep();
            isArmed = true;
            Deadline.Run(() => Assert.That(() => trainer.RunStep(), Throws.InvalidOperationException));
        }
    }

    private static double[] Weights(DensityModel<double> model) =>
        [.. model.Parameters.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
}
