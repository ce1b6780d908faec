namespace Plotting;

/// <summary>Simplification of polylines after Douglas and Peucker (1973). Thread-safe.</summary>
public static class PathSimplifier
{
    /// <summary>Leaves out points that lie within a tolerance of the line through the points that are kept.</summary>
    /// <param name="points">The polyline; the first and the last point are always kept.</param>
    /// <param name="tolerance">Largest distance of a left-out point from the result, in the units of the points; not negative.</param>
    /// <returns>The kept points, in order.</returns>
    /// <exception cref="ArgumentException">The tolerance is negative or not a number.</exception>
    public static IReadOnlyList<PlotPoint> Simplify(IReadOnlyList<PlotPoint> points, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (!(tolerance >= 0))
            throw new ArgumentException($"The tolerance must not be negative, but it is {tolerance}.", nameof(tolerance));
        if (points.Count < 3)
            return points;
        var keep = new bool[points.Count];
        keep[0] = keep[^1] = true;
        var pending = new Stack<(int First, int Last)>();
        pending.Push((0, points.Count - 1));
        while (pending.Count > 0)
        {
            var (first, last) = pending.Pop();
            var worst = tolerance;
            var index = -1;
            for (var i = first + 1; i < last; i++)
            {
                var distance = Distance(points[i], points[first], points[last]);
                if (distance > worst)
                    (worst, index) = (distance, i);
            }
            if (index < 0)
                continue;
            keep[index] = true;
            pending.Push((first, index));
            pending.Push((index, last));
        }
        var kept = new List<PlotPoint>();
        for (var i = 0; i < points.Count; i++)
        {
            if (keep[i])
                kept.Add(points[i]);
        }
        return kept;
    }

    // The distance to the segment, not to the infinite line: a closed loop's ends coincide.
    private static double Distance(PlotPoint p, PlotPoint a, PlotPoint b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, length2 = dx * dx + dy * dy;
        var t = length2 > 0 ? Math.Clamp(((p.X - a.X) * dx + (p.Y - a.Y) * dy) / length2, 0, 1) : 0;
        return Math.Sqrt(Math.Pow(p.X - a.X - t * dx, 2) + Math.Pow(p.Y - a.Y - t * dy, 2));
    }
}
