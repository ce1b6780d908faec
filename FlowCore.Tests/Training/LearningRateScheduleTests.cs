using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

[TestFixture]
internal sealed class LearningRateScheduleTests
{
    // A few roundings of numbers of order one.
    private const double Rounding = 1e-15;

    [Test]
    public void The_constant_schedule_is_one() => Assert.That(Factor(new ConstantSchedule(), 1234), Is.EqualTo(1));

    [Test]
    public void The_step_schedule_changes_after_every_period_of_epochs()
    {
        var schedule = new StepSchedule(period: 2, factor: 0.1);
        Assert.Multiple(() =>
        {
            // Epochs of 10 steps: epochs 0 and 1, 2 and 3, 4 and 5.
            Assert.That(Factor(schedule, 0), Is.EqualTo(1));
            Assert.That(Factor(schedule, 19), Is.EqualTo(1));
            Assert.That(Factor(schedule, 20), Is.EqualTo(0.1).Within(Rounding));
            Assert.That(Factor(schedule, 39), Is.EqualTo(0.1).Within(Rounding));
            Assert.That(Factor(schedule, 40), Is.EqualTo(0.01).Within(Rounding));
        });
    }

    [Test]
    public void The_exponential_schedule_changes_after_every_epoch()
    {
        var schedule = new ExponentialSchedule(0.5);
        Assert.Multiple(() =>
        {
            Assert.That(Factor(schedule, 9), Is.EqualTo(1));
            Assert.That(Factor(schedule, 10), Is.EqualTo(0.5));
            Assert.That(Factor(schedule, 39), Is.EqualTo(0.125));
        });
    }

    [Test]
    public void The_cosine_from_zero_has_the_steps_of_the_reference()
    {
        // 10 epochs of 10 steps: warm-up over the first 10, cosine over the other 90.
        var schedule = new WarmupCosineSchedule(fromZero: true);
        Assert.Multiple(() =>
        {
            Assert.That(Factor(schedule, 0), Is.Zero);
            Assert.That(Factor(schedule, 1), Is.EqualTo(0.1).Within(Rounding));
            Assert.That(Factor(schedule, 9), Is.EqualTo(0.9).Within(Rounding));
            Assert.That(Factor(schedule, 10), Is.EqualTo(1));
            Assert.That(Factor(schedule, 40), Is.EqualTo(0.75).Within(Rounding));
            Assert.That(Factor(schedule, 55), Is.EqualTo(0.5).Within(Rounding));
            Assert.That(Factor(schedule, 70), Is.EqualTo(0.25).Within(Rounding));
            Assert.That(Factor(schedule, 99), Is.EqualTo(0.5 * (1 + Math.Cos(Math.PI * 89 / 90))).Within(Rounding).And.LessThan(1e-3));
            Assert.That(Factor(schedule, 100), Is.EqualTo(1e-8));
            Assert.That(Factor(schedule, 100_000), Is.EqualTo(1e-8));
        });
    }

    [Test]
    public void The_default_cosine_moves_at_every_step()
    {
        var schedule = new WarmupCosineSchedule(warmupSteps: 5);
        Assert.Multiple(() =>
        {
            Assert.That(Factor(schedule, 0), Is.EqualTo(0.2).Within(Rounding));
            Assert.That(Factor(schedule, 4), Is.EqualTo(1));
            Assert.That(Factor(schedule, 5), Is.EqualTo(0.5 * (1 + Math.Cos(Math.PI / 96))).Within(Rounding));
            Assert.That(Factor(schedule, 52), Is.EqualTo(0.5).Within(Rounding));
            Assert.That(Factor(schedule, 99), Is.GreaterThan(0).And.LessThan(1e-3));
            Assert.That(Factor(new WarmupCosineSchedule(), 0), Is.EqualTo(0.1).Within(Rounding), "a tenth of the run");
            Assert.That(Factor(new WarmupCosineSchedule(0), 0), Is.GreaterThan(0.99), "no warm-up");
        });
    }

    [Test]
    public void The_plateau_schedule_changes_when_torch_does()
    {
        var schedule = new PlateauSchedule(factor: 0.5, patience: 2, threshold: 0.01, cooldown: 1, minimum: 0.2);
        var state = new double[schedule.StateLength];
        schedule.Start(state);
        double[] losses = [1, 0.9, 0.895, 0.895, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
        // The rates of torch's ReduceLROnPlateau (PyTorch 1.13, threshold_mode "abs", min_lr 0.2) after each of these losses.
        double[] expected = [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2];
        for (var i = 0; i < losses.Length; i++)
        {
            schedule.EpochEnded(losses[i], state);
            Assert.That(schedule.Factor(new SchedulePoint(i, 1, 100), state), Is.EqualTo(expected[i]), $"after loss {i}");
        }
    }

    [Test]
    public void Descriptions_tell_schedules_apart()
    {
        LearningRateSchedule[] schedules =
        [
            new ConstantSchedule(), new StepSchedule(2), new StepSchedule(3), new StepSchedule(2, 0.5), new ExponentialSchedule(0.9),
            new ExponentialSchedule(0.8), new WarmupCosineSchedule(), new WarmupCosineSchedule(7), new WarmupCosineSchedule(fromZero: true),
            new PlateauSchedule(), new PlateauSchedule(patience: 3), new PlateauSchedule(threshold: 0), new PlateauSchedule(cooldown: 1),
        ];
        Assert.That(schedules.Select(s => s.Description), Is.Unique);
    }

    [Test]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new StepSchedule(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new StepSchedule(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new ExponentialSchedule(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new WarmupCosineSchedule(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new PlateauSchedule(factor: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new PlateauSchedule(patience: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => new EarlyStopping(patience: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static double Factor(LearningRateSchedule schedule, long step) => schedule.Factor(new SchedulePoint(step, 10, 100), []);
}
