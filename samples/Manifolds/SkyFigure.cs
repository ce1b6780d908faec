using System.Numerics.Tensors;
using FlowCore.Manifolds;
using Plotting;

namespace ManifoldsSample;

/// <summary>A density on the sphere, seen in one equal-area projection: Mollweide's of the whole sky, or Lambert's around a direction.</summary>
internal static class SkyFigure
{
    private const int Columns = 240;
    private const int Rows = 120;
    private static readonly double _reach = 2 * Math.Sqrt(2);
    private static readonly double[] _probabilities = [0.5, 0.9, 0.99];

    /// <summary>Adds the regions of highest density that hold 50, 90 and 99 %.</summary>
    /// <param name="panel">Where to.</param>
    /// <param name="logDensity">ln p per solid angle at unit vectors, row-major [n, 3].</param>
    /// <param name="truth">A direction to be marked; empty for none.</param>
    public static void AddMollweide(Panel panel, Func<double[], double[]> logDensity, ReadOnlySpan<double> truth = default) =>
        Mollweide(panel, Sampled(Columns, _reach, Rows, _reach / 2, FromMollweide, logDensity), truth);

    /// <summary>The same of draws, whose number in cells is smoothed: for what has no density of its own, such as the directions of a pdf of more.</summary>
    /// <param name="panel">Where to.</param>
    /// <param name="directions">Unit vectors, row-major [n, 3].</param>
    /// <param name="truth">A direction to be marked; empty for none.</param>
    public static void AddMollweideOfDraws(Panel panel, double[] directions, ReadOnlySpan<double> truth = default)
    {
        var histogram = new Histogram2D(Columns, -_reach, _reach, Rows, -_reach / 2, _reach / 2);
        for (var i = 0; i < directions.Length; i += 3)
        {
            var (x, y) = ToMollweide(directions[i..(i + 3)]);
            histogram.Fill(x, y);
        }

        Mollweide(panel, histogram.ToGrid().Smoothed(1.5), truth);
    }

    /// <summary>The same around a direction, which is the centre.</summary>
    /// <param name="panel">Where to.</param>
    /// <param name="logDensity">ln p per solid angle at unit vectors, row-major [n, 3].</param>
    /// <param name="centre">The direction of the centre, a unit vector.</param>
    /// <param name="radius">How far to see, in radians, up to π.</param>
    /// <param name="truth">A direction to be marked; empty for none.</param>
    public static void AddLambert(Panel panel, Func<double[], double[]> logDensity, ReadOnlySpan<double> centre, double radius, ReadOnlySpan<double> truth = default)
    {
        var (u, v, w) = Frame(centre);
        var reach = 2 * Math.Sin(radius / 2);
        var grid = Sampled(Rows, reach, Rows, reach, (x, y) => FromLambert(x, y, u, v, w), logDensity);
        Regions(panel, grid);
        Mark(panel, truth, n => ToLambert(n, u, v, w));
        panel.XRange(-reach, reach).YRange(-reach, reach).EqualAspect();
    }

    private static void Mollweide(Panel panel, Grid2D grid, ReadOnlySpan<double> truth)
    {
        Regions(panel, grid);
        Graticule(panel, ToMollweide);
        Mark(panel, truth, ToMollweide);
        panel.XRange(-_reach, _reach).YRange(-_reach / 2, _reach / 2).EqualAspect();
    }

    private static Grid2D Sampled(
        int columns, double width, int rows, double height, Func<double, double, double[]?> toDirection, Func<double[], double[]> logDensity)
    {
        var (directions, cells) = (new List<double>(), new List<int>());
        for (var j = 0; j < rows; j++)
        {
            for (var i = 0; i < columns; i++)
            {
                if (toDirection(width * ((2 * (i + 0.5) / columns) - 1), height * ((2 * (j + 0.5) / rows) - 1)) is not { } n)
                    continue;
                directions.AddRange(n);
                cells.Add((j * columns) + i);
            }
        }

        var logs = logDensity([.. directions]);
        var values = new double[rows * columns];
        for (var c = 0; c < cells.Count; c++)
            values[cells[c]] = Math.Exp(logs[c]);
        return new Grid2D(columns, -width, width, rows, -height, height, values);
    }

