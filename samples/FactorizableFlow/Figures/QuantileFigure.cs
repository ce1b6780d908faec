using System.Globalization;
using CommandLine;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Diagnostics;
using FlowCore.Random;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>Log-densities and quantiles of fresh events of the generator under a model.</summary>
internal static class QuantileFigure
{
    private const int Bins = 40;
    private const int CellsAcross = 20;

    /// <summary>Draws them.</summary>
    /// <param name="title">The figure's title.</param>
    /// <param name="at">The model.</param>
    /// <param name="stream">The events' randomness.</param>
    /// <param name="count">How many events, at least 1.</param>
    public static Figure Create(string title, ModelAtPoint at, RandomStream stream, int count)
    {
        var block = new EventBlock(at.Sector, count);
        block.Draw(CommandDevice.HostOf(at.Model.Device), at.Generator, stream, 0, count);
        var density = new float[count];
        at.Model.LogDensity(block.Features, new(block.Context, at.Nuisances), density);
        var truth = block.Truth.ToArray();
        var model = Array.ConvertAll(density, value => (double)value);
        double[] difference = [.. model.Zip(truth, (a, b) => a - b)];

        var figure = new Figure(title, 2, 2).PanelSize(330, 220);
        (var min, var max) = PlaneBox.Range(truth);
        figure.Panel(0, 0).XLabel("ln $p$").YLabel("events a bin").XRange(min, max).YRange(0, null)
            .Histogram(Histogram1D.Of(truth, Bins, min, max), "under the truth", HistogramStyle.Filled | HistogramStyle.Step, new PlotStyle(PlotColor.Muted, Width: 1))
            .Histogram(Histogram1D.Of(model, Bins, min, max), "under the model", HistogramStyle.Step, new PlotStyle(PlotColor.Blue));
        DrawDifferences(figure.Panel(0, 1), difference);
        var u = EventQuantiles.Of(at.Model, block.Features, new(block.Context, at.Nuisances));
        DrawQuantiles(figure.Panel(1, 0), u, Looks.Names(at.Sector));
        DrawCells(figure.Panel(1, 1), u);
        return figure;
    }

    private static void DrawDifferences(Panel panel, double[] difference)
    {
        var finite = Array.FindAll(difference, double.IsFinite);
        var ends = SampleStatistics.Quantiles(finite, 0.005, 0.995);
        var reach = Math.Clamp(Math.Max(Math.Abs(ends[0]), Math.Abs(ends[1])), 1e-3, 10);
        reach = double.IsNaN(reach) ? 1 : reach;
        var mean = finite.Length == 0 ? 0 : finite.Average();
        var deviation = finite.Length < 2 ? 0 : Math.Sqrt(finite.Sum(value => (value - mean) * (value - mean)) / (finite.Length - 1));
        panel.XLabel("ln $p_{model}$ \\minus  ln $p_{truth}$").YLabel("events a bin").XRange(-reach, reach).YRange(0, null)
            .Histogram(Histogram1D.Of(finite, Bins, -reach, reach), null, HistogramStyle.Filled | HistogramStyle.Step, new PlotStyle(PlotColor.Blue, Width: 1))
            .VerticalLine(0, null, new PlotStyle(PlotColor.Foreground, Width: 1))
            .Note(string.Create(CultureInfo.InvariantCulture, $"KL = {-mean * 1e5:0} \\pm  {deviation / Math.Sqrt(Math.Max(1, finite.Length)) * 1e5:0} \\times  10^{{\u22125}} nats"))
            .Note(string.Create(CultureInfo.InvariantCulture, $"spread = {deviation:0.000} nats"));
    }

    private static void DrawQuantiles(Panel panel, double[][] u, string[] names)
    {
        var count = u[0].Length;
        var error = Math.Sqrt((double)Bins / count);
        panel.XLabel("quantile $u$ = \\Phi($z$)").YLabel("density").XRange(0, 1)
            .YRange(1 - Math.Max(0.1, 5 * error), 1 + Math.Max(0.1, 8 * error))
            .Band([0, 1], [1 - error, 1 - error], [1 + error, 1 + error], "uniform \\pm  1 \\sigma", new PlotStyle(PlotColor.Muted, Opacity: 0.35));
        PlotColor[] colors = [PlotColor.Green, PlotColor.Purple];
        for (var feature = 0; feature < 2; feature++)
        {
            var histogram = Histogram1D.Of(u[feature], Bins, 0, 1);
            var p = UniformityTest.Of(names[feature], u[feature]).PValue;
            var probability = p < 1e-4 ? "p < 0.0001" : string.Create(CultureInfo.InvariantCulture, $"p = {p:0.000#}");
            panel.Histogram(
                histogram.ToDensity(), $"{names[feature]} ({probability})", HistogramStyle.Step, new PlotStyle(colors[feature], Dash: feature == 0 ? DashStyle.Solid : DashStyle.Dashed));
        }
    }

    private static void DrawCells(Panel panel, double[][] u)
    {
        var expected = (double)u[0].Length / (CellsAcross * CellsAcross);
        var pulls = Histogram2D.Of(u[0], u[1], CellsAcross, 0, 1, CellsAcross, 0, 1).ToGrid().Select(content => (content - expected) / Math.Sqrt(expected));
        var limit = Math.Max(4, Math.Min(20, SampleStatistics.Quantiles([.. pulls.Values.ToArray().Select(Math.Abs)], 0.99)[0]));
        panel.XLabel("$u_1$").YLabel("$u_2$").HeatMap(pulls, ColorScale.Diverging(Math.Ceiling(limit)), "(events \\minus  uniform) / \\sigma");
    }
}
