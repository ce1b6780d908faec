using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Encoders;
using FlowCore.Inference;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Statistics;
using NUnit.Framework;

namespace FlowCore.Tests.Inference;

/// <summary>Likelihoods of counts and of events of any number of items: against their formulas, and draws against likelihoods.</summary>
[TestFixture]
internal sealed class DecoderTests
{
    [Test]
    public void Counts_have_the_probabilities_of_their_distribution([Values] DecoderCountKind kind)
    {
        const double Mean = 3.7;
        const double Shape = 2.2;
        using var decoder = Constant(kind, Mean, Shape);
        var (sum, first, second) = (0.0, 0.0, 0.0);
        for (var n = 0; n < 400; n++)
        {
            var logP = new double[1];
            decoder.LogDensity([n, 4], [0.3], logP);
            var expected = Log(n) + Log(4);

            // The series of ln Γ is good to 10⁻¹⁰.
            Assert.That(logP[0], Is.EqualTo(expected).Within(1e-9), $"n = {n}");
            var p = Math.Exp(logP[0] - Log(4));
            (sum, first, second) = (sum + p, first + (n * p), second + (n * n * p));
        }

        Assert.That((sum, first, second - (first * first)), Is.EqualTo((1.0, Mean, kind == DecoderCountKind.Poisson ? Mean : Mean + (Mean * Mean / Shape))).Using<(double, double, double)>(
            (a, b) => Math.Abs(a.Item1 - b.Item1) + Math.Abs(a.Item2 - b.Item2) + Math.Abs(a.Item3 - b.Item3) < 1e-6));
        Assert.That(decoder.TermsOf([1, 2]), Is.EqualTo(2));

        double Log(int n) => kind == DecoderCountKind.Poisson
            ? (n * Math.Log(Mean)) - Mean - SpecialFunctions.LogGamma(n + 1)
            : SpecialFunctions.LogGamma(n + Shape) - SpecialFunctions.LogGamma(Shape) - SpecialFunctions.LogGamma(n + 1) + (Shape * Math.Log(Shape / (Shape + Mean))) + (n * Math.Log(Mean / (Shape + Mean)));
    }

    [Test]
    public void Draws_of_counts_have_their_mean_and_variance([Values] DecoderCountKind kind, [Values(0.3, 40)] double mean)
    {
        const int Count = 4000;
        const double Shape = 2.2;
        using var decoder = Constant(kind, mean, Shape);
        var (x, again) = (new double[2 * Count], new double[20]);
        decoder.Sample(new RandomStream(5), 0, new double[Count], x);
        decoder.Sample(new RandomStream(5), 30, new double[10], again);
        Assert.That(again, Is.EqualTo(x[60..80]), "a row's draw depends on its number alone");
        Assert.That(x, Has.All.Matches<double>(n => n >= 0 && double.IsInteger(n)));
        var variance = kind == DecoderCountKind.Poisson ? mean : mean + (mean * mean / Shape);
        var average = x.Average();
        Assert.That(average, Is.EqualTo(mean).Within(4.5 * Math.Sqrt(variance / x.Length)));

        // The fourth moment of a Γ mixture is at most 15 variances squared here.
        Assert.That(x.Average(n => (n - average) * (n - average)), Is.EqualTo(variance).Within(4.5 * variance * Math.Sqrt(15.0 / x.Length)));
    }

    [Test]
    public void Gradients_of_counts_are_those_of_differences([Values] DecoderCountKind kind)
    {
        using var decoder = new DecoderOfCounts<double>(new Mlp<double>([2, 6, kind == DecoderCountKind.Poisson ? 3 : 6], UnaryFunction.Tanh, "counts"), kind);
        double[] counts = [0, 4, 31, 2, 0, 1];
        var deviation = new GradientCheck(2).Block([0.2, -1, 0.7, 0.4], 2).Parameters(decoder.Parameters)
            .Run((tape, inputs) => decoder.LogDensity(tape.Input(counts, 3), inputs[0]));
        Assert.That(deviation.Relative, Is.LessThan(1e-6), deviation.ToString());
    }

