using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class HistogramRatioTests
{
    [Test]
    public void Errors_count_both_samples()
    {
        var a = Histogram1D.Of([.. Enumerable.Repeat(0.5, 9)], 1, 0, 1);
        var b = Histogram1D.Of([.. Enumerable.Repeat(0.5, 16)], 1, 0, 1);
        var ratio = HistogramRatio.Of(a, b);
        Assert.That(ratio.Values[0], Is.EqualTo(9.0 / 16));
        Assert.That(ratio.Errors[0], Is.EqualTo(9.0 / 16 * Math.Sqrt(1.0 / 9 + 1.0 / 16)).Within(1e-15));
    }

    [Test]
    public void Weights_enter_the_errors()
    {
        var a = Histogram1D.Of([0.5, 0.5], 1, 0, 1, [3, 4]);
        var b = Histogram1D.Of([0.5, 0.5], 1, 0, 1, [1, 2]);
        // σ_a² = 25, σ_b² = 5, r = 7/3.
        Assert.That(HistogramRatio.Of(a, b).Errors[0], Is.EqualTo(7.0 / 3 * Math.Sqrt(25.0 / 49 + 5.0 / 9)).Within(1e-14));
    }

    [Test]
    public void An_exact_expectation_adds_no_error()
    {
        var a = Histogram1D.Of([.. Enumerable.Repeat(0.5, 9)], 1, 0, 1);
        var ratio = HistogramRatio.Of(a, [12.0]);
        Assert.That(ratio.Values[0], Is.EqualTo(0.75));
        Assert.That(ratio.Errors[0], Is.EqualTo(3.0 / 12).Within(1e-15));
    }

    [Test]
    public void The_spread_of_simulated_ratios_is_the_stated_error()
    {
        var random = new System.Random(11);
        var pulls = new List<double>();
        for (var k = 0; k < 400; k++)
        {
            var ratio = HistogramRatio.Of(Sample(2000), Sample(1000).Scaled(2));
            for (var i = 0; i < ratio.Values.Length; i++)
                pulls.Add((ratio.Values[i] - 1) / ratio.Errors[i]);
        }
        var variance = pulls.Average(p => p * p);
        // Samples of fixed size share their events among 5 equal bins, so a bin's variance is 1 - 1/5 of the Poisson variance the errors state.
        // The variance of 2000 pulls is known to about 0.8·√(2/2000) = 0.025; 0.1 is four times that.
        Assert.That(variance, Is.EqualTo(0.8).Within(0.1));

        Histogram1D Sample(int n) => Histogram1D.Of([.. Enumerable.Range(0, n).Select(_ => random.NextDouble())], 5, 0, 1);
    }

    [Test]
    public void A_bin_without_denominator_has_no_ratio()
    {
        var ratio = HistogramRatio.Of(Histogram1D.Of([0.5], 2, 0, 2), Histogram1D.Of([1.5], 2, 0, 2));
        Assert.That(ratio.Values[0], Is.NaN);
        Assert.That(ratio.Errors[0], Is.NaN);
        Assert.That(ratio.Values[1], Is.Zero);
    }

    [Test]
    public void Different_bins_are_refused()
    {
        Assert.That(() => HistogramRatio.Of(new Histogram1D(2, 0, 1), new Histogram1D(2, 0, 2)), Throws.ArgumentException);
        Assert.That(() => HistogramRatio.Of(new Histogram1D(2, 0, 1), [1.0]), Throws.ArgumentException);
    }
}
