using FlowCore.Random;
using FlowCore.Statistics;
using NUnit.Framework;

namespace FlowCore.Tests.Statistics;

[TestFixture]
internal sealed class NoiseMetricsTests
{
    private const int Rows = 2000;

    [Test]
    public void Normal_rows_lie_within_the_band_of_every_metric()
    {
        var noise = Noise(1, 0);

        // Five deviations of each; the band of the neighbours' is known to a fifth from its 20 samples.
        Assert.Multiple(() =>
        {
            Assert.That(NoiseMetrics.CrossEntropy(noise, 2).Score, Is.EqualTo(0).Within(5));
            Assert.That(NoiseMetrics.KolmogorovSmirnov(noise, 2).Score, Is.EqualTo(0).Within(5));
            Assert.That(NoiseMetrics.Fisher(noise, 2).Score, Is.EqualTo(0).Within(5));
            Assert.That(NoiseMetrics.NeighbourDivergence(noise, 2, bandSamples: 20).Score, Is.EqualTo(0).Within(6));
        });
    }

    [Test]
    public void Ten_thousand_exact_rows_lie_within_three_deviations_of_every_metric([Values(1, 2, 4)] int features)
    {
        var noise = new double[10_000 * features];
        new RandomStream(20).FillNormal<double>(noise);
        Assert.Multiple(() =>
        {
            Assert.That(NoiseMetrics.CrossEntropy(noise, features).Score, Is.EqualTo(0).Within(3));
            Assert.That(NoiseMetrics.KolmogorovSmirnov(noise, features).Score, Is.EqualTo(0).Within(3));
            Assert.That(NoiseMetrics.Fisher(noise, features).Score, Is.EqualTo(0).Within(3));
            Assert.That(NoiseMetrics.NeighbourDivergence(noise, features, bandSamples: 20).Score, Is.EqualTo(0).Within(3));
        });
    }

    [Test]
    public void The_scores_of_exact_rows_have_mean_0_and_deviation_1()
    {
        // Of 400 samples the mean is known to 0.05, the deviation to 0.035 where scores are normal; the logarithm of a probability has an exponential's
        // kurtosis, 9, and so for two of them 6: 0.056. Five of each.
        const int samples = 400;
        var (entropy, smirnov, fisher) = (new double[samples], new double[samples], new double[samples]);
        var noise = new double[2 * 500];
        for (var i = 0; i < samples; i++)
        {
            new RandomStream(21).Substream((ulong)i).FillNormal<double>(noise);
            entropy[i] = NoiseMetrics.CrossEntropy(noise, 2).Score;
            smirnov[i] = NoiseMetrics.KolmogorovSmirnov(noise, 2).Score;
            fisher[i] = NoiseMetrics.Fisher(noise, 2).Score;
        }

        foreach (var (scores, known) in new[] { (entropy, 0.035), (smirnov, 0.056), (fisher, 0.056) })
        {
            var mean = scores.Average();
            Assert.That(mean, Is.EqualTo(0).Within(5 * 0.05));
            Assert.That(Math.Sqrt(scores.Average(score => (score - mean) * (score - mean))), Is.EqualTo(1).Within(5 * known));
        }
    }

    [Test]
    public void Rows_of_another_density_lie_far_outside()
    {
        // N(0.5, 1.5²) in both features: KL = ½ (0.25 + 2.25 − 1 − ln 2.25) each.
        var noise = Noise(1.5, 0.5);
        var known = 0.25 + 2.25 - 1 - Math.Log(2.25);
        var found = NoiseMetrics.NeighbourDivergence(noise, 2, bandSamples: 5);
        Assert.That(found.Value, Is.EqualTo(known).Within(0.2));
        Assert.That(NoiseMetrics.CrossEntropy(noise, 2).Score, Is.LessThan(-10));
        Assert.That(NoiseMetrics.KolmogorovSmirnov(noise, 2).Value, Is.LessThan(-50));
        Assert.That(NoiseMetrics.Fisher(noise, 2).Value, Is.EqualTo(-2 * Math.Log(10) * NoiseMetrics.KolmogorovSmirnov(noise, 2).Value).Within(1e-9));
    }

    [Test]
    public void The_cross_entropy_is_the_mean_log_density() =>
        Assert.That(NoiseMetrics.CrossEntropy([0, 1, 2, 3], 2).Value, Is.EqualTo(-(14 / 4.0) - Math.Log(2 * Math.PI)).Within(1e-14));

    [Test]
    public void Neighbours_are_those_of_a_plain_search([Values(1, 2, 3)] int features)
    {
        var points = new double[300 * features];
        new RandomStream(2).FillNormal<double>(points);
        points.AsSpan(0, features).CopyTo(points.AsSpan(features));
        var tree = new NeighbourTree(points, features);
        for (var i = 0; i < 300; i++)
        {
            var distances = Enumerable.Range(0, 300).Where(j => j != i).Select(j => Distance(i, j)).Order().ToArray();
            Assert.That(tree.SquaredDistance(i, 1), Is.EqualTo(distances[0]));
            Assert.That(tree.SquaredDistance(i, 5), Is.EqualTo(distances[4]));
        }

        double Distance(int i, int j)
        {
            double sum = 0;
            for (var k = 0; k < features; k++)
                sum += (points[(i * features) + k] - points[(j * features) + k]) * (points[(i * features) + k] - points[(j * features) + k]);
            return sum;
        }
    }

    [Test]
    public void A_large_sample_is_thinned_by_its_seed()
    {
        var noise = Noise(1, 0);
        var some = NoiseMetrics.NeighbourDivergence(noise, 2, mostRows: 500, seed: 1, bandSamples: 0);
        Assert.That(some, Is.EqualTo(NoiseMetrics.NeighbourDivergence(noise, 2, mostRows: 500, seed: 1, bandSamples: 0)));
        Assert.That(some.Value, Is.Not.EqualTo(NoiseMetrics.NeighbourDivergence(noise, 2, mostRows: 500, seed: 2, bandSamples: 0).Value));
        Assert.That(() => NoiseMetrics.NeighbourDivergence([1, 2, 3], 1), Throws.ArgumentException);
        Assert.That(() => NoiseMetrics.CrossEntropy([1, 2, 3], 2), Throws.ArgumentException);
    }

    private static double[] Noise(double scale, double location)
    {
        var noise = new double[2 * Rows];
        new RandomStream(9).FillNormal<double>(noise);
        for (var i = 0; i < noise.Length; i++)
            noise[i] = location + (scale * noise[i]);
        return noise;
    }
}
