namespace Plotting;

/// <summary>Points, with error bars if given.</summary>
internal sealed class PointsLayer(double[] x, double[] y, double[]? xErrors, double[]? yErrors, string? label, PlotStyle style) : Layer(label, style)
{
    public override void AddBounds(BoundsBuilder xBounds, BoundsBuilder yBounds)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
                continue;
            AddWithError(xBounds, x[i], xErrors?[i] ?? 0);
            AddWithError(yBounds, y[i], yErrors?[i] ?? 0);
        }
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame) => Draw(x, y, xErrors, yErrors, true, Color, Style, frame);

    public override LegendKey? Key(PanelFrame frame) => Label is null ? null : new LegendKey(Label, Color, Style) { HasMarker = true };

    /// <summary>Error bars below the markers; markers that fall on the same tenth of a pixel are drawn once.</summary>
    internal static IEnumerable<Shape> Draw(
        double[] x, double[] y, double[]? xErrors, double[]? yErrors, bool markers, PlotColor color, PlotStyle style, PanelFrame frame)
    {
        var bars = new List<IReadOnlyList<PlotPoint>>();
        var points = new List<PlotPoint>();
        var seen = new HashSet<(long, long)>();
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
                continue;
            var p = frame.Point(x[i], y[i]);
            if (double.IsNaN(p.X) || double.IsNaN(p.Y) || p.X < -20 || p.X > frame.Width + 20)
                continue;
            if (yErrors is not null && double.IsFinite(yErrors[i]) && yErrors[i] > 0)
            {
                bars.AddRange(PolylineClipper.Clip(
                    [new PlotPoint(p.X, frame.Y.ToPixelOrFloor(y[i] - yErrors[i])), new PlotPoint(p.X, frame.Y.ToPixelOrFloor(y[i] + yErrors[i]))], frame.ClipBox));
            }
            if (p.Y < -20 || p.Y > frame.Height + 20)
                continue;
            if (xErrors is not null && double.IsFinite(xErrors[i]) && xErrors[i] > 0)
            {
                bars.AddRange(PolylineClipper.Clip(
                    [new PlotPoint(frame.X.ToPixelOrFloor(x[i] - xErrors[i]), p.Y), new PlotPoint(frame.X.ToPixelOrFloor(x[i] + xErrors[i]), p.Y)], frame.ClipBox));
            }
            if (seen.Add(((long)Math.Round(p.X * 10), (long)Math.Round(p.Y * 10))))
                points.Add(p);
        }
        if (bars.Count > 0)
            yield return new Shape(ShapeKind.Stroke, bars, color, style with { Width = Math.Min(style.Width, 1.2), Dash = DashStyle.Solid });
        if (markers && points.Count > 0)
            yield return new Shape(ShapeKind.Markers, [points], color, style);
    }

    private static void AddWithError(BoundsBuilder bounds, double value, double error)
    {
        bounds.Add(value, pad: true);
        if (!(error > 0) || !double.IsFinite(error))
            return;
        bounds.Add(value + error, pad: true);
        if (!bounds.IsLog)
            bounds.Add(value - error, pad: true);
    }
}
