using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Training;

/// <summary>Validations every so many epochs.</summary>
[TestFixture]
internal sealed class ValidationIntervalTests
{
    private static readonly TrainingOptions _options = new()
    {
        Epochs = 9,
        StepsPerEpoch = 1,
        BatchSize = 100,
        ValidationInterval = 4,
        EarlyStopping = null,
        Schedule = new ConstantSchedule(),
        Warn = null,
    };

    [Test]
    public void They_are_at_the_first_epoch_and_every_so_many_after_it_and_change_no_step()
    {
        var (often, seldom) = (Run(_options with { ValidationInterval = 1, RestoreBest = false }), Run(_options with { RestoreBest = false }));
        Assert.That(seldom.History.Epochs.Where(epoch => double.IsFinite(epoch.ValidationLoss)).Select(epoch => epoch.Epoch), Is.EqualTo(new[] { 0, 4, 8 }));
        foreach (var epoch in seldom.History.Epochs)
        {
            Assert.That(epoch.TrainLoss, Is.EqualTo(often.History.Epochs[epoch.Epoch].TrainLoss));
            if (epoch.Epoch % 4 == 0)
                Assert.That(epoch.ValidationLoss, Is.EqualTo(often.History.Epochs[epoch.Epoch].ValidationLoss));
        }

        var shorter = Run(_options with { Epochs = 7 });
        Assert.That(shorter.ValidationLoss, Is.EqualTo(seldom.History.Epochs[4].ValidationLoss));
    }

    [Test]
    public void Early_stopping_and_plateaus_count_validations()
    {
        // Nothing improves at a rate of 0: the first validation is the best, the patience is over at the third, epoch 8.
        var still = _options with { Epochs = 30, Optimiser = OptimiserSettings.Adam(0), Schedule = new ConstantSchedule(), EarlyStopping = new EarlyStopping(patience: 2) };
        var result = Run(still);
        Assert.That(result.Outcome, Is.EqualTo(TrainingOutcome.StoppedEarly));
        Assert.That(result.Epochs, Is.EqualTo(9));
        Assert.That(result.BestEpoch, Is.Zero);

        // No validation improves by 10 nats: the third is the second bad one, and the rate falls after it.
        var plateau = Run(_options with { Epochs = 12, Schedule = new PlateauSchedule(factor: 0.5, patience: 1, threshold: 10) });
        Assert.That(plateau.History.Epochs[8].LearningRate, Is.EqualTo(plateau.History.Epochs[0].LearningRate));
        Assert.That(plateau.History.Epochs[9].LearningRate, Is.EqualTo(0.5 * plateau.History.Epochs[0].LearningRate).Within(1e-15));
    }

    [Test]
    public void An_interval_below_one_is_refused() =>
        Assert.That(() => Run(_options with { ValidationInterval = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ValidationInterval"));

    private static TrainingResult Run(TrainingOptions options)
    {
        var rows = new double[2 * 600];
        new RandomStream(1).FillNormal<double>(rows);
        using var flow = MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, Transforms = 1, HiddenSizes = [8] });
        return flow.Fit(new ArrayData<double>(rows.AsMemory(0, 1000), 2), options, new ArrayData<double>(rows.AsMemory(1000), 2));
    }
}