    [Test]
    public void Items_have_the_extended_likelihood()
    {
        using var decoder = Items(20, most: 60);
        double[] items = [0.3, -1, 2.2];
        var row = RaggedEvents<double>.Of([items], 1).ToRows(decoder.Layout);
        var logP = new double[1];
        decoder.LogDensity(row, [0.5], logP);
        var expected = (3 * Math.Log(20)) - 20 - Math.Log(6);
        foreach (var item in items)
            expected -= (0.5 * (item - 0.5) * (item - 0.5)) + (0.5 * Math.Log(2 * Math.PI));
        Assert.That(logP[0], Is.EqualTo(expected).Within(1e-9));
        Assert.That((decoder.TermsOf(row), decoder.TermsOf(new double[61])), Is.EqualTo((3.0, 1.0)));
    }

    [Test]
    public void Draws_of_items_are_rows_of_the_layout()
    {
        using var decoder = Items(20, most: 60);
        var (z, x, again) = (new double[500], new double[500 * 61], new double[10 * 61]);
        Array.Fill(z, 1.5);
        decoder.Sample(new RandomStream(1), 0, z, x);
        decoder.Sample(new RandomStream(1), 200, z.AsSpan(0, 10), again);
        Assert.That(again, Is.EqualTo(x[(200 * 61)..(210 * 61)]));
        var (counts, sum) = (0.0, 0.0);
        for (var i = 0; i < 500; i++)
        {
            var count = (int)x[i * 61];
            Assert.That(x.AsSpan((i * 61) + 1 + count, 60 - count).IndexOfAnyExcept(0.0), Is.EqualTo(-1));
            counts += count;
            for (var j = 0; j < count; j++)
                sum += x[(i * 61) + 1 + j];
        }

        Assert.That(counts / 500, Is.EqualTo(20).Within(4.5 * Math.Sqrt(20.0 / 500)));
        Assert.That(sum / counts, Is.EqualTo(1.5).Within(4.5 / Math.Sqrt(counts)));
    }

    [Test]
    public void Sizes_that_do_not_fit_are_said()
    {
        var flow = LinearGaussian.Create([1, 1], 1, 1);
        var one = new Mlp<double>([1, 1], UnaryFunction.Identity, "one");
        Assert.That(() => new DecoderOfItems<double>(new RaggedLayout(5, 2), flow, one), Throws.ArgumentException.With.Message.Contains("2 numbers of an item"));
        Assert.That(() => new DecoderOfItems<double>(new RaggedLayout(5, 1), flow, one), Throws.ArgumentException.With.Message.Contains("1 inputs"));
        Assert.That(() => new DecoderOfCounts<double>(one, DecoderCountKind.NegativeBinomial), Throws.ArgumentException.With.Message.Contains("two outputs"));
        using var decoder = new DecoderOfFlow<double>(flow);
        Assert.That(() => decoder.LogDensity([1.0], [1.0], new double[1]), Throws.ArgumentException.With.Message.Contains("rows of 2"));
        Assert.That(() => decoder.Sample(default, 0, [1.0, 2], new double[2]), Throws.ArgumentException.With.Message.Contains("room for 1 rows"));
    }

    internal static DecoderOfItems<double> Items(double mean, int most)
    {
        var count = new Mlp<double>([1, 1], UnaryFunction.Identity, "count");
        count.Parameters[0].Write([0.0]);
        count.Parameters[1].Write([Math.Log(mean)]);
        return new DecoderOfItems<double>(new RaggedLayout(most, 1), LinearGaussian.Create([1], 1, 1), count);
    }

    private static DecoderOfCounts<double> Constant(DecoderCountKind kind, double mean, double shape)
    {
        var network = new Mlp<double>([1, kind == DecoderCountKind.Poisson ? 2 : 4], UnaryFunction.Identity, "counts");
        network.Parameters[0].Write(new double[network.Outputs]);
        network.Parameters[1].Write(kind == DecoderCountKind.Poisson ? [Math.Log(mean), Math.Log(mean)] : [Math.Log(mean), Math.Log(mean), Math.Log(shape), Math.Log(shape)]);
        return new DecoderOfCounts<double>(network, kind);
    }
}
