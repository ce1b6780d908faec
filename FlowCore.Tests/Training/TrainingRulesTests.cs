using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

/// <summary>When a run ends, how its rate falls, and losses of a whole batch.</summary>
[TestFixture]
internal sealed class TrainingRulesTests
{
    [Test]
    public void Small_improvements_add_up_from_a_reference_and_count_as_none_from_the_lowest()
    {
        // The loss of x = 3 falls by about 0.02 an epoch at first: less than 0.05, but five epochs make 0.05 together.
        Assert.That(Epochs(EarlyStoppingRule.FromReference), Is.GreaterThan(6));
        Assert.That(Epochs(EarlyStoppingRule.FromLowest), Is.EqualTo(5), "the first epoch is the lowest so far, four follow");

        static int Epochs(EarlyStoppingRule rule)
        {
            using var model = new ShiftScaleModel(Device.Cpu, 1);
            model.LogScale.Trainable = false;
            var data = new ArrayData<double>(new double[] { 3 }, 1);
            var options = new TrainingOptions
            {
                Epochs = 40,
                EarlyStopping = new EarlyStopping(4, 0.05, rule),
                Optimiser = OptimiserSettings.Sgd(0.002),
                Schedule = new ConstantSchedule(),
                Warn = null,
            };
            return model.Fit(data, options, data, objective: null).Epochs;
        }
    }

    [TestCase(-10.0, -10.1, false)]
    [TestCase(-10.0, -10.3, true)]
    [TestCase(10.0, 9.9, false)]
    [TestCase(10.0, 9.7, true)]
    public void A_relative_threshold_is_a_share_of_the_size_of_the_loss(double first, double second, bool improves)
    {
        var schedule = new PlateauSchedule(0.5, patience: 0, threshold: 0.02, isRelative: true);
        var state = new double[schedule.StateLength];
        schedule.Start(state);
        schedule.EpochEnded(first, state);
        Assert.That(schedule.Factor(default, state), Is.EqualTo(1), "the first loss is an improvement");
        schedule.EpochEnded(second, state);
        Assert.That(schedule.Factor(default, state), Is.EqualTo(improves ? 1 : 0.5));
        Assert.That(schedule.Description, Does.Contain("relative"));
    }

    [TestCase(0, 8, 2)]
    [TestCase(3, 6, 1)]
    public void A_callback_is_asked_with_its_period_and_ends_the_run(int interval, long steps, int epochs)
    {
        using var folder = new TemporaryFolder();
        using var model = new ShiftScaleModel(Device.Cpu);
        var asked = new List<long>();
        var reports = new List<TrainingProgress>();
        var options = new TrainingOptions
        {
            BatchSize = 64,
            StepsPerEpoch = 4,
            Epochs = 10,
            StopInterval = interval,
            CheckpointPath = folder.File("run.ckpt"),
            StopWhen = progress =>
            {
                asked.Add(progress.Step);
                return progress.Step >= 6;
            },
        };
        var result = model.Fit(new NormalRows<double>(2), options, progress: new ProgressAction(reports.Add));
        Assert.Multiple(() =>
        {
            Assert.That(result.Outcome, Is.EqualTo(TrainingOutcome.StoppedEarly));
            Assert.That((result.Steps, result.Epochs), Is.EqualTo((steps, epochs)));
            Assert.That(asked, Is.EqualTo(interval == 0 ? new long[] { 4, 8 } : [3, 6]));
            Assert.That(reports[^1].Outcome, Is.EqualTo(TrainingOutcome.StoppedEarly));
        });
        using var again = new ShiftScaleModel(Device.Cpu);
        Assert.That(again.Fit(new NormalRows<double>(2), options with { Resume = true }).Steps, Is.EqualTo(steps), "it is finished");
        Assert.That(again.Weights(), Is.EqualTo(model.Weights()));
    }

    [Test]
    public void A_loss_of_a_whole_batch_is_trained_by_its_gradient_on_any_device([Values(1, 2)] int threads)
    {
        // Samples t + z of 600 normal rows, cut into several blocks otherwise: the squared distance of the means of sample and target.
        using var device = new CpuDevice(threads);
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new Affine<double>(), 1, "map"), device);
        var noise = new double[600];
        new RandomStream(1).FillNormal<double>(noise);
        var tensor = Tensor.Create(noise, [600, 1]);
        var (loss, gradients) = flow.LossGradient(tensor, objective: new MeanDistance());

        // x = (z − t) e^−s with t = s = 0: (m − 2)², and −2 (m − 2) for t, −2 (m − 2) m for s.
        var mean = noise.Average();
        Assert.That(loss, Is.EqualTo((mean - 2) * (mean - 2)).Within(1e-13));
        Assert.That(gradients["map.shift_scale"][0], Is.EqualTo(-2 * (mean - 2)).Within(1e-12));
        Assert.That(gradients["map.shift_scale"][1], Is.EqualTo(-2 * (mean - 2) * mean).Within(1e-12));
        Assert.That(flow.Loss(tensor, objective: new MeanDistance()), Is.EqualTo(loss));
        var data = new ArrayData<double>(noise, 1);
        var options = new TrainingOptions { BatchSize = 600, Epochs = 200, EarlyStopping = null, Optimiser = OptimiserSettings.Adam(0.05) };
        var result = flow.Fit(data, options, data, new MeanDistance());
        Assert.That(result.ValidationLoss, Is.LessThan(1e-3));
        Assert.That(() => flow.Loss(tensor, objective: new NoNumber()), Throws.InvalidOperationException.With.Message.Contains("one number"));
    }

    [Test]
    public void Rows_inside_a_region_come_with_the_share_of_those_that_lay_there()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Composition<double>(2));
        var sample = flow.SampleWithin(4000, row => row[0] > 0 && row[1] > 0, seed: 1);
        Assert.That(sample.X.Lengths.ToArray(), Is.EqualTo(new nint[] { 4000, 2 }));

        // A quarter; of 16,000 draws known to 0.0034, five of these.
        Assert.That(sample.AcceptedShare, Is.EqualTo(0.25).Within(0.017));
        var density = flow.LogDensity(sample.X);
        for (var i = 0; i < 4000; i++)
        {
            Assert.That(sample.X[i, 0] > 0 && sample.X[i, 1] > 0);
            Assert.That(sample.LogDensity[i], Is.EqualTo(density[i]).Within(1e-12));
        }

        var box = flow.SampleWithin(10, [0.0, 0.0], [double.PositiveInfinity, double.PositiveInfinity], seed: 1);
        Assert.That(box.X[9, 1], Is.GreaterThanOrEqualTo(0));
        Assert.That(() => flow.SampleWithin(1, row => row[0] > 50, seed: 1), Throws.InvalidOperationException.With.Message.Contains("draws in a row"));
    }

    private sealed class MeanDistance : IBatchObjective<double>
    {
        public Variable<double> BatchLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions, Variable<double> weights) =>
            ((model.FromNoise(x, conditions, out _).SumRows() * (1.0 / x.Rows)) - 2.0).Square();
    }

    private sealed class NoNumber : IBatchObjective<double>
    {
        public Variable<double> BatchLoss(DensityModel<double> model, Variable<double> x, Variable<double> conditions, Variable<double> weights) => x;
    }
}
