using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class ToyTrainingDataTests
{
    private static readonly SystematicTemplate[] _templates =
    [
        new("up", GeneratorSettings.Study.At(1, 0), [1, 0]),
        new("down", GeneratorSettings.Study.At(-1, 0), [-1, 0]),
        new("both", GeneratorSettings.Study.At(1, -1), [1, -1]),
    ];

    [TestCase("kin")]
    [TestCase("score")]
    public void How_a_batch_is_cut_changes_no_bit(string name)
    {
        const int batch = 1000;
        var sector = Sector.OfModel(name);
        var data = new ToyTrainingData<float>(sector, _templates);
        (var x, var context, var nuisances) = Fill(data, sector, batch, 0, batch);
        foreach (var cut in new[] { 1, 31, 32, 333, 334, 700, 999 })
        {
            (var x1, var context1, var nuisances1) = Fill(data, sector, batch, 0, cut);
            (var x2, var context2, var nuisances2) = Fill(data, sector, batch, cut, batch - cut);
            Assert.That(x1.Concat(x2), Is.EqualTo(x), $"features, cut at {cut}");
            Assert.That(context1.Concat(context2), Is.EqualTo(context), $"context, cut at {cut}");
            Assert.That(nuisances1.Concat(nuisances2), Is.EqualTo(nuisances), $"nuisances, cut at {cut}");
        }
    }

    [TestCase(1000)]
    [TestCase(1001)]
    [TestCase(2)]
    public void The_templates_share_a_batch_without_dropping_a_row(int batch)
    {
        (_, _, var nuisances) = Fill(new ToyTrainingData<float>(Sector.Kinematic, _templates), Sector.Kinematic, batch, 0, batch);
        int[] counts = [.. _templates.Select(template => nuisances.Chunk(2).Count(
            row => row[0] == template.Nuisances[0] && row[1] == template.Nuisances[1]))];
        Assert.Multiple(() =>
        {
            Assert.That(counts.Sum(), Is.EqualTo(batch));
            Assert.That(counts.Max() - counts.Min(), Is.LessThanOrEqualTo(1));
        });
    }

    [Test]
    public void A_row_carries_an_event_of_its_own_template()
    {
        const int batch = 300;
        var data = new ToyTrainingData<float>(Sector.Score, _templates);
        (var y, var context, _) = Fill(data, Sector.Score, batch, 0, batch);
        for (var k = 0; k < 3; k++)
        {
            float[] features = new float[200], expected = new float[400];
            new ToyGenerator(_templates[k].Generator).FillScore<float>(Request(batch, 0, batch).BatchStream(), 100 * k, 100, features, expected);
            Assert.That(y[(200 * k)..(200 * (k + 1))], Is.EqualTo(features));
            Assert.That(context[(400 * k)..(400 * (k + 1))], Is.EqualTo(expected));
        }
    }

    [Test]
    public void With_common_random_numbers_opposite_templates_have_the_same_classes_and_the_same_noise()
    {
        const int each = 100;
        var templates = new[] { 1.0, -1.0 }
            .Select(shift => new SystematicTemplate("shift", GeneratorSettings.Study.At(shift, 0), [shift, 0]))
            .ToArray();
        (var x, var context, _) = Fill(
            new ToyTrainingData<float>(Sector.Kinematic, templates, commonRandomNumbers: true), Sector.Kinematic, 2 * each, 0, 2 * each);
        for (var i = 0; i < each; i++)
        {
            // Class A moves by -0.3 and class B by +0.3 along the first axis as the shift goes from 0 to 1.
            double sign = context[2 * i] == 1 ? -1 : 1;
            Assert.That(context[2 * (each + i)], Is.EqualTo(context[2 * i]));
            // Two roundings of numbers below 8 in float.
            Assert.That(x[2 * i] - x[2 * (each + i)], Is.EqualTo(2 * 0.3 * sign).Within(2e-6));
            Assert.That(x[(2 * i) + 1], Is.EqualTo(x[2 * (each + i) + 1]));
        }
    }

    [Test]
    public void Widening_draws_half_of_the_events_with_a_wider_x_and_the_same_density_of_y()
    {
        var both = ContextWidening.Apply([_templates[0]], 2);
        Assert.That(both, Has.Count.EqualTo(2));
        Assert.That(both[0], Is.SameAs(_templates[0]));
        ToyTruth narrow = new(both[0].Generator), wide = new(both[1].Generator);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(both[1].Nuisances, Is.EqualTo(_templates[0].Nuisances));
            Assert.That(wide.StandardDeviationX(0).First, Is.EqualTo(2 * narrow.StandardDeviationX(0).First).Within(1e-12));
            Assert.That(wide.MeanX(1), Is.EqualTo(narrow.MeanX(1)));
            Assert.That(wide.LogDensityY(0.3, -1, 2, -1, 1), Is.EqualTo(narrow.LogDensityY(0.3, -1, 2, -1, 1)));
        }
    }

    [Test]
    public void Steps_epochs_and_validation_have_events_of_their_own()
    {
        var data = new ToyTrainingData<float>(Sector.Kinematic, GeneratorSettings.Study);
        var first = Request(100, 0, 100);
        BatchRequest[] requests = [first, first with { Step = 1 }, first with { Epoch = 1 }, first with { Stream = new RandomStream(9) }];
        HashSet<float> seen = [];
        foreach (var request in requests)
        {
            var x = new float[200];
            data.Fill(request, x, new float[200], [], new float[100]);
            seen.UnionWith(x);
        }

        // 800 floats of 24 bits: a chance coincidence of a few is possible, a repeated batch would lose 200.
        Assert.That(seen, Has.Count.GreaterThan(780));
    }

    [Test]
    public void A_model_of_another_shape_is_refused() =>
        Assert.That(
            () => new ToyTrainingData<float>(Sector.Score, _templates).CheckShape(2, 2, 2),
            Throws.ArgumentException.With.Message.Contains("4 context features").And.Message.Contains("takes 2, 2 and 2"));

    [Test]
    public void No_template_is_an_error() =>
        Assert.That(() => new ToyTrainingData<float>(Sector.Score, []), Throws.ArgumentException.With.Message.Contains("at least one template"));

    [Test]
    public void Filling_allocates_nothing()
    {
        var data = new ToyTrainingData<float>(Sector.Score, _templates);
        float[] x = new float[2048], context = new float[4096], nuisances = new float[2048], weights = new float[1024];
        var request = Request(1024, 0, 1024);
        data.Fill(request, x, context, nuisances, weights);
        var before = GC.GetAllocatedBytesForCurrentThread();
        data.Fill(request, x, context, nuisances, weights);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static BatchRequest Request(int batch, int first, int count) =>
        new(BatchPurpose.Training, 3, 5, batch, first, count, new RandomStream(8));

    private static (float[] X, float[] Context, float[] Nuisances) Fill(
        ToyTrainingData<float> data, Sector sector, int batch, int first, int count)
    {
        float[] x = new float[2 * count], context = new float[sector.ContextFeatures * count], nuisances = new float[2 * count];
        data.Fill(Request(batch, first, count), x, context, nuisances, new float[count]);
        return (x, context, nuisances);
    }
}
