using System.Numerics.Tensors;
using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Entropies, moments, scans and densest points of pdfs whose laws are known.</summary>
[TestFixture]
internal sealed class PdfSummaryTests
{
    [TestCase("s2", "y", 2.5310242469692907)]
    [TestCase("s1", "y", 1.8378770664093453)]
    [TestCase("i1_-3_3", "z", 1.791759469228055)]
    public void The_entropy_of_a_uniform_law_is_the_logarithm_of_its_volume(string manifold, string layer, double expected)
    {
        using var pdf = new Pdf<double>(manifold, layer);

        // Every draw has the same density.
        var entropy = pdf.Entropy(100, seed: 1);
        Assert.That(entropy.Value, Is.EqualTo(expected).Within(1e-14));
        Assert.That(entropy.StandardError, Is.LessThan(1e-15));
    }

    [Test]
    public void A_normal_law_has_its_moments_its_entropy_and_its_top()
    {
        using var pdf = new Pdf<double>("e2", "t", new PdfOptions().With('t', new Dictionary<string, OptionValue> { ["cov_type"] = "full" }));
        var moments = pdf.Moments(20_000, seed: 2)[0];
        var entropy = pdf.Entropy(20_000, seed: 3);

        // The approximation is the law itself; both are estimates of 20,000 draws.
        Assert.That(moments.ApproximateEntropy, Is.EqualTo(entropy.Value).Within(4.5 * (entropy.StandardError + 0.01)));
        var top = pdf.DensestPoint(64, seed: 4);
        Assert.That(top.Converged, Is.True);
        Assert.That(top.LargestGradient, Is.LessThan(1e-6));
        Assert.That(top.Intrinsic[0], Is.EqualTo(moments.Mean[0]).Within(4.5 * Math.Sqrt(moments.Covariance[0] / 20_000)));
        Assert.That(top.LogDensity, Is.EqualTo(-entropy.Value + 1).Within(4.5 * entropy.StandardError));
    }

    [Test]
    public void Moments_of_directions_are_those_of_the_zoom()
    {
        // A zoom alone makes the von Mises-Fisher law of its κ.
        using var pdf = new Pdf<double>("s2", "f", new PdfOptions { Initialization = new FlowCore.Random.RandomStream(9) });
        pdf.Parameters.Parameters.Single(parameter => parameter.Name.EndsWith("loglike_kappa", StringComparison.Ordinal)).Write([Math.Log(12)]);
        var moments = pdf.Moments(20_000, seed: 5)[0];

        // κ has a relative error of 1/√n.
        Assert.That(moments.Kappa, Is.EqualTo(12).Within(12 * 4.5 / Math.Sqrt(20_000)));
        Assert.That(moments.ApproximateEntropy, Is.EqualTo(VonMisesFisher.Entropy(12, 2)).Within(4.5 / Math.Sqrt(20_000)));
        Assert.That(moments.ZenithVariance, Is.GreaterThan(0));
        Assert.That(pdf.DensestPoint(256, seed: 6).Embedding.Zip(moments.MeanDirection, (a, b) => a * b).Sum(), Is.GreaterThan(0.999));
    }

    [Test]
    public void A_marginal_entropy_of_an_independent_factor_is_its_own()
    {
        // Fresh networks are so damped that the interval hardly depends on the direction.
        using var pdf = new Pdf<double>("s1+i1", "y+r");
        var own = pdf.MarginalEntropy(1, 128, seed: 7);
        Assert.That(own.Value, Is.EqualTo(0).Within(1e-3 + (4.5 * own.StandardError)));
        Assert.That(pdf.MarginalEntropy(0, 128, seed: 7).Value, Is.EqualTo(Math.Log(2 * Math.PI)).Within(1e-13));
    }

    [Test]
    public void A_pdf_diverges_from_itself_by_nothing()
    {
        using var pdf = new Pdf<double>("s1+i1", "m+r");
        using var other = new Pdf<double>("s1+i1", "y+z");
        Assert.That(pdf.Divergence(pdf, 100, seed: 8).Value, Is.EqualTo(0).Within(1e-12));
        Assert.That(pdf.Divergence(other, 2000, seed: 8).Value, Is.GreaterThan(0));
        using var sphere = new Pdf<double>("s2", "y");
        Assert.That(() => pdf.Divergence(sphere, 100, seed: 8), Throws.ArgumentException.With.Message.Contains("s1+i1"));
    }

    [TestCase("s1", "m")]
    [TestCase("i1_2_5", "rr")]
    [TestCase("s2", "f")]
    [TestCase("s1+i1", "m+r")]
    [TestCase("e2", "t")]
    public void A_scan_knows_the_mass_and_the_exact_coverage(string manifolds, string layers)
    {
        using var pdf = new Pdf<double>(manifolds, layers);

        // Fresh splines are the identity, whose density is flat: all points would have the same rank.
        foreach (var parameter in pdf.Parameters.Parameters)
            parameter.Write([.. Enumerable.Range(0, parameter.Length).Select(i => parameter.Values[i] + (0.4 * Math.Sin(1 + (7 * i))))]);
        var scan = DensityScan.Of(pdf);
        Assert.That(scan.Mass, Is.EqualTo(1).Within(2e-4));

        // Exact coverages of draws are uniform: Kolmogorov's distance of 1,000 numbers stays below 2.2/√n but once in 10⁴.
        var draws = pdf.Draw(1000, seed: 11, coordinates: Coordinates.Embedding);
        var coverages = new double[1000];
        for (var i = 0; i < coverages.Length; i++)
            coverages[i] = scan.Coverage(draws.LogDensity[i]);
        Array.Sort(coverages);
        var distance = Enumerable.Range(0, 1000).Max(i => Math.Max(coverages[i] - (i / 1000.0), ((i + 1) / 1000.0) - coverages[i]));
        Assert.That(distance, Is.LessThan(2.2 / Math.Sqrt(1000)));
        Assert.That(scan.VolumeOf(0.5), Is.LessThan(scan.VolumeOf(0.9)));
    }

    [Test]
    public void A_scan_of_three_dimensions_is_refused()
    {
        using var pdf = new Pdf<double>("e3", "t");
        Assert.That(() => DensityScan.Of(pdf), Throws.ArgumentException.With.Message.Contains("one or two dimensions"));
    }
}
