namespace Plotting;

/// <summary>Cuts polylines to a box, segment by segment (Liang and Barsky, 1984).</summary>
internal static class PolylineClipper
{
    /// <summary>The parts inside the box; points that are not finite break the line.</summary>
    public static List<IReadOnlyList<PlotPoint>> Clip(IReadOnlyList<PlotPoint> points, PlotBox box)
    {
        var parts = new List<IReadOnlyList<PlotPoint>>();
        List<PlotPoint>? part = null;
        for (var i = 0; i + 1 < points.Count; i++)
        {
            var (a, b) = (points[i], points[i + 1]);
            if (!Segment(ref a, ref b, box))
            {
                part = null;
                continue;
            }
            if (part is null || part[^1] != a)
            {
                part = [a];
                parts.Add(part);
            }
            part.Add(b);
        }
        return parts;
    }

    private static bool Segment(ref PlotPoint a, ref PlotPoint b, PlotBox box)
    {
        if (!(double.IsFinite(a.X) && double.IsFinite(a.Y) && double.IsFinite(b.X) && double.IsFinite(b.Y)))
            return false;
        double dx = b.X - a.X, dy = b.Y - a.Y, enter = 0, leave = 1;
        if (!Side(-dx, a.X - box.Left, ref enter, ref leave) || !Side(dx, box.Right - a.X, ref enter, ref leave)
            || !Side(-dy, a.Y - box.Top, ref enter, ref leave) || !Side(dy, box.Bottom - a.Y, ref enter, ref leave))
        {
            return false;
        }

        var start = a;
        if (leave < 1)
            b = new PlotPoint(start.X + leave * dx, start.Y + leave * dy);
        if (enter > 0)
            a = new PlotPoint(start.X + enter * dx, start.Y + enter * dy);
        return true;
    }

    private static bool Side(double direction, double distance, ref double enter, ref double leave)
    {
        if (direction == 0)
            return distance >= 0;
        var t = distance / direction;
        if (direction < 0)
            enter = Math.Max(enter, t);
        else
            leave = Math.Min(leave, t);
        return enter <= leave;
    }
}
