namespace Plotting;

/// <summary>A field of arrows, all in one path, with a scale arrow in the legend.</summary>
internal sealed class ArrowLayer(double[] x, double[] y, double[] dx, double[] dy, double? magnification, string? label, PlotStyle style)
    : Layer(label, style)
{
    public override bool AllowsHeadroom => false;

    public override void AddBounds(BoundsBuilder xBounds, BoundsBuilder yBounds)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (!IsFinite(i))
                continue;
            xBounds.Add(x[i], pad: true);
            yBounds.Add(y[i], pad: true);
            if (magnification is not null)
            {
                xBounds.Add(x[i] + magnification.Value * dx[i], pad: true);
                yBounds.Add(y[i] + magnification.Value * dy[i], pad: true);
            }
        }
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        var scale = Scale(frame);
        var paths = new List<IReadOnlyList<PlotPoint>>();
        for (var i = 0; i < x.Length; i++)
        {
            if (!IsFinite(i))
                continue;
            var from = frame.Point(x[i], y[i]);
            if (double.IsNaN(from.X) || double.IsNaN(from.Y))
                continue;
            Arrow(paths, from, scale * dx[i] * frame.X.PixelsPerUnit, -scale * dy[i] * frame.Y.PixelsPerUnit, frame.ClipBox);
        }
        if (paths.Count > 0)
            yield return new Shape(ShapeKind.Stroke, paths, Color, Style);
    }

    public override LegendKey? Key(PanelFrame frame)
    {
        if (Label is null)
            return null;
        var perUnit = Scale(frame) * frame.X.PixelsPerUnit;
        double longest = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (IsFinite(i))
                longest = Math.Max(longest, Math.Max(Math.Abs(dx[i]), Math.Abs(dy[i])));
        }
        if (!(longest > 0) || !double.IsFinite(perUnit * longest))
            return new LegendKey(Label, Color, Style) { IsNote = true };
        // The largest of 1, 2, 5 times a power of ten that is not much longer than the longest arrow and fits a legend.
        var limit = Math.Min(longest * 1.7, 48 / perUnit);
        var power = Math.Pow(10, Math.Floor(Math.Log10(limit)));
        var value = power * (limit >= 5 * power ? 5 : limit >= 2 * power ? 2 : 1);
        return new LegendKey($"{Label} = {TickLocator.Label(value, power, value)}", Color, Style) { Arrow = value * perUnit };
    }

    /// <summary>Adds a shaft with a head, or a dot where the arrow is too short to be one.</summary>
    internal static void Arrow(List<IReadOnlyList<PlotPoint>> paths, PlotPoint from, double dx, double dy, PlotBox clip)
    {
        var length = Math.Sqrt(dx * dx + dy * dy);
        if (!double.IsFinite(length))
            return;
        var to = new PlotPoint(from.X + dx, from.Y + dy);
        if (length < 0.7)
        {
            if (clip.Contains(from))
                paths.Add([from, from]);
            return;
        }
        paths.AddRange(PolylineClipper.Clip([from, to], clip));
        double head = Math.Min(0.45 * length, 4.5), ux = dx / length, uy = dy / length;
        if (head >= 0.8 && clip.Contains(to))
        {
            const double Cos = 0.8829, Sin = 0.4695;
            paths.Add([
                new PlotPoint(to.X - head * (Cos * ux - Sin * uy), to.Y - head * (Cos * uy + Sin * ux)),
                to,
                new PlotPoint(to.X - head * (Cos * ux + Sin * uy), to.Y - head * (Cos * uy - Sin * ux)),
            ]);
        }
    }

    private double Scale(PanelFrame frame)
    {
        if (magnification is not null)
            return magnification.Value;
        double longest = 0;
        var count = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (!IsFinite(i))
                continue;
            count++;
            longest = Math.Max(longest, Math.Sqrt(Math.Pow(dx[i] * frame.X.PixelsPerUnit, 2) + Math.Pow(dy[i] * frame.Y.PixelsPerUnit, 2)));
        }
        // The longest arrow is as long as arrows are apart.
        var spacing = Math.Clamp(Math.Sqrt(frame.Width * frame.Height / Math.Max(count, 1)), 8, 60);
        return longest > 0 && double.IsFinite(longest) ? spacing / longest : 1;
    }

    private bool IsFinite(int i) => double.IsFinite(x[i]) && double.IsFinite(y[i]) && double.IsFinite(dx[i]) && double.IsFinite(dy[i]);
}
