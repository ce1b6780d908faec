using FlowCore.Diagnostics;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Diagnostics;

/// <summary>Base coverage of points that come from elsewhere: densities on a product of a Euclidean space, a sphere and another one.</summary>
[TestFixture]
public sealed class BasePointTests
{
    private const int Events = 4000;
    private const int Dimension = 10;

    private static readonly NoiseFactor[] _factors = [new("e4", 0, 4), new("s2", 4, 2), new("more", 6, 4)];

    [Test]
    public void The_truth_on_a_product_passes_as_a_whole_and_in_each_factor()
    {
        var report = ModelDiagnostics.OfBasePoints(Points(1, concentration: 0), Dimension, _factors);
        Assert.That(report.Base.PValue, Is.GreaterThan(1e-4));
        Assert.That(report.Factors.Select(factor => factor.Test.PValue), Has.All.GreaterThan(1e-4));
        Assert.That(report.Pit.Columns.Select(test => test.PValue), Has.All.GreaterThan(1e-4));
        Assert.That(report.Pit.Correlations.Min(pair => pair.PValue), Is.GreaterThan(1e-4 / 45));

        // What the coverage of a factor is given is said in the result.
        Assert.That(report.Factors[0].Given, Is.Empty);
        Assert.That(report.Factors[2].Given, Is.EqualTo(new[] { "e4", "s2" }));
        Assert.That(report.Factors[1].Test.Name, Is.EqualTo("base coverage of s2 given the true e4"));
        Assert.That(report.ToString(), Does.Contain("base coverage of more given the true e4, s2"));
    }

    [Test]
    public void A_fault_on_the_sphere_is_found_in_its_factor_and_in_the_whole_alone()
    {
        // Points crowd at a pole with a density of 1 + ½ cos θ; the model believes that they are uniform.
        var report = ModelDiagnostics.OfBasePoints(Points(2, concentration: 0.5), Dimension, _factors);
        Assert.That(report.Factors[1].Test.PValue, Is.LessThan(1e-9));
        Assert.That(report.Base.PValue, Is.LessThan(1e-3));
        Assert.That(new[] { report.Factors[0].Test.PValue, report.Factors[2].Test.PValue }, Has.All.GreaterThan(1e-4));

        // A cap of content u of the uniform density around the pole r = 0, cos θ = −1, has the share u − ½ u (1 − u).
        var test = report.Factors[1].Test;
        Assert.That(test.CoverageAt(0.5), Is.EqualTo(0.375).Within(4.5 * Math.Sqrt(0.375 * 0.625 / Events)));
    }

    [Test]
    public void Bad_input_is_refused_in_words()
    {
        Assert.That(() => ModelDiagnostics.OfBasePoints([], 2), Throws.ArgumentException.With.Message.Contains("at least one point"));
        Assert.That(() => ModelDiagnostics.OfBasePoints([1, 2, 3], 2), Throws.ArgumentException.With.Message.Contains("got 3 numbers"));
        Assert.That(() => ModelDiagnostics.OfBasePoints([1, 2, 3, double.NaN], 2), Throws.ArgumentException.With.Message.Contains("row 1, column 1"));
        Assert.That(
            () => ModelDiagnostics.OfBasePoints([1, 2], 2, [new NoiseFactor("a", 0, 2), new NoiseFactor("b", 1, 1)]),
            Throws.ArgumentException.With.Message.Contains("got b of 1 columns from 1 on"));
        Assert.That(() => ModelDiagnostics.OfBasePoints([1, 2], 2, [new NoiseFactor("a", 0, 3)]), Throws.ArgumentException.With.Message.Contains("within 2 columns"));

        // A point outside of a bounded base is in no region.
        Assert.That(ModelDiagnostics.OfBasePoints([double.PositiveInfinity, 0], 2).Base.CoverageAt(0.999), Is.Zero);
    }

    // Eight normal columns and a point of the sphere, whose chart is r = √(−2 ln((1 − cos θ)/2)), z = r (cos φ, sin φ).
    private static double[] Points(ulong seed, double concentration)
    {
        var points = new double[Events * Dimension];
        var uniform = new double[2 * Events];
        new RandomStream(seed).FillNormal<double>(points);
        new RandomStream(seed + 100).FillUniform<double>(uniform);
        for (var i = 0; i < Events; i++)
        {
            // cos θ with the density (1 + a c)/2: a c² + 2 c + 2 − a − 4 v = 0.
            var (v, a) = (uniform[2 * i], concentration);
            var cosine = a == 0 ? (2 * v) - 1 : (Math.Sqrt(1 - (a * (2 - a - (4 * v)))) - 1) / a;
            var radius = Math.Sqrt(-2 * Math.Log((1 - cosine) / 2));
            var angle = 2 * Math.PI * uniform[(2 * i) + 1];
            points[(i * Dimension) + 4] = radius * Math.Cos(angle);
            points[(i * Dimension) + 5] = radius * Math.Sin(angle);
        }

        return points;
    }
}
