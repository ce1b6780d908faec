using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class PairPlotTests
{
    private const int Count = 10_000;

    [Test]
    public void Cells_end_where_the_values_end_and_the_axis_leaves_air()
    {
        var values = Quantiles(p => p);
        var axis = PairAxis.Of([values]);
        Assert.Multiple(() =>
        {
            Assert.That((axis.From, axis.To), Is.EqualTo((values[0], values[^1])));
            Assert.That(axis.Min, Is.InRange(-0.07, -0.05));
            Assert.That(axis.Max, Is.InRange(1.05, 1.07));
        });
    }

    [Test]
    public void Tails_of_a_power_law_are_left_out_and_their_share_is_known()
    {
        var values = Quantiles(p => Math.Tan(Math.PI * (p - 0.5)));
        var axis = PairAxis.Of([values]);

        // Three times the quantile of 95 %, tan 0.45π = 6.314, and 6 % of the range at either side; the quantile of a sample of equal steps is 1e-3 off.
        var expected = 3 * 1.12 * Math.Tan(0.45 * Math.PI);
        Assert.That(axis.Max, Is.EqualTo(expected).Within(0.01 * expected));
        Assert.That(axis.Outside(values, null), Is.EqualTo(1 - 2 / Math.PI * Math.Atan(axis.Max)).Within(2.0 / Count));
        Assert.That(axis.Outside(values, [.. values.Select(v => Math.Abs(v) > axis.Max ? 0.0 : 1.0)]), Is.Zero);
    }

    [Test]
    public void An_exponential_tail_is_shown()
    {
        var values = Quantiles(p => -Math.Log(1 - p));
        Assert.That(PairAxis.Of([values]).Outside(values, null), Is.LessThan(0.004));
    }

    [Test]
    public void Whole_numbers_have_a_bin_each_with_the_number_in_its_middle()
    {
        var axis = PairAxis.Of([[0, 1, 1, 2, 5], [3, 4]]);
        Assert.That((axis.From, axis.To, axis.Bins, axis.Cells), Is.EqualTo((-0.5, 5.5, 6, 6)));
        var many = PairAxis.Of([[.. Enumerable.Range(0, 1000).Select(i => (double)i)]]);
        Assert.That((many.To - many.From) / many.Bins, Is.EqualTo(Math.Round((many.To - many.From) / many.Bins)), "a bin holds as many numbers as every other");
        Assert.That(many.Bins, Is.LessThanOrEqualTo(40));
    }

    [Test]
    public void Numbers_between_whole_ones_count_for_the_one_below()
    {
        var axis = PairAxis.Of([[0, 1, 1, 2, 3], [0.5, 1.2, 2.9, 3.7]]);
        Assert.That((axis.From, axis.To, axis.Bins), Is.EqualTo((0.0, 4.0, 4)));
    }

    [TestCase(-180, 180)]
    [TestCase(0, 2 * Math.PI)]
    public void Angles_that_fill_a_turn_are_shown_over_the_turn(double min, double max)
    {
        var axis = PairAxis.Of([Quantiles(p => min + p * (max - min))]);
        Assert.That((axis.Min, axis.From, axis.To, axis.Max), Is.EqualTo((min, min, max, max)));
    }

    [Test]
    public void A_figure_of_all_kinds_of_variables_is_sound_and_notes_what_it_does_not_show()
    {
        double[][] Sample(double shift) =>
        [
            Quantiles(p => p), Quantiles(p => Math.Tan(Math.PI * (Mixed(p, 7) - 0.5)) + shift), Quantiles(p => Math.Floor(12 * Mixed(p, 11))), Quantiles(p => 2 * Math.PI * (Mixed(p, 13) - 0.5)),
        ];
        var figure = PairPlot.Create(
            "A title of some length", ["fraction / 1", "a name that is long for a panel", "n", "\\phi"],
            [new PairSample("the first of the files.parquet", Sample(0)), new PairSample("the second of the files.parquet", Sample(1))]);
        FigureAssert.IsSound(figure);
        Assert.That(figure.Layout().Texts.Where(text => text.Text.EndsWith("outside", StringComparison.Ordinal)), Has.Exactly(1).Items);

        static double Mixed(double p, int factor) => factor * p % 1;
    }

    private static double[] Quantiles(Func<double, double> quantile) => [.. Enumerable.Range(0, Count).Select(i => quantile((i + 0.5) / Count))];
}
