using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class OddInputTests
{
    private static readonly double[][] _samples =
    [
        [],
        [1],
        [2, 2, 2, 2],
        [0, 0],
        [double.NaN],
        [double.NaN, 1, 2],
        [double.PositiveInfinity, double.NegativeInfinity, 0],
        [1e300, -1e300],
        [double.MaxValue, double.MinValue],
        [double.Epsilon, 1],
        [1e15, 1e15 + 1],
        [1e-200, 3e-200],
        [-5e6, 7e9, 12],
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        _samples.Select((s, i) => new TestCaseData(s).SetArgDisplayNames($"sample {i}: {string.Join(' ', s)}"));

    [TestCaseSource(nameof(Cases))]
    public void Histograms_draw_any_sample(double[] sample)
    {
        foreach (var log in (bool[])[false, true])
        {
            var figure = new Figure("t");
            var histogram = Histogram1D.Of(sample, 20);
            var panel = figure.Panel(0, 0)
                .Histogram(histogram, "a", HistogramStyle.Step | HistogramStyle.Filled | HistogramStyle.Points | HistogramStyle.ErrorBand)
                .Histogram(histogram.ToDensity(), "b");
            panel.WithRatio().Ratio(HistogramRatio.Of(histogram, histogram));
            if (log)
                panel.LogY();
            FigureAssert.IsSound(figure);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Lines_points_and_bands_draw_any_sample(double[] sample)
    {
        for (var mode = 0; mode < 4; mode++)
        {
            var figure = new Figure("t");
            double[] index = [.. sample.Select((_, i) => (double)i)];
            double[] one = [.. sample.Select(_ => 1.0)];
            var panel = figure.Panel(0, 0).XLabel("x").YLabel("y")
                .Line(index, sample, "line").Line(sample, index, "turned").Points(sample, sample, "points", null, one, one).Band(index, one, sample, "band")
                .Scatter(sample, index, "scatter").Arrows(sample, index, one, sample, "|v|");
            if ((mode & 1) != 0)
                panel.LogX();
            if ((mode & 2) != 0)
                panel.LogY();
            FigureAssert.IsSound(figure);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Maps_and_contours_draw_any_sample(double[] sample)
    {
        double[] values = [.. Enumerable.Range(0, 12).Select(i => sample.Length == 0 ? 0 : sample[i % sample.Length])];
        var grid = new Grid2D(4, 0, 1, 3, 0, 1, values);
        var figure = new Figure("t", 1, 2);
        figure.Panel(0, 0).HeatMap(grid, ColorScale.DivergingFor(grid), "v").FilledContours(grid, [0, 1, 2], "f").Contours(grid, [0.5], "l");
        var smooth = Histogram2D.Of(sample, sample, 5, -1, 3, 5, -1, 3).ToDensity().Smoothed(1);
        figure.Panel(0, 1).HeatMap(grid, ColorScale.SequentialFor(grid), "v").FilledContours(smooth, smooth.LevelsEnclosing(0.5, 0.9)).EqualAspect();
        FigureAssert.IsSound(figure);
    }

    [TestCaseSource(nameof(Cases))]
    public void Pair_plots_draw_any_sample(double[] sample)
    {
        double[] index = [.. sample.Select((_, i) => (double)i)];
        FigureAssert.IsSound(PairPlot.Create("t", ["a", "b"], [new PairSample("s", [sample, index]), new PairSample("none", [[], []])]));
        FigureAssert.IsSound(PairPlot.CreateWithPoints("t", ["a", "b"], [new PairSample("s", [sample, index]), new PairSample("none", [[], []])]));
    }

    [Test]
    public void An_empty_histogram_has_an_axis_from_zero_to_one()
    {
        var figure = new Figure("t");
        figure.Panel(0, 0).Histogram(new Histogram1D(3, 0, 1));
        Assert.That((figure.Layout().Panels[0].YMin, figure.Layout().Panels[0].YMax), Is.EqualTo((0.0, 1.0)));
    }

    [Test]
    public void A_figure_without_panels_or_series_shows_empty_axes()
    {
        FigureAssert.IsSound(new Figure(""));
        var figure = new Figure("t", 2, 2);
        figure.Panel(1, 1).XLabel("x");
        FigureAssert.IsSound(figure);
        Assert.That(figure.Layout().Panels, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_panel_whose_series_are_empty_says_so()
    {
        var figure = new Figure("t");
        figure.Panel(0, 0).Line([], []).Scatter([double.NaN], [1]);
        Assert.That(figure.Layout().Texts.Select(t => t.Text), Does.Contain("no data to show"));
    }

    [Test]
    public void A_fixed_end_beyond_the_data_gives_an_axis()
    {
        foreach (var log in (bool[])[false, true])
        {
            var figure = new Figure("t", 1, 2);
            figure.Panel(0, 0).Line([1, 2], [1, 2]).YRange(50, null);
            figure.Panel(0, 1).Line([1, 2], [1, 2]).YRange(null, 0.01);
            if (log)
                figure.Panel(0, 0).LogY();
            FigureAssert.IsSound(figure);
            Assert.That(figure.Layout().Panels.Select(p => p.YMax > p.YMin), Is.All.True);
        }
    }

    [Test]
    public void Data_far_outside_a_fixed_range_stays_out_of_the_document()
    {
        var figure = new Figure("t");
        figure.Panel(0, 0).Line([0, 0.5, 1], [0, 1e200, 1]).Points([0.5, 1e100], [0.5, 2]).Arrows([0.5], [0.5], [1e150], [0], null, 1).XRange(0, 1).YRange(0, 1);
        FigureAssert.IsSound(figure);
    }

    [Test]
    public void Characters_that_XML_cannot_hold_are_replaced()
    {
        var figure = new Figure("a\u0001b\uD800c & <d> \"e\"").Describe("x\u0000y\uDC00");
        figure.Panel(0, 0).XLabel("tab\there").Line([0, 1], [0, 1], "😀 and \uFFFF");
        FigureAssert.IsSound(figure);
        Assert.That(figure.ToSvg(), Does.Contain("😀").And.Contain("&lt;d&gt;"));
    }

    [Test]
    public void Invalid_arguments_are_refused_with_their_name()
    {
        var panel = new Figure("t").Panel(0, 0);
        var grid = new Grid2D(2, 0, 1, 2, 0, 1, [1, 2, 3, 4]);
        Assert.That(() => new Figure("t", 0, 1), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("rows"));
        Assert.That(() => new Figure("t").Panel(0, 1), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo("column"));
        Assert.That(() => new Figure("x^"), Throws.ArgumentException);
        Assert.That(() => new Figure("t", 1, 2).ColumnWidths(1), Throws.ArgumentException);
        Assert.That(() => new Figure("t").PanelSize(10, 100), Throws.ArgumentException);
        Assert.That(() => panel.Line([1, 2], [1]), Throws.ArgumentException.With.Property("ParamName").EqualTo("y"));
        Assert.That(() => panel.XRange(1, 1), Throws.ArgumentException);
        Assert.That(() => panel.YRange(double.NaN, 1), Throws.ArgumentException);
        Assert.That(() => panel.Contours(grid, [double.NaN]), Throws.ArgumentException);
        Assert.That(() => panel.HorizontalLine(double.NaN), Throws.ArgumentException);
        Assert.That(() => panel.Line([1], [1], "a_{b"), Throws.ArgumentException);
        Assert.That(() => panel.Line([1], [1], null, new PlotStyle(Width: -1)), Throws.ArgumentException);
        Assert.That(() => panel.Arrows([1], [1], [1], [1], null, 0), Throws.ArgumentException);
        Assert.That(() => panel.WithRatio().WithRatio(), Throws.InvalidOperationException);
        Assert.That(() => new Grid2D(2, 0, 1, 2, 0, 1, [1, 2, 3]), Throws.ArgumentException);
        Assert.That(() => new Grid2D(2, 0, 0, 2, 0, 1, [1, 2, 3, 4]), Throws.ArgumentException);
        Assert.That(() => grid.LevelsEnclosing(1), Throws.ArgumentException);
        Assert.That(() => ColorScale.Diverging(0), Throws.ArgumentException);
        Assert.That(() => ColorScale.Sequential(1, 1), Throws.ArgumentException);
    }

    [Test]
    public void A_logarithmic_axis_fixed_below_zero_is_refused()
    {
        var figure = new Figure("t");
        figure.Panel(0, 0).LogY().YRange(-1, 1).Line([0, 1], [1, 2]);
        Assert.That(figure.ToSvg, Throws.ArgumentException);
    }
}
