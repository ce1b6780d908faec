using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Networks;

/// <summary>Batch normalisation inside of networks: it starts from what reaches it, follows it, and is a constant of a step.</summary>
[TestFixture]
internal sealed class UnitNormalizationTests
{
    private const int Rows = 1500;
    private const int Hidden = 4;
    private const double Epsilon = 1e-3;

    private static readonly TrainingOptions _options = new() { BatchSize = 300, Epochs = 2, Warn = null, Optimiser = OptimiserSettings.Adam(0.01) };

    [Test]
    public void A_start_gives_every_normalisation_the_moments_of_what_reaches_it_then()
    {
        using var flow = Flow();
        var (x, c) = Data();
        Assert.That(DataStart.Run<double>(flow, x, c), Is.EqualTo(4));
        Assert.That(DataStart.Run<double>(flow, x, c), Is.Zero);

        // The network in plain loops, by the numbers as they are now: the first normalisation sees W [x] + b + context, and the second what is behind the first.
        var masked = (MaskedAutoregressive<double>)((Composition<double>)flow.Transform).Parts[0];
        var h = Sum(Layer(masked, "initial_layer", x, 2), Tanh(Layer(masked, "context_layer", c, 1)));
        AssertMoments(masked, 0, h);
        var t = Layer(masked, "blocks.0.linear_layers.0", Tanh(Normalised(masked, 0, h)), Hidden);
        AssertMoments(masked, 1, Sum(t, Layer(masked, "blocks.0.context_layer", c, 1)));
    }

