using FlowCore.Distributions;
using FlowCore.Transforms;
using Plotting;

namespace TransformGallery;

/// <summary>Maps of the plane: what becomes of a square grid of x, and the density of x that makes z standard normal.</summary>
internal static class PlaneFigure
{
    private const double PanelSide = 215;
    private const double Reach = 3;
    private const int Lines = 13;
    private const int PointsPerLine = 41;
    private const int Cells = 72;

    // Of a normal distribution what is within 1/2, 1, 3/2 and 2 standard deviations.
    private static readonly double[] _enclosed = [0.118, 0.393, 0.675, 0.865];

    /// <summary>Draws a transform.</summary>
    /// <param name="title">What is drawn.</param>
    /// <param name="transform">A transform of two features.</param>
    /// <param name="reach">By how much its parameters move from their start.</param>
    /// <param name="seed">The seed of what they move by.</param>
    /// <param name="conditions">The conditions of all rows.</param>
    /// <returns>The figure.</returns>
    public static Figure Draw(string title, Transform<double> transform, double reach = 0, ulong seed = 0, params ReadOnlySpan<double> conditions) =>
        Draw(title, new PreparedTransform(transform, reach, seed), conditions);

    /// <summary>Draws a transform that has its numbers.</summary>
    /// <param name="title">What is drawn.</param>
    /// <param name="prepared">The transform; it is disposed of.</param>
    /// <param name="conditions">The conditions of all rows.</param>
    /// <returns>The figure.</returns>
    public static Figure Draw(string title, PreparedTransform prepared, params ReadOnlySpan<double> conditions)
    {
        using var transform = prepared;
        var figure = new Figure(title, 1, 2).PanelSize(PanelSide, PanelSide);
        var grid = figure.Panel(0, 0).Title("a grid of $x$, seen in $z$").XLabel("$z_1$").YLabel("$z_2$").XRange(-4, 4).YRange(-4, 4);
        for (var vertical = 0; vertical < 2; vertical++)
        {
            for (var line = 0; line < Lines; line++)
                AddLine(grid, transform, isVertical: vertical == 0, -Reach + (2 * Reach * line / (Lines - 1)), conditions);
        }

        var repeated = Repeated(conditions, Cells * Cells);
        var density = Sampled((x, values) =>
        {
            var (z, logDet) = transform.Forward(x, repeated);
            for (var i = 0; i < values.Length; i++)
                values[i] = Math.Exp(logDet[i] - (0.5 * ((z[2 * i] * z[2 * i]) + (z[(2 * i) + 1] * z[(2 * i) + 1])))) / (2 * Math.PI);
        });
        AddContours(figure.Panel(0, 1).Title("the density of $x$"), density);
        return figure;
    }

    /// <summary>Draws densities side by side.</summary>
    /// <param name="title">What is drawn.</param>
    /// <param name="panels">Titles and distributions of two features.</param>
    /// <returns>The figure.</returns>
    public static Figure Densities(string title, params ReadOnlySpan<(string Title, BaseDistribution<double> Distribution)> panels)
    {
        var figure = new Figure(title, 1, panels.Length).PanelSize(PanelSide, PanelSide);
        for (var k = 0; k < panels.Length; k++)
        {
            using var flow = new Flow<double>(panels[k].Distribution, new Composition<double>(2));
            AddContours(figure.Panel(0, k).Title(panels[k].Title), Sampled((x, values) =>
            {
                flow.LogDensity(x, values);
                for (var i = 0; i < values.Length; i++)
                    values[i] = Math.Exp(values[i]);
            }));
        }

        return figure;
    }

    private static void AddContours(Panel panel, Grid2D density) =>
        panel.XLabel("$x_1$").YLabel("$x_2$").XRange(-4, 4).YRange(-4, 4).FilledContours(density, density.LevelsEnclosing(_enclosed), style: new PlotStyle(PlotColor.Blue));

    // The densities at the centres of the cells, those outside of a domain as 0.
    private static Grid2D Sampled(Action<double[], double[]> fill)
    {
        var (x, values) = (new double[2 * Cells * Cells], new double[Cells * Cells]);
        for (var i = 0; i < values.Length; i++)
        {
            x[2 * i] = -4 + (8 * ((i % Cells) + 0.5) / Cells);
            x[(2 * i) + 1] = -4 + (8 * ((i / Cells) + 0.5) / Cells);
        }

        fill(x, values);
        return new Grid2D(Cells, -4, 4, Cells, -4, 4, values);
    }

    private static void AddLine(Panel panel, PreparedTransform transform, bool isVertical, double place, ReadOnlySpan<double> conditions)
    {
        var x = new double[2 * PointsPerLine];
        for (var i = 0; i < PointsPerLine; i++)
        {
            var along = -Reach + (2 * Reach * i / (PointsPerLine - 1));
            (x[2 * i], x[(2 * i) + 1]) = isVertical ? (place, along) : (along, place);
        }

        var (z, logDet) = transform.Forward(x, Repeated(conditions, PointsPerLine));
        var (horizontal, vertical) = (new double[PointsPerLine], new double[PointsPerLine]);
        for (var i = 0; i < PointsPerLine; i++)
        {
            var isInside = double.IsFinite(logDet[i]);
            (horizontal[i], vertical[i]) = isInside ? (z[2 * i], z[(2 * i) + 1]) : (double.NaN, double.NaN);
        }

        var isAxis = Math.Abs(place) < 1e-9;
        panel.Line(horizontal, vertical, style: new PlotStyle(isVertical ? PlotColor.Blue : PlotColor.Vermillion, Width: isAxis ? 1.8 : 0.8));
    }

    private static double[] Repeated(ReadOnlySpan<double> conditions, int rows)
    {
        var repeated = new double[rows * conditions.Length];
        for (var i = 0; i < rows; i++)
            conditions.CopyTo(repeated.AsSpan(i * conditions.Length));
        return repeated;
    }
}
