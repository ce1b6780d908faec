using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class Histogram1DTests
{
    [Test]
    public void Events_fall_into_half_open_bins_and_the_last_edge_belongs_to_the_last_bin()
    {
        var h = Histogram1D.Of([0, 0.999, 1, 2, 3, 3.0001, -0.0001], 3, 0, 3);
        Assert.That(h.Contents.ToArray(), Is.EqualTo((double[])[2, 1, 2]));
        Assert.That((h.Underflow, h.Overflow, h.TotalWeight), Is.EqualTo((1.0, 1.0, 7.0)));
    }

    [Test]
    public void Every_edge_belongs_to_the_bin_that_begins_there([Values(7, 10, 60, 999)] int bins)
    {
        var empty = new Histogram1D(bins, -0.3, 0.7);
        var h = Histogram1D.Of(empty.Edges[..^1], bins, -0.3, 0.7);
        Assert.That(h.Contents.ToArray(), Is.All.EqualTo(1.0));
    }

    [Test]
    public void Uniform_and_listed_edges_agree()
    {
        var values = DemoFigures.Normal(new System.Random(1), 5000, 0.2, 1);
        var uniform = Histogram1D.Of(values, 30, -2, 2);
        var listed = new Histogram1D(uniform.Edges);
        listed.Fill(values);
        Assert.That(listed.Contents.ToArray(), Is.EqualTo(uniform.Contents.ToArray()));
        Assert.That(listed.Overflow, Is.EqualTo(uniform.Overflow));
    }

    [Test]
    public void Variance_is_the_sum_of_squared_weights()
    {
        var h = Histogram1D.Of([0.1, 0.2, 0.3, 1.5], 2, 0, 2, [2, 3, -1, 0.5]);
        Assert.That(h.Contents.ToArray(), Is.EqualTo((double[])[4.0, 0.5]));
        Assert.That(h.Variances.ToArray(), Is.EqualTo((double[])[14.0, 0.25]));
        Assert.That(h.Error(0), Is.EqualTo(Math.Sqrt(14)));
    }

    [Test]
    public void A_density_counts_events_outside_its_range()
    {
        var h = Histogram1D.Of([0.25, 0.25, 0.75, 5], 2, 0, 1).ToDensity();
        // 2 of 4 events in a bin of width ½: density 1, error √2/4/½.
        Assert.That(h.Contents.ToArray(), Is.EqualTo((double[])[1.0, 0.5]));
        Assert.That(h.Error(0), Is.EqualTo(Math.Sqrt(2) / 2).Within(1e-15));
    }

    [Test]
    public void Expected_contents_are_integrals_of_the_density()
    {
        var h = new Histogram1D([0, 0.5, 2, 2.5]);
        var expected = h.Expected(x => 3 * x * x, 10);
        // The integral of 3x² is x³; the quadrature is exact for polynomials, so only rounding is left.
        Assert.That(expected, Is.EqualTo((double[])[1.25, 78.75, 76.25]).Within(1e-12));
    }

    [Test]
    public void Values_that_are_no_numbers_are_counted_aside()
    {
        var h = Histogram1D.Of([double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.5], 1, 0, 1);
        Assert.That((h.NotANumber, h.Overflow, h.Underflow, h.Contents[0]), Is.EqualTo((1L, 1.0, 1.0, 1.0)));
    }

    [Test]
    public void An_automatic_range_has_width_whatever_the_sample()
    {
        double[][] samples = [[], [3], [3, 3, 3], [double.NaN], [double.PositiveInfinity, 1], [1e300, -1e300], [1e-320, 0], [1e17, 1e17 + 16]];
        foreach (var sample in samples)
        {
            var h = Histogram1D.Of(sample, 10);
            Assert.That(h.Edges[^1], Is.GreaterThan(h.Edges[0]));
            Assert.That(h.Contents.ToArray().Sum() + h.Underflow + h.Overflow + h.NotANumber, Is.EqualTo(sample.Length));
        }
    }

    [Test]
    public void Invalid_binnings_and_weights_are_refused()
    {
        Assert.That(() => new Histogram1D(0, 0, 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Histogram1D(3, 1, 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Histogram1D(3, 0, double.NaN), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Histogram1D(3, double.MinValue, double.MaxValue), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Histogram1D([0, 2, 1]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Histogram1D([1.0]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Histogram1D.Of([1, 2], 2, 0, 3, [1.0]), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Histogram1D.Of([1, 2], 2, 0, 3, [1, double.NaN]), Throws.InstanceOf<ArgumentException>());
    }
}