    private static void Regions(Panel panel, Grid2D grid) =>
        panel.FilledContours(grid, grid.LevelsEnclosing(_probabilities), style: new PlotStyle(PlotColor.Blue));

    private static void Mark(Panel panel, ReadOnlySpan<double> truth, Func<double[], (double X, double Y)> project)
    {
        if (truth.IsEmpty)
            return;
        var (x, y) = project(truth.ToArray());
        panel.Points([x], [y], style: new PlotStyle(PlotColor.Vermillion));
    }

    private static void Graticule(Panel panel, Func<double[], (double X, double Y)> project)
    {
        for (var meridian = -180; meridian <= 180; meridian += 60)
            Curve(panel, project, t => (-90 + (180 * t), meridian));
        for (var parallel = -60; parallel <= 60; parallel += 30)
            Curve(panel, project, t => (parallel, -179.99 + (359.98 * t)));
    }

    private static void Curve(Panel panel, Func<double[], (double X, double Y)> project, Func<double, (double Latitude, double Longitude)> at)
    {
        const int Points = 61;
        var (x, y) = (new double[Points], new double[Points]);
        for (var i = 0; i < Points; i++)
        {
            var (latitude, longitude) = at(i / (Points - 1.0));
            var (b, l) = (latitude * Math.PI / 180, Math.Clamp(longitude, -179.99, 179.99) * Math.PI / 180);
            (x[i], y[i]) = project([Math.Cos(b) * Math.Cos(l), Math.Cos(b) * Math.Sin(l), Math.Sin(b)]);
        }

        panel.Line(x, y, style: new PlotStyle(PlotColor.Muted, Width: 0.5));
    }

    // Mollweide 1805: x = 2√2/π λ cos t, y = √2 sin t, 2t + sin 2t = π sin β.
    private static double[]? FromMollweide(double x, double y)
    {
        var sine = y / Math.Sqrt(2);
        if (Math.Abs(sine) >= 1)
            return null;
        var t = Math.Asin(sine);
        var longitude = Math.PI * x / (2 * Math.Sqrt(2) * Math.Cos(t));
        if (Math.Abs(longitude) > Math.PI)
            return null;
        var z = Math.Clamp(((2 * t) + Math.Sin(2 * t)) / Math.PI, -1, 1);
        var across = Math.Sqrt((1 - z) * (1 + z));
        return [across * Math.Cos(longitude), across * Math.Sin(longitude), z];
    }

    private static (double X, double Y) ToMollweide(double[] n)
    {
        var target = Math.PI * Math.Clamp(n[2], -1, 1);
        var (lower, upper) = (-Math.PI / 2, Math.PI / 2);
        for (var step = 0; step < 60; step++)
        {
            var middle = 0.5 * (lower + upper);
            (lower, upper) = (2 * middle) + Math.Sin(2 * middle) < target ? (middle, upper) : (lower, middle);
        }

        return (2 * Math.Sqrt(2) / Math.PI * Math.Atan2(n[1], n[0]) * Math.Cos(lower), Math.Sqrt(2) * Math.Sin(lower));
    }

    // Lambert 1772: 2 sin(θ/2) from the centre.
    private static double[]? FromLambert(double x, double y, double[] u, double[] v, double[] w)
    {
        var square = (x * x) + (y * y);
        if (square > 4)
            return null;
        var (across, along) = (Math.Sqrt(1 - (square / 4)), 1 - (square / 2));
        return [.. Enumerable.Range(0, 3).Select(k => (across * ((x * u[k]) + (y * v[k]))) + (along * w[k]))];
    }

    private static (double X, double Y) ToLambert(double[] n, double[] u, double[] v, double[] w)
    {
        var (x, y, z) = (Dot(n, u), Dot(n, v), Dot(n, w));
        var scale = Math.Sqrt(2 / Math.Max(1 + z, 1e-12));
        return (scale * x, scale * y);
    }

    private static (double[] U, double[] V, double[] W) Frame(ReadOnlySpan<double> centre)
    {
        double[] w = [.. centre];
        double[] helper = Math.Abs(w[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
        var u = Cross(helper, w);
        var norm = Math.Sqrt(Dot(u, u));
        u = [.. u.Select(component => component / norm)];
        return (u, Cross(w, u), w);
    }

    private static double Dot(double[] a, double[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static double[] Cross(double[] a, double[] b) => [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];
}
