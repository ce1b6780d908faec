using FlowCore.Distributions;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Elementwise;

/// <summary>A box takes its ends from numbers or from the first data, and is not used without.</summary>
[TestFixture]
internal sealed class BoxTests
{
    [Test]
    public void A_box_takes_the_range_of_the_first_data_and_a_margin()
    {
        var box = new Box<double>(2, "box", margin: 0.1);
        using var flow = new Flow<double>(new StandardNormal<double>(2), box);
        Assert.That(() => flow.LogDensity([0.0, 0], new double[1]), Throws.InvalidOperationException.With.Message.Contains("box"));
        Assert.That(DataStart.Run<double>(flow, [0, 10, 2, 30, 1, 20]), Is.EqualTo(1));
        Assert.That(box.Domain, Is.EqualTo(Domain.Of(Axis.Interval(-0.2, 2.2), Axis.Interval(8, 32))));
        Assert.That(box.Parameters.Select(parameter => (parameter.Name, parameter.Trainable)), Is.EqualTo(new[] { ("box.low", false), ("box.high", false) }));

        // Once set it stays.
        Assert.That(DataStart.Run<double>(flow, [0, 0, 100, 100]), Is.Zero);
        Assert.That(new Box<double>(1, "box").Margin, Is.EqualTo(0.01));
    }

    [Test]
    public void A_box_knows_after_a_file_whether_it_has_ends()
    {
        var box = new Box<double>(1, "box", margin: 0.5);
        var copy = (Box<float>)box.ConvertTo<float>();
        Assert.That((copy.IsStarted, copy.Margin), Is.EqualTo((false, 0.5)));
        box.Start([1, 3]);
        copy = (Box<float>)box.ConvertTo<float>();
        Assert.That((copy.IsStarted, copy.Domain), Is.EqualTo((true, Domain.Of(Axis.Interval(0, 4)))));
    }

    [Test]
    public void What_makes_no_box_is_refused()
    {
        Assert.That(() => new Box<double>(2, "box").Start([1, 5, 2, 5]), Throws.ArgumentException.With.Message.Contains("feature 1"));
        Assert.That(() => new Box<double>(1, "box").Start([1, double.NaN]), Throws.ArgumentException);
        Assert.That(() => new Box<double>(1, "box").Start([1, 2], inverse: true), Throws.InstanceOf<NotSupportedException>());
        Assert.That(() => new Box<double>([0], [0], "box"), Throws.ArgumentException);
        Assert.That(() => new Box<double>([0, 1], [1], "box"), Throws.ArgumentException);
        Assert.That(() => new Box<float>([1], [1 + 1e-9], "box"), Throws.ArgumentException);
        Assert.That(() => new Box<double>(1, "box", margin: -1), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Data_reach_a_box_on_some_columns()
    {
        // Logarithms of the last column reach the box: 0 to 2.
        var box = new Box<double>(1, "box", margin: 0);
        var log = new Inverted<double>(new Elementwise<double>(new Exp<double>(), 1));
        var inner = new Composition<double>(1, log, new OnColumns<double>(box, 1, 0));
        var side = new SideBySide<double>(new FixedAffine<double>([2, 2], [0, 0]), inner);
        using var flow = new Flow<double>(new StandardNormal<double>(3), new Factored<double>(side, new Composition<double>(1)));
        Assert.That(DataStart.Run<double>(flow, [5, 6, 1, 7, 8, Math.Exp(2)]), Is.EqualTo(1));
        Assert.That((box.Domain.Axes![0].Lower, box.Domain.Axes![0].Upper), Is.EqualTo((0.0, 2.0)).Within(1e-15));
    }
}
