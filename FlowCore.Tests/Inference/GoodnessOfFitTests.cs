using FlowCore.Distributions;
using FlowCore.Inference;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Inference;

/// <summary>Exact models x ~ N(z, 1)ⁿ: the p-values of single draws are uniform, the averaged ones narrower, outliers are found, the number of terms does not count.</summary>
[TestFixture]
internal sealed class GoodnessOfFitTests
{
    private const int Events = 600;

    [Test]
    public void Single_draws_are_uniform_and_averages_are_narrower()
    {
        const int Terms = 10;
        using var posterior = Posterior(Terms, tau: 1);
        using var decoder = Likelihood(Terms);
        var x = Draw(Terms, tau: 1, seed: 1);
        var result = GoodnessOfFit.Of(posterior, decoder, x, new GoodnessOfFitOptions { Replicas = 255 });
        Assert.That(result.Uniformity().PValue, Is.GreaterThan(1e-4));

        // Of one draw 0.289; the average has 0.273 (a prior of the width of the noise, n = 10), known to 1/√(2 · 600) of it.
        var (mean, deviation) = Moments(result.Averaged);
        TestContext.Out.WriteLine($"averaged: {mean:f3} ± {deviation:f3}, {result.Averaged.Count(p => p < 0.05) / (double)Events:p1} below 5 %");
        Assert.That(mean, Is.EqualTo(0.5).Within(4.5 * 0.289 / Math.Sqrt(Events)));
        Assert.That(deviation, Is.EqualTo(0.273).Within(0.02));

        // The other end of the same draws.
        var upper = GoodnessOfFit.Of(posterior, decoder, x, new GoodnessOfFitOptions { Replicas = 255, Tail = GoodnessOfFitTail.Upper });
        for (var e = 0; e < Events; e++)
        {
            Assert.That(upper.Averaged[e] + result.Averaged[e], Is.EqualTo(257.0 / 256).Within(1e-12));
            Assert.That(upper.SingleDraw[e] + result.SingleDraw[e], Is.EqualTo(1).Within(1e-12));
        }
    }

    [Test]
    public void With_one_term_and_a_flat_prior_the_average_is_one_half_for_every_observation()
    {
        using var posterior = Posterior(1, tau: 1e4);
        using var decoder = Likelihood(1);
        var result = GoodnessOfFit.Of(posterior, decoder, Draw(1, tau: 1e4, seed: 2).AsSpan(0, 40), new GoodnessOfFitOptions { Replicas = 4000 });

        // Replica and observation are as far from the draw, in distribution.
        Assert.That(result.Averaged, Is.All.EqualTo(0.5).Within(4.5 * 0.5 / Math.Sqrt(4000)));
    }

    [Test]
    public void An_outlier_is_found_and_a_model_that_is_too_narrow_is_not_uniform()
    {
        // The mean is known to 0.1, so five deviations from it stand out: χ² of 25 and two ordinary ones.
        const int Terms = 3;
        using var posterior = Posterior(Terms, tau: 0.1);
        using var decoder = Likelihood(Terms);
        var x = Draw(Terms, tau: 0.1, seed: 3)[..(40 * Terms)];
        for (var e = 0; e < 40; e++)
            x[e * Terms] = e % 2 == 0 ? 5 : -5;
        var options = new GoodnessOfFitOptions { Replicas = 4000 };
        var found = GoodnessOfFit.Of(posterior, decoder, x, options).Averaged.Count(p => p < 1e-3);
        TestContext.Out.WriteLine($"{found} of 40 outliers");
        Assert.That(found, Is.GreaterThanOrEqualTo(38));

        // A likelihood of 0.8 of the width has 1.56 times the χ².
        using var narrow = new DecoderOfFlow<double>(LinearGaussian.Create([.. Enumerable.Repeat(1.0, Terms)], Terms, 0.8));
        Assert.That(GoodnessOfFit.Of(posterior, narrow, Draw(Terms, tau: 0.1, seed: 4)).Uniformity().PValue, Is.LessThan(1e-6));
    }

    [Test]
    public void The_number_of_terms_does_not_shift_the_p_value()
    {
        const double Rate = 20;
        using var decoder = DecoderTests.Items(Rate, most: 60);

        // The posterior of a mean needs the sum of the items and their number: at a z that is known, N(0, 10⁻⁶).
        using var posterior = LinearGaussian.Create(new double[61], 1, 1e-6);
        var x = new double[Events * 61];
        decoder.Sample(new RandomStream(6), 0, new double[Events], x);
        var result = GoodnessOfFit.Of(posterior, decoder, x);
        Assert.That(result.Uniformity().PValue, Is.GreaterThan(1e-4));
        var (few, many) = (new List<double>(), new List<double>());
        for (var e = 0; e < Events; e++)
        {
            if (x[e * 61] <= 17)
                few.Add(result.Averaged[e]);
            else if (x[e * 61] >= 23)
                many.Add(result.Averaged[e]);
        }

        // Of ln p itself, which goes as −1.4 n, the two would be near 0.9 and 0.1.
        Assert.That(few.Average(), Is.EqualTo(0.5).Within(0.5 / Math.Sqrt(few.Count) * 3));
        Assert.That(many.Average(), Is.EqualTo(0.5).Within(0.5 / Math.Sqrt(many.Count) * 3));
    }

    [Test]
    public void Latent_numbers_are_drawn_behind_the_labels()
    {
        // x = z_o + z_u + ½ ε as in the mixed objective.
        using var posterior = LinearGaussian.Create([1 / 2.25], 1, Math.Sqrt(1.25 / 2.25));
        using var latent = LinearGaussian.Create([-0.8, 0.8], 1, Math.Sqrt(0.2));
        using var decoder = new DecoderOfFlow<double>(LinearGaussian.Create([1, 1], 1, 0.5));
        var x = new double[Events];
        new RandomStream(8).FillNormal<double>(x);
        for (var e = 0; e < Events; e++)
            x[e] *= 1.5;
        Assert.That(GoodnessOfFit.Of(posterior, decoder, x, latentPosterior: latent).Uniformity().PValue, Is.GreaterThan(1e-4));
        Assert.That(() => GoodnessOfFit.Of(posterior, decoder, x), Throws.ArgumentException.With.Message.Contains("decoder of 1 numbers"));
        Assert.That(() => GoodnessOfFit.Of<double>(posterior, decoder, [], latentPosterior: latent), Throws.ArgumentException.With.Message.Contains("at least one observation"));
    }

    // z | x ~ N(n x̄ / (n + 1/τ²), 1 / (n + 1/τ²)).
    private static Flow<double> Posterior(int terms, double tau)
    {
        var precision = terms + (1 / (tau * tau));
        return LinearGaussian.Create([.. Enumerable.Repeat(1 / precision, terms)], 1, 1 / Math.Sqrt(precision));
    }

    private static DecoderOfFlow<double> Likelihood(int terms) => new(LinearGaussian.Create([.. Enumerable.Repeat(1.0, terms)], terms, 1));

    private static double[] Draw(int terms, double tau, ulong seed)
    {
        var (x, z) = (new double[Events * terms], new double[Events]);
        new RandomStream(seed).Substream(0).FillNormal<double>(x);
        new RandomStream(seed).Substream(1).FillNormal<double>(z);
        for (var i = 0; i < x.Length; i++)
            x[i] += tau * z[i / terms];
        return x;
    }

    private static (double Mean, double Deviation) Moments(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
