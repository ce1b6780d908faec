using Encoders;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Encoders;

/// <summary>The programs of the sample run, in small.</summary>
[TestFixture]
internal sealed class SampleTests
{
    [Test]
    public void The_program_of_the_page_trains_saves_and_loads()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "first-encoder.safetensors");
        using var model = FirstEncoder.Run(path, new TrainingOptions { Epochs = 1, Warn = null });
        Assert.That(model.Encoder.Inputs, Is.EqualTo(PointSource.Layout.Columns));
        File.Delete(path);
    }

    [Test]
    public void A_source_is_judged_and_drawn()
    {
        var (perfect, real) = (new PointSource(0), new PointSource(0.1));
        using var without = SourceModel.Train(perfect, events: 300, epochs: 1);
        using var with = SourceModel.Train(real, events: 300, epochs: 1);
        var judgement = SourceJudgement.Of("small", with, real, events: 40, fits: 4);
        Assert.Multiple(() =>
        {
            Assert.That(judgement.Coverage.Events, Is.EqualTo(40));
            Assert.That(judgement.Fit.Averaged, Has.Count.EqualTo(4).And.All.InRange(1.0 / 200, 1));
            Assert.That(SourceFigures.Judgements([judgement]).ToSvg(), Does.Contain("svg"));
            Assert.That(SourceFigures.Event(real, without, with).ToSvg(), Does.Contain("svg"));
        });
    }

    [Test]
    public void The_simulation_has_the_hits_that_it_says()
    {
        const int Count = 2000;
        var (labels, events) = new PointSource(0.1).Draw(Count, seed: 3);
        var (hits, brightness) = (0.0, 0.0);
        for (var e = 0; e < Count; e++)
        {
            hits += events.CountOf(e);
            brightness += labels[(PointSource.Labels * e) + 2];
        }

        // 20 b and 8 on average, each Poisson.
        Assert.That(hits / Count, Is.EqualTo((20 * brightness / Count) + 8).Within(4.5 * Math.Sqrt(28.0 / Count)));
        Assert.That(new PointSource(0.1).Draw(10, seed: 3).Labels, Is.EqualTo(labels[..(10 * PointSource.Labels)]));
    }
}