    [Test]
    public void Numbers_move_towards_those_of_a_batch_by_the_momentum()
    {
        using var flow = Flow();
        var (x, c) = Data();
        Assert.That(StepUpdate.Run<double>(flow, x, c, 0.25), Is.EqualTo(4));
        var masked = (MaskedAutoregressive<double>)((Composition<double>)flow.Transform).Parts[0];
        var h = Sum(Layer(masked, "initial_layer", x, 2), Tanh(Layer(masked, "context_layer", c, 1)));
        var (mean, variance) = Moments(h);
        Assert.That(Numbers(masked, "blocks.0.batch_norm_layers.0.running_mean"), Is.EqualTo(mean.Select(value => 0.25 * value)).Within(1e-12));
        Assert.That(Numbers(masked, "blocks.0.batch_norm_layers.0.running_var"), Is.EqualTo(variance.Select(value => 1 + (0.25 * (value - 1)))).Within(1e-12));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_row_does_not_depend_on_its_batch_and_training_keeps_the_density_normalised(bool inverted)
    {
        using var flow = Flow(inverted);
        var (x, c) = Data();
        var data = new ArrayData<double>(x, 2, c, 1);
        using var trainer = new Trainer<double>(flow, data, _options, data);
        trainer.Run();
        var followed = flow.Transform.Parameters.Where(parameter => !parameter.Trainable).ToArray();
        Assert.That(followed, Has.Length.EqualTo(8));
        Assert.That(followed.SelectMany(parameter => parameter.Values.ToArray()), Has.All.Matches<double>(double.IsFinite).And.Some.Not.InRange(0, 1));

        var (all, one) = (new double[Rows], new double[1]);
        flow.LogDensity(x, c, all);
        flow.LogDensity(x.AsSpan(0, 2), c.AsSpan(0, 1), one);
        Assert.That(one[0], Is.EqualTo(all[0]));

        // The mean of 1 by the trapezoid rule in the plane, whose error for smooth densities that vanish at the ends is far below.
        const int Nodes = 240;
        const double Reach = 14;
        var points = new double[2 * Nodes * Nodes];
        for (var i = 0; i < Nodes * Nodes; i++)
            (points[2 * i], points[(2 * i) + 1]) = (Reach * ((2.0 * (i / Nodes) / Nodes) - 1), Reach * ((2.0 * (i % Nodes) / Nodes) - 1));
        var densities = new double[Nodes * Nodes];
        flow.LogDensity(points, Enumerable.Repeat(0.3, Nodes * Nodes).ToArray(), densities);
        Assert.That(densities.Sum(Math.Exp) * Math.Pow(2 * Reach / Nodes, 2), Is.EqualTo(1).Within(1e-3));
    }

    [Test]
    public void A_file_keeps_whether_it_was_started()
    {
        using var flow = Flow();
        var (x, c) = Data();
        using var fresh = ModelFile.FlowFromArchive<double>(ModelFile.ToArchive(flow));
        Assert.That(DataStart.Run<double>(fresh, x, c), Is.EqualTo(4));
        using var started = ModelFile.FlowFromArchive<double>(ModelFile.ToArchive(fresh));
        Assert.That(DataStart.Run<double>(started, x, c), Is.Zero);
    }

    [Test]
    public void Networks_of_an_embedding_a_base_and_parts_of_columns_are_followed_too()
    {
        static ResidualNetwork<double> Net(int inputs, int outputs, string name) =>
            new(inputs, 0, outputs, Hidden, 1, UnaryFunction.Tanh, name, hasBatchNormalization: true);

        var coupling = new Coupling<double>(new Affine<double>(1e-3), [true, false], new ResidualNetwork<double>(1, 2, 2, Hidden, 1, UnaryFunction.Tanh, "net", hasBatchNormalization: true));
        using var flow = new Flow<double>(
            new ConditionalNormal<double>(Net(1, 4, "base")),
            new Composition<double>(2, new Embedded<double>(coupling, Net(1, 2, "embedding")), new OnColumns<double>(new BatchNormalization<double>(1, "norm"), 2, 1)));
        var (x, c) = Data();

        // The trainer meets the same layers: three networks of two normalisations, and a layer of one column.
        var data = new ArrayData<double>(x, 2, c, 1);
        using var trainer = new Trainer<double>(flow, data, _options, data);
        trainer.RunStep();
        Assert.That(DataStart.Run<double>(flow, x, c), Is.Zero);
        Assert.That(StepUpdate.Run<double>(flow, x, c), Is.EqualTo(7));
        foreach (var parameter in flow.Parameters.Parameters.Where(parameter => parameter.Name.EndsWith("running_mean", StringComparison.Ordinal)))
            Assert.That(parameter.Values.ToArray(), Has.Some.Not.Zero, parameter.Name);
    }

    private static Flow<double> Flow(bool inverted = false)
    {
        var settings = new MadeSettings { HiddenSize = Hidden, Blocks = 1, HasBatchNormalization = true, Activation = UnaryFunction.Tanh };
        MaskedAutoregressive<double> Layer(string name, ulong seed) => new(
            new Affine<double>(1e-1), new Made<double>(AutoregressiveOrder.Natural(2, 1), 2, settings, name, new RandomStream(seed)));
        Transform<double> second = Layer("second", 2);
        return new Flow<double>(
            new StandardNormal<double>(2),
            new Composition<double>(2, Layer("first", 1), Permutation<double>.Reversal(2), inverted ? new Inverted<double>(second) : second));
    }

    private static (double[] X, double[] C) Data()
    {
        var (x, c) = (new double[2 * Rows], new double[Rows]);
        new RandomStream(7).FillNormal<double>(x);
        new RandomStream(8).FillNormal<double>(c);
        return ([.. x.Select((value, i) => i % 2 == 0 ? 1 + (1.5 * value) : value)], c);
    }

    private static double[] Numbers(MaskedAutoregressive<double> masked, string name)
    {
        var parameter = masked.Parameters.Single(parameter => parameter.Name == "first." + name);
        var numbers = new double[parameter.Length];
        parameter.Read(numbers);
        return numbers;
    }

    // [rows, outputs] of a layer; weights that a mask hides are zero.
    private static double[] Layer(MaskedAutoregressive<double> masked, string name, double[] x, int inputs)
    {
        var (weight, bias) = (Numbers(masked, name + ".weight"), Numbers(masked, name + ".bias"));
        var y = new double[x.Length / inputs * bias.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var (row, unit) = (i / bias.Length, i % bias.Length);
            y[i] = bias[unit];
            for (var k = 0; k < inputs; k++)
                y[i] += weight[(unit * inputs) + k] * x[(row * inputs) + k];
        }

        return y;
    }

    private static double[] Normalised(MaskedAutoregressive<double> masked, int index, double[] h)
    {
        var (mean, variance) = (Numbers(masked, $"blocks.0.batch_norm_layers.{index}.running_mean"), Numbers(masked, $"blocks.0.batch_norm_layers.{index}.running_var"));
        return [.. h.Select((value, i) => (value - mean[i % Hidden]) / Math.Sqrt(variance[i % Hidden] + Epsilon))];
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (first, second) => first + second)];

    private static double[] Tanh(double[] h) => Array.ConvertAll(h, Math.Tanh);

    private static void AssertMoments(MaskedAutoregressive<double> masked, int index, double[] reached)
    {
        var (mean, variance) = Moments(reached);
        Assert.That(Numbers(masked, $"blocks.0.batch_norm_layers.{index}.running_mean"), Is.EqualTo(mean).Within(1e-12));
        Assert.That(Numbers(masked, $"blocks.0.batch_norm_layers.{index}.running_var"), Is.EqualTo(variance).Within(1e-12));
    }

    private static (double[] Mean, double[] Variance) Moments(double[] rows)
    {
        var mean = new double[Hidden];
        var variance = new double[Hidden];
        for (var i = 0; i < rows.Length; i++)
            mean[i % Hidden] += rows[i] / Rows;
        for (var i = 0; i < rows.Length; i++)
            variance[i % Hidden] += Math.Pow(rows[i] - mean[i % Hidden], 2) / (Rows - 1);
        return (mean, variance);
    }
}
