using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class Grid2DTests
{
    [Test]
    public void Levels_of_a_Gaussian_enclose_its_mass()
    {
        var grid = Grid2D.FromFunction(300, -6, 6, 300, -6, 6, (x, y) => Math.Exp(-0.5 * (x * x + y * y)) / (2 * Math.PI));
        double[] fractions = [0.1, 0.39, 0.68, 0.95];
        var levels = grid.LevelsEnclosing(fractions);
        for (var k = 0; k < fractions.Length; k++)
        {
            // {f ≥ level} holds 1 - exp(-r²/2), so level = (1 - fraction)/2π; one cell of 0.04 × 0.04 holds at most 2.5e-4 of the mass,
            // and the rim of the disc is some ten cells of equal height wide.
            Assert.That(2 * Math.PI * levels[k], Is.EqualTo(1 - fractions[k]).Within(3e-3));
        }
    }

    [Test]
    public void Levels_of_the_same_mass_in_any_order_and_of_nothing()
    {
        var grid = new Grid2D(2, 0, 1, 2, 0, 1, [0.1, 0.2, 0.3, 0.4]);
        var levels = grid.LevelsEnclosing(0.9, 0.3);
        Assert.That(levels[0], Is.LessThan(levels[1]));
        Assert.That(levels, Is.EqualTo(grid.LevelsEnclosing(0.3, 0.9).Reverse()));
        Assert.That(new Grid2D(1, 0, 1, 1, 0, 1, [0.0]).LevelsEnclosing(0.5), Is.EqualTo((double[])[0]));
    }

    [Test]
    public void Smoothing_conserves_the_total_and_keeps_a_constant()
    {
        var random = new System.Random(2);
        var grid = new Grid2D(13, 0, 1, 7, 0, 1, [.. Enumerable.Range(0, 91).Select(_ => random.NextDouble())]);
        foreach (var sigma in (double[])[0, 0.3, 1.7, 40])
        {
            double before = grid.Values.ToArray().Sum(), after = grid.Smoothed(sigma).Values.ToArray().Sum();
            Assert.That(after, Is.EqualTo(before).Within(1e-12 * 91));
            Assert.That(grid.Select(_ => 3).Smoothed(sigma).Values.ToArray(), Is.All.EqualTo(3).Within(1e-12));
        }
    }

    [Test]
    public void Smoothing_a_point_gives_the_variance_of_the_kernel()
    {
        var values = new double[61];
        values[30] = 1;
        var smooth = GaussianSmoothing.Smooth(new Grid2D(61, 0, 61, 1, 0, 1, values), 3, 0).Values;
        double variance = 0;
        for (var i = 0; i < 61; i++)
            variance += smooth[i] * (i - 30) * (i - 30);
        // The kernel ends at four standard deviations, beyond which lie 0.1 % of its variance.
        Assert.That(variance, Is.EqualTo(9).Within(0.5).Percent);
    }

    [Test]
    public void A_two_dimensional_density_is_normalized_to_all_events()
    {
        var h = Histogram2D.Of([0.25, 0.75, 0.75, 9], [0.25, 0.25, 0.25, 0], 2, 0, 1, 2, 0, 1, [1, 1, 2, 4]);
        // Cells have the area ¼; the total weight is 8.
        Assert.That(h.ToDensity().Values.ToArray(), Is.EqualTo((double[])[0.5, 1.5, 0, 0]));
        Assert.That((h.Outside, h.TotalWeight), Is.EqualTo((4.0, 8.0)));
        Assert.That(h.Variances[1], Is.EqualTo(5));
    }

    [Test]
    public void Quantiles_interpolate_between_the_events()
    {
        Assert.That(SampleStatistics.Quantiles([4, 1, double.NaN, 3, 2], 0, 0.5, 1, 0.25), Is.EqualTo((double[])[1, 2.5, 4, 1.75]));
        Assert.That(SampleStatistics.Quantiles([], 0.5)[0], Is.NaN);
        Assert.That(() => SampleStatistics.Quantiles([1], 1.5), Throws.ArgumentException);
    }
}
