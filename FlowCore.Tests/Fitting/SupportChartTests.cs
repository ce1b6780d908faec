using FlowCore.Distributions;
using FlowCore.Fitting;
using NUnit.Framework;

namespace FlowCore.Tests.Fitting;

[TestFixture]
internal sealed class SupportChartTests
{
    [Test]
    public void A_uniform_interval_becomes_a_standard_normal_and_so_the_density_of_a_fresh_flow_is_uniform()
    {
        using var flow = Of(new FeatureChart(Support.Interval(2, 6)));
        var density = new double[5];
        flow.LogDensity([2.5, 4, 5.9, 1.9, 6.1], density);

        // ln 1/4, to the rounding of φ and Φ⁻¹.
        Assert.That(density[..3], Is.All.EqualTo(-Math.Log(4)).Within(1e-12));
        Assert.That(density[3..], Is.All.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void A_circle_is_wrapped_around_its_cut()
    {
        using var flow = Of(new FeatureChart(Support.Circle(0, 4), 3));
        double[] x = [3.25, 0.5, 2.75];
        var (z, back) = (new double[3], new double[3]);
        flow.ToNoise(x, z, []);

        // From the cut it is a sixteenth, three eighths and fifteen sixteenths of a turn: the quantiles of a normal distribution.
        double[] quantiles = [-1.5341205443525465, -0.31863936396437514, 1.5341205443525465];
        for (var i = 0; i < 3; i++)
            Assert.That(z[i], Is.EqualTo(quantiles[i]).Within(1e-13));
        flow.FromNoise(z, back, []);
        for (var i = 0; i < 3; i++)
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-13));
    }

    [Test]
    public void A_heavy_tail_comes_in_as_its_formula_says_on_its_own_side_alone()
    {
        using var flow = Of(new FeatureChart(Support.Real, Location: 1, Scale: 2, UpperTail: 0.5));
        var z = new double[2];
        flow.ToNoise([2001, -5], z, []);

        // t = 1000: √(ln(1 + 0.5·10⁶) / 0.5); t = −3 as it is.
        Assert.That(z[0], Is.EqualTo(Math.Sqrt(2 * Math.Log(500_001))).Within(1e-12));
        Assert.That(z[1], Is.EqualTo(-3).Within(1e-12));
    }

    [Test]
    public void Half_a_line_is_worked_on_by_its_logarithm()
    {
        using var flow = Of(new FeatureChart(Support.Above(10)));
        var (z, density) = (new double[1], new double[2]);
        flow.ToNoise([10 + Math.E], z, []);
        flow.LogDensity([10 + Math.E, 10], density);
        Assert.That(z[0], Is.EqualTo(1).Within(1e-13));

        // The log-normal density of e: φ(1)/e.
        Assert.That(density[0], Is.EqualTo(-0.5 - (0.5 * Math.Log(2 * Math.PI)) - 1).Within(1e-12));
        Assert.That(density[1], Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void Constants_out_of_range_are_refused()
    {
        Assert.That(() => new SupportChart<double>(), Throws.ArgumentException);
        Assert.That(() => new SupportChart<double>(new FeatureChart(Support.Real, Scale: 0)), Throws.ArgumentException);
        Assert.That(() => new SupportChart<double>(new FeatureChart(Support.Real, LowerTail: -1)), Throws.ArgumentException);
        Assert.That(() => new SupportChart<double>(new FeatureChart(Support.Circle(0, 1), Cut: 1)), Throws.ArgumentException);
        Assert.That(() => Support.Interval(1, 1), Throws.ArgumentException);
        Assert.That(() => Support.Above(double.NaN), Throws.InstanceOf<ArgumentException>());
    }

    private static Flow<double> Of(FeatureChart chart) => new(new StandardNormal<double>(1), new SupportChart<double>(chart));
}
