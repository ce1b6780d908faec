using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

/// <summary>The flow inside a box.</summary>
[TestFixture]
internal sealed class BoundedFlowTests
{
    [Test]
    public void Its_parameters_have_the_names_and_the_order_of_mbank()
    {
        using var flow = BoundedFlow.Create<float>(new BoundedFlowSettings { Features = 3, HiddenSizes = [4, 6] });
        string[] network =
        [
            "initial_layer", "blocks.0.linear_layers.0", "blocks.0.linear_layers.1", "blocks.1.linear_layers.0", "blocks.1.linear_layers.1", "final_layer",
        ];
        List<string> names = ["0.low", "0.high"];
        foreach (var layer in new[] { 1, 3 })
        {
            names.AddRange([$"{layer}.bias", $"{layer}._weight"]);
            names.AddRange(network.SelectMany(part => new[] { $"{layer + 1}.autoregressive_net.{part}.weight", $"{layer + 1}.autoregressive_net.{part}.bias" }));
        }

        var parameters = flow.Transform.Parameters;
        Assert.That(parameters.Select(parameter => parameter.Name), Is.EqualTo(names.Select(name => $"_transform._transforms.{name}")));
        Assert.That(parameters.Single(parameter => parameter.Name.EndsWith("2.autoregressive_net.final_layer.weight", StringComparison.Ordinal)).Columns, Is.EqualTo(4));
        Assert.That(parameters.Single(parameter => parameter.Name.EndsWith("4.autoregressive_net.final_layer.weight", StringComparison.Ordinal)).Columns, Is.EqualTo(6));
    }

    [Test]
    public void A_training_sets_the_box_from_all_of_its_rows_and_a_margin()
    {
        var rows = new double[2 * 1000];
        new RandomStream(1).FillNormal<double>(rows);

        // The extremes come last: a first batch of rows as they lie would not see them.
        (rows[^2], rows[^1]) = (9, -7);
        using var flow = BoundedFlow.Create<double>(new BoundedFlowSettings { Features = 2, Layers = 1, HiddenSizes = [3], BoxMargin = 0.1 });
        Assert.That(() => flow.LogDensity(rows.AsSpan(0, 2), new double[1]), Throws.InvalidOperationException.With.Message.Contains("box"));
        var data = new ArrayData<double>(rows, 2) { Shuffle = false };
        using var trainer = new Trainer<double>(flow, data, new TrainingOptions { BatchSize = 50, Epochs = 1 });
        trainer.RunStep();
        var (x, y) = (Enumerable.Range(0, 1000).Select(i => rows[2 * i]), Enumerable.Range(0, 1000).Select(i => rows[(2 * i) + 1]));
        double[] low = [x.Min() - (0.1 * (9 - x.Min())), -7 - (0.1 * (y.Max() + 7))];
        double[] high = [9 + (0.1 * (9 - x.Min())), y.Max() + (0.1 * (y.Max() + 7))];
        Assert.That(flow.Transform.Parameters[0].Values.ToArray(), Is.EqualTo(low).Within(1e-13));
        Assert.That(flow.Transform.Parameters[1].Values.ToArray(), Is.EqualTo(high).Within(1e-13));
    }

    [Test]
    public void The_first_linear_map_starts_with_the_scale_of_what_leaves_the_box()
    {
        // Rows of scale 1 in a box of ±1000 leave it with 10⁻³: opened by the first training, they come to the masked network with variance 1.
        var rows = new double[2 * 1000];
        new RandomStream(1).FillNormal<double>(rows);
        var settings = new BoundedFlowSettings { Features = 2, Layers = 1, HiddenSizes = [3], Low = [-1000, -1000], High = [1000, 1000] };
        Assert.That(Scale(settings), Is.All.EqualTo(1).Within(0.1));
        Assert.That(Scale(settings with { StartsFromData = false }), Is.All.LessThan(2e-3));

        double[] Scale(BoundedFlowSettings settings)
        {
            using var flow = BoundedFlow.Create<double>(settings);
            DataStart.Run<double>(flow, rows);
            var parts = ((Composition<double>)flow.Transform.ConvertTo<double>()).Parts;
            using var front = new Flow<double>(new StandardNormal<double>(2), new Composition<double>(2, [.. parts.Take(2)]));
            var z = new double[rows.Length];
            front.ToNoise(rows, z, default);
            return [.. LocationScale.FromData<double>(z, 2).Scale];
        }
    }

    [Test]
    public void Samples_lie_inside_go_to_noise_and_back_and_survive_a_file()
    {
        using var folder = new TemporaryFolder();
        using var flow = BoundedFlow.Create<double>(new BoundedFlowSettings { Features = 2, Low = [-1, 0], High = [2, 5], Seed = 3 });
        Assert.That(flow.Transform.Domain, Is.EqualTo(Domain.Of(Axis.Interval(-1, 2), Axis.Interval(0, 5))), "the box");
        var (x, logDensity) = flow.SampleWithLogDensity(2000, seed: 1);
        var (z, _) = flow.ToNoise(x);
        var (back, _) = flow.FromNoise(z);
        flow.Save(folder.File("flow.safetensors"));
        using var again = Flow<double>.Load(folder.File("flow.safetensors"));
        var read = again.LogDensity(x);
        var direct = flow.LogDensity(x);
        for (var i = 0; i < 2000; i++)
        {
            Assert.That(x[i, 0] is > -1 and < 2 && x[i, 1] is > 0 and < 5);

            // The inverse is analytic; near an end of the box x keeps fewer digits of its distance to it.
            Assert.That(back[i, 0], Is.EqualTo(x[i, 0]).Within(1e-10));
            Assert.That(back[i, 1], Is.EqualTo(x[i, 1]).Within(1e-10));

            // The distance to an end of the box has the rounding of x, 10⁻¹⁵ at most: within 10⁻⁵ of it the logarithm keeps fewer digits.
            var distance = Math.Min(Math.Min(x[i, 0] + 1, 2 - x[i, 0]), Math.Min(x[i, 1], 5 - x[i, 1]));
            if (distance > 1e-5)
                Assert.That(direct[i], Is.EqualTo(logDensity[i]).Within(1e-8));
            Assert.That(read[i], Is.EqualTo(direct[i]));
        }

        var outside = new double[2];
        flow.LogDensity([-1.5, 1, 0.5, 1], outside);
        Assert.That(outside[0], Is.EqualTo(double.NegativeInfinity));
        Assert.That(outside[1], Is.GreaterThan(-100));
    }

    [Test]
    public void Settings_out_of_range_are_named()
    {
        var settings = new BoundedFlowSettings { Features = 2 };
        Assert.That(() => BoundedFlow.Create<float>(settings with { Features = 0 }), Throws.ArgumentException.With.Message.Contains("at least 1 feature, got 0"));
        Assert.That(() => BoundedFlow.Create<float>(settings with { Layers = 0 }), Throws.ArgumentException.With.Message.Contains("at least 1 layer, got 0"));
        Assert.That(() => BoundedFlow.Create<float>(settings with { HiddenSizes = [1, 2, 3] }), Throws.ArgumentException.With.Message.Contains("each of 2 layers, got 3"));
        Assert.That(() => BoundedFlow.Create<float>(settings with { Low = [0, 0] }), Throws.ArgumentException.With.Message.Contains("got 2 and 0"));
        Assert.That(() => BoundedFlow.Create<float>(settings with { Low = [0, 0], High = [1, -1] }), Throws.ArgumentException.With.Message.Contains("feature 1"));
    }
}
