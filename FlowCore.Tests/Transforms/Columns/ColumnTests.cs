using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Columns;

/// <summary>Transforms of some columns, arrays as columns, and multi-scale flows.</summary>
[TestFixture]
internal sealed class ColumnTests
{
    [Test]
    public void A_transform_acts_on_its_columns_and_the_others_pass()
    {
        var transform = new OnColumns<double>(new FixedAffine<double>([2, 10], [0, 1]), 4, 3, 1);
        var (z, logDet) = Forward(transform, [1, 2, 3, 4]);
        Assert.That(z, Is.EqualTo(new double[] { 1, 21, 3, 8 }));
        Assert.That(logDet[0], Is.EqualTo(Math.Log(20)).Within(1e-15));
        var chart = new OnColumns<double>(new Inverted<double>(new Elementwise<double>(new Exp<double>(), 1)), 3, 1);
        Assert.That(chart.Domain, Is.EqualTo(Domain.Of(Axis.Real, Axis.Positive, Axis.Real)));
        Assert.That(chart.Codomain.IsReal, Is.True);
    }

    [Test]
    public void Columns_that_are_not_there_or_come_twice_are_refused()
    {
        var inner = new FixedAffine<double>([2, 10], [0, 1]);
        Assert.That(() => new OnColumns<double>(inner, 4, 1, 4), Throws.ArgumentException);
        Assert.That(() => new OnColumns<double>(inner, 4, 1, 1), Throws.ArgumentException);
        Assert.That(() => new OnColumns<double>(inner, 4, 1), Throws.ArgumentException);
        Assert.That(() => new SideBySide<double>(), Throws.ArgumentException);
    }

    [Test]
    public void Parts_side_by_side_take_their_columns()
    {
        var transform = new SideBySide<double>(new FixedAffine<double>([2, 10], [0, 1]), new Inverted<double>(new Elementwise<double>(new Exp<double>(), 1)));
        var (z, logDet) = Forward(transform, [1, 2, Math.E]);
        Assert.That(z, Is.EqualTo(new double[] { 2, 21, 1 }).Within(1e-15));
        Assert.That(logDet[0], Is.EqualTo(Math.Log(20) - 1).Within(1e-15));
        Assert.That(transform.Domain, Is.EqualTo(Domain.Of(Axis.Real, Axis.Real, Axis.Positive)));
    }

    [Test]
    public void A_squeeze_puts_the_pixels_of_a_square_into_channels()
    {
        // Two channels of 2 x 4: rows (0 1 2 3), (4 5 6 7), then (8 ...), (12 ...).
        double[] image = [.. Enumerable.Range(0, 16)];
        double[] squeezed = [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15];
        var squeeze = Permutation<double>.Squeeze(2, 2, 4);
        Assert.That(Forward(squeeze, image).Z, Is.EqualTo(squeezed));
        Assert.That(Forward(new Inverted<double>(squeeze), squeezed).Z, Is.EqualTo(image));
        Assert.That(Forward(Permutation<double>.Squeeze(1, 3, 3, 3), [.. image[..9]]).Z, Is.EqualTo(image[..9]));
        Assert.That(() => Permutation<double>.Squeeze(1, 3, 4), Throws.ArgumentException);
    }

    [Test]
    public void A_chessboard_lets_the_odd_half_pass()
    {
        bool[] odd = [false, true, true, false, true, false, false, true];
        Assert.That(Coupling<double>.Checkerboard(2, 2, 2), Is.EqualTo(odd));
        Assert.That(Coupling<double>.Checkerboard(2, 2, 2, odd: false), Is.EqualTo(odd.Select(passes => !passes)));
    }

    [Test]
    public void Columns_leave_a_multi_scale_flow_in_order()
    {
        var transform = new Factored<double>(Scale(5, 2), Scale(2, 10), Scale(1, 100));
        var (z, logDet) = Forward(transform, [1, 2, 3, 4, 5]);
        Assert.That(z, Is.EqualTo(new double[] { 2, 4, 6, 80, 10_000 }));
        Assert.That(logDet[0], Is.EqualTo((5 * Math.Log(2)) + (2 * Math.Log(10)) + Math.Log(100)).Within(1e-14));
        Assert.That(Forward(new Inverted<double>(transform), z).Z, Is.EqualTo(new double[] { 1, 2, 3, 4, 5 }));

        // One of three channels of two pixels each stays.
        var channels = new Factored<double>([Scale(6, 2), Scale(2, 10)], [4]);
        Assert.That(Forward(channels, [1, 2, 3, 4, 5, 6]).Z, Is.EqualTo(new double[] { 2, 4, 6, 8, 100, 120 }));
        Assert.That(() => new Factored<double>(Scale(5, 2), Scale(3, 2)), Throws.ArgumentException);
        Assert.That(() => new Factored<double>([Scale(5, 2), Scale(5, 2)], [0]), Throws.ArgumentException);
    }

    [Test]
    public void Bits_per_dimension_count_levels()
    {
        // A uniform density over [0, 1]² says nothing: all eight bits are needed. Twice as dense in all, half a bit less for each of two.
        Assert.That(BitsPerDimension.Of(0, 2), Is.EqualTo(8));
        Assert.That(BitsPerDimension.Of(Math.Log(2), 2), Is.EqualTo(7.5).Within(1e-15));
    }

    private static FixedAffine<double> Scale(int features, double factor) => new([.. Enumerable.Repeat(factor, features)], new double[features]);

    private static (double[] Z, double[] LogDet) Forward(Transform<double> transform, double[] row)
    {
        using var evaluation = new TransformEvaluation<double>(transform, Device.Cpu, 1);
        return evaluation.Apply(inverse: false, row, default);
    }
}
