using System.Globalization;
using Plotting;

namespace Mbank;

/// <summary>log₁₀ of the flow's density over the truth: of all rows, and of rows of similar density, in slices of two decades.</summary>
internal static class AccuracyFigure
{
    private const double Decades = 2;
    private const int MostSlices = 4;
    private const int Bins = 60;

    // A slice has fewer rows: with fewer bins it is a shape and no comb, with fewer rows it is neither.
    private const int SliceBins = 24;
    private const int FewestRows = 20;

    /// <summary>Draws the figure.</summary>
    /// <param name="flow">The flow's log-densities, natural logarithms; rows that are not finite are left out.</param>
    /// <param name="truth">The true ones.</param>
    public static Figure Create(ReadOnlySpan<double> flow, ReadOnlySpan<double> truth)
    {
        var ratios = new List<double>();
        var places = new List<double>();
        for (var i = 0; i < flow.Length; i++)
        {
            if (!double.IsFinite(flow[i]) || !double.IsFinite(truth[i]))
                continue;
            ratios.Add((flow[i] - truth[i]) / Math.Log(10));
            places.Add(truth[i] / Math.Log(10));
        }

        var figure = new Figure("Accuracy of the density", 1, 2).PanelSize(330, 230).Share(AxisSharing.Aligned, AxisSharing.None);
        var reach = ratios.Count == 0 ? 1 : SampleStatistics.Quantiles([.. ratios.Select(Math.Abs)], 0.995)[0];
        reach = Math.Max(reach, 1e-4);
        Panel(0).Histogram(Of(ratios, Bins), "all rows", HistogramStyle.Step | HistogramStyle.Filled).YLabel("density");
        if (ratios.Count == 0)
            return figure;

        var top = places.Max();
        var slices = Panel(1);
        for (var slice = 0; slice < MostSlices; slice++)
        {
            var (high, low) = (top - (slice * Decades), top - ((slice + 1) * Decades));
            var inside = ratios.Where((_, i) => places[i] <= high && places[i] > low).ToList();
            if (inside.Count >= FewestRows)
                slices.Histogram(Of(inside, SliceBins), $"{Number(low)} to {Number(high)}");
        }

        slices.Note("by log_{10}(truth)");
        return figure;

        Panel Panel(int column) => figure.Panel(0, column).XLabel("log_{10} (flow / truth)").XRange(-reach, reach);

        Histogram1D Of(List<double> values, int bins) => Histogram1D.Of(values.ToArray(), bins, -reach, reach).ToDensity();
    }

    private static string Number(double value)
    {
        var rounded = Math.Round(value, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{(rounded < 0 ? "\\minus " : "")}{Math.Abs(rounded):f1}");
    }
}
