using System.Numerics.Tensors;
using FlowCore.Manifolds;
using Plotting;

namespace ManifoldsSample;

/// <summary>A pdf of several coordinates on one page: marginal densities, and the regions of highest density of pairs.</summary>
/// <remarks>What is drawn are the pdf's own draws and values; angles close on themselves.</remarks>
internal static class JointFigure
{
    private const int Draws = 40_000;
    private const int Cells = 80;

    // Cells by which an axis that closes on itself is continued on either side before it is smoothed, and the width of the smoothing.
    private const int Overlap = 12;
    private const double Smoothing = 1.5;

    private static readonly double[] _probabilities = [0.5, 0.9, 0.99];
    private static readonly PlotStyle _density = new(PlotColor.Blue);
    private static readonly PlotStyle _exact = new(PlotColor.Foreground, Width: 1);
    private static readonly PlotStyle _truth = new(PlotColor.Vermillion);

    /// <summary>All pairs of coordinates: regions that hold 50, 90 and 99 % below the diagonal, marginals on it, from draws.</summary>
    /// <param name="pdf">The pdf, without categories.</param>
    /// <param name="title">The title.</param>
    /// <param name="names">A name for each column of the intrinsic coordinates.</param>
    /// <param name="condition">The condition; empty for none.</param>
    /// <param name="truth">A point in intrinsic coordinates that is marked; empty for none.</param>
    /// <returns>The figure.</returns>
    public static Figure Pairs(Pdf<float> pdf, string title, IReadOnlyList<string> names, float[] condition, float[] truth)
    {
        var draws = DrawsOf(pdf, condition);
        var axes = JointAxis.Of(pdf.Definition, names, draws);
        var n = axes.Length;
        var figure = new Figure(title, n, n).PanelSize(170, 150).Share(AxisSharing.Aligned, AxisSharing.Aligned);
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var panel = figure.Panel(row, column).XLabel(axes[column].Name).XRange(axes[column].Min, axes[column].Max);
                if (row == column)
                {
                    Marginal(panel.OwnAxes(x: false, y: true), axes[row], axes[row].Shown(draws, n, row));
                    if (truth.Length > 0)
                        panel.VerticalLine(axes[row].Shown(truth, n, row)[0], style: _truth);
                    continue;
                }

                var density = Density(axes[column], axes[row], axes[column].Shown(draws, n, column), axes[row].Shown(draws, n, row));
                Regions(panel.YLabel(axes[row].Name).YRange(axes[row].Min, axes[row].Max), density);
                if (truth.Length > 0)
                    panel.Points(axes[column].Shown(truth, n, column), axes[row].Shown(truth, n, row), style: _truth);
            }
        }

        return figure;
    }

    /// <summary>A pdf of two dimensions: its values with the regions that hold 50, 90 and 99 %, some draws, and beside it the marginals: of the values as lines, of the draws as areas.</summary>
    /// <param name="pdf">The pdf, of two columns in intrinsic coordinates.</param>
    /// <param name="title">The title.</param>
    /// <param name="names">Their names.</param>
    /// <param name="condition">The condition; empty for none.</param>
    /// <returns>The figure.</returns>
    public static Figure Plane(Pdf<float> pdf, string title, IReadOnlyList<string> names, float[] condition)
    {
        var draws = DrawsOf(pdf, condition);
        var axes = JointAxis.Of(pdf.Definition, names, draws);
        var (x, y) = (axes[0].Shown(draws, 2, 0), axes[1].Shown(draws, 2, 1));
        var values = Values(pdf, axes, condition);
        var figure = new Figure(title, 2, 2).PanelSize(300, 240).ColumnWidths(1, 0.3).RowHeights(0.35, 1).Share(AxisSharing.Aligned, AxisSharing.Aligned);
        var joint = figure.Panel(1, 0).XLabel(names[0]).YLabel(names[1]).XRange(axes[0].Min, axes[0].Max).YRange(axes[1].Min, axes[1].Max);
        joint.HeatMap(values, ColorScale.SequentialFor(values)).Contours(values, LevelsOf(values), style: _exact).Scatter(x, y, style: new PlotStyle(PlotColor.Muted, MarkerSize: 1.2), maxPoints: 800);

        var top = figure.Panel(0, 0).XRange(axes[0].Min, axes[0].Max).OwnAxes(x: false, y: true);
        Marginal(top, axes[0], x, "draws");
        var across = Sums(values, alongRows: false);
        top.Line(across.Places, across.Densities, "values", _exact);

        // The same turned by a quarter: the density to the right.
        var side = figure.Panel(1, 1).YRange(axes[1].Min, axes[1].Max).OwnAxes(x: true, y: false);
        var (edges, heights) = (new List<double>(), new List<double>());
        var histogram = Histogram1D.Of(y, Cells, axes[1].Min, axes[1].Max).ToDensity();
        for (var cell = 0; cell < Cells; cell++)
        {
            edges.AddRange([axes[1].Min + ((axes[1].Max - axes[1].Min) * cell / Cells), axes[1].Min + ((axes[1].Max - axes[1].Min) * (cell + 1) / Cells)]);
            heights.AddRange([histogram.Contents[cell], histogram.Contents[cell]]);
        }

        side.Line([.. heights], [.. edges], style: _density);
        var along = Sums(values, alongRows: true);
        side.Line(along.Densities, along.Places, style: _exact);
        return figure;
    }

    /// <summary>The whole sky with the regions that hold 50, 90 and 99 %, and below it the marginals of cos θ and φ.</summary>
    /// <param name="pdf">The pdf; its last factor is a sphere.</param>
    /// <param name="title">The title.</param>
    /// <param name="condition">The condition; empty for none.</param>
    /// <param name="truth">A point in intrinsic coordinates that is marked; empty for none.</param>
    /// <returns>The figure.</returns>
    public static Figure Sky(Pdf<float> pdf, string title, float[] condition, float[] truth)
    {
        var draws = DrawsOf(pdf, condition);
        var n = pdf.Features;
        var axes = JointAxis.Of(pdf.Definition, [.. Enumerable.Repeat("", n - 2), "cos θ", "φ"], draws);
        var figure = new Figure(title, 2, 2).PanelSize(330, 165).ColumnWidths(1, 1);
        var direction = truth.Length == 0 ? Array.Empty<double>() : Direction(truth.AsSpan(n - 2, 2));
        SkyFigure.AddMollweideOfDraws(figure.Panel(0, 0).Title("the sky"), Directions(draws, n), direction);
        var pair = figure.Panel(0, 1).XLabel(axes[n - 1].Name).YLabel(axes[n - 2].Name);
        pair.XRange(axes[n - 1].Min, axes[n - 1].Max).YRange(axes[n - 2].Min, axes[n - 2].Max);
        Regions(pair, Density(axes[n - 1], axes[n - 2], axes[n - 1].Shown(draws, n, n - 1), axes[n - 2].Shown(draws, n, n - 2)));
        for (var k = 0; k < 2; k++)
        {
            var axis = axes[n - 2 + k];
            var panel = figure.Panel(1, k).XLabel(axis.Name).XRange(axis.Min, axis.Max);
            Marginal(panel, axis, axis.Shown(draws, n, n - 2 + k));
            if (truth.Length > 0)
                panel.VerticalLine(axis.Shown(truth, n, n - 2 + k)[0], style: _truth);
        }

        if (truth.Length > 0)
            pair.Points(axes[n - 1].Shown(truth, n, n - 1), axes[n - 2].Shown(truth, n, n - 2), style: _truth);
        return figure;
    }

    private static float[] DrawsOf(Pdf<float> pdf, float[] condition)
    {
        var draws = new float[Draws * pdf.Features];
        pdf.Draw(Draws, seed: 1, condition.Length == 0 ? default : new ReadOnlyTensorSpan<float>(condition, [1, condition.Length])).X.FlattenTo(draws);
        return draws;
    }

    private static double[] Directions(float[] draws, int columns)
    {
        var directions = new List<double>();
        for (var i = columns - 2; i < draws.Length; i += columns)
            directions.AddRange(Direction(draws.AsSpan(i, 2)));
        return [.. directions];
    }

    private static double[] Direction(ReadOnlySpan<float> angles) =>
        [Math.Sin(angles[0]) * Math.Cos(angles[1]), Math.Sin(angles[0]) * Math.Sin(angles[1]), Math.Cos(angles[0])];

    private static void Marginal(Panel panel, JointAxis axis, double[] shown, string? label = null) =>
        panel.Histogram(Histogram1D.Of(shown, Cells, axis.Min, axis.Max).ToDensity(), label, HistogramStyle.Filled | HistogramStyle.Step, _density);

    private static void Regions(Panel panel, Grid2D density) =>
        panel.FilledContours(density, LevelsOf(density), style: _density).Contours(density, LevelsOf(density), style: _density with { Width = 0.8 });

    private static double[] LevelsOf(Grid2D density)
    {
        var volumes = new double[density.Values.Length];
        Array.Fill(volumes, 1.0);
        var total = 0.0;
        foreach (var value in density.Values)
            total += value;
        var shares = new double[volumes.Length];
        for (var i = 0; i < shares.Length; i++)
            shares[i] = density.Values[i] / total;
        return Array.ConvertAll(HighestDensity.Levels(shares, volumes, _probabilities), level => level * total);
    }

    // Draws in cells, smoothed; an axis that closes on itself is continued beyond its ends, smoothed, and cut again.
    private static Grid2D Density(JointAxis across, JointAxis up, double[] x, double[] y)
    {
        var (left, below) = (across.IsCircular ? Overlap : 0, up.IsCircular ? Overlap : 0);
        var (width, height) = ((across.Max - across.Min) / Cells, (up.Max - up.Min) / Cells);
        var histogram = new Histogram2D(
            Cells + (2 * left), across.Min - (left * width), across.Max + (left * width), Cells + (2 * below), up.Min - (below * height), up.Max + (below * height));
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = left > 0 ? -1 : 0; k <= (left > 0 ? 1 : 0); k++)
            {
                for (var l = below > 0 ? -1 : 0; l <= (below > 0 ? 1 : 0); l++)
                    histogram.Fill(x[i] + (k * Math.Tau), y[i] + (l * Math.Tau));
            }
        }

        var smooth = histogram.ToGrid().Smoothed(Smoothing);
        var values = new double[Cells * Cells];
        for (var j = 0; j < Cells; j++)
        {
            for (var i = 0; i < Cells; i++)
                values[(j * Cells) + i] = smooth[left + i, below + j];
        }

        return new Grid2D(Cells, across.Min, across.Max, Cells, up.Min, up.Max, values);
    }

    private static Grid2D Values(Pdf<float> pdf, JointAxis[] axes, float[] condition)
    {
        var empty = new Grid2D(Cells, axes[0].Min, axes[0].Max, Cells, axes[1].Min, axes[1].Max, new double[Cells * Cells]);
        var points = new float[2 * Cells * Cells];
        for (var k = 0; k < Cells * Cells; k++)
            (points[2 * k], points[(2 * k) + 1]) = (axes[0].Intrinsic(empty.X(k % Cells)), axes[1].Intrinsic(empty.Y(k / Cells)));
        var logs = pdf.LogDensity(
            new ReadOnlyTensorSpan<float>(points, [Cells * Cells, 2]), condition.Length == 0 ? default : new ReadOnlyTensorSpan<float>(condition, [1, condition.Length]));
        var values = new double[Cells * Cells];
        for (var k = 0; k < values.Length; k++)
            values[k] = Math.Exp(logs[k] + axes[0].LogMeasure(empty.X(k % Cells)) + axes[1].LogMeasure(empty.Y(k / Cells)));
        return new Grid2D(Cells, axes[0].Min, axes[0].Max, Cells, axes[1].Min, axes[1].Max, values);
    }

    private static (double[] Places, double[] Densities) Sums(Grid2D values, bool alongRows)
    {
        var (places, densities) = (new double[Cells], new double[Cells]);
        var step = (alongRows ? values.XMax - values.XMin : values.YMax - values.YMin) / Cells;
        for (var k = 0; k < Cells; k++)
        {
            places[k] = alongRows ? values.Y(k) : values.X(k);
            for (var l = 0; l < Cells; l++)
                densities[k] += step * (alongRows ? values[l, k] : values[k, l]);
        }

        return (places, densities);
    }
}
