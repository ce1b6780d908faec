namespace Plotting;

/// <summary>
/// Level sets of a grid by marching squares (Lorensen and Cline, 1987, in two dimensions) with linear interpolation along the cell sides;
/// saddles are decided by the mean of the four corners.
/// </summary>
/// <remarks>
/// The corners are the cell centres of the grid, continued to its outer edges with the outermost values. Values that are not finite count as
/// lower than every level. Thread-safe and deterministic.
/// </remarks>
public static class ContourTracer
{
    /// <summary>The lines f = level. Lines that run into the border of the grid stay open.</summary>
    /// <param name="grid">The field.</param>
    /// <param name="level">A finite level.</param>
    /// <returns>The pieces, in a fixed order; empty if the level is not reached.</returns>
    /// <exception cref="ArgumentException">The level is not finite.</exception>
    public static IReadOnlyList<ContourLine> Lines(Grid2D grid, double level) => Trace(grid, level, closeAtBorder: false);

    /// <summary>
    /// The border of {f ≥ level}: closed outlines, running along the border of the grid where the region reaches it. Filled with the even-odd
    /// or the non-zero rule they cover exactly that region, holes left out.
    /// </summary>
    /// <param name="grid">The field.</param>
    /// <param name="level">A finite level.</param>
    /// <returns>The outlines, in a fixed order; empty if the level is not reached.</returns>
    /// <exception cref="ArgumentException">The level is not finite.</exception>
    public static IReadOnlyList<ContourLine> Regions(Grid2D grid, double level) => Trace(grid, level, closeAtBorder: true);

    private static List<ContourLine> Trace(Grid2D grid, double level, bool closeAtBorder)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (!double.IsFinite(level))
            throw new ArgumentException($"A contour level must be finite, but it is {level}.", nameof(level));

        // One ring of nodes continues the field to the outer edges; a second ring, at the same place but below every level, closes regions.
        var ring = closeAtBorder ? 2 : 1;
        int nx = grid.Columns + 2 * ring, ny = grid.Rows + 2 * ring;
        var xs = new double[nx];
        var ys = new double[ny];
        for (var i = 0; i < nx; i++)
            xs[i] = i < ring ? grid.XMin : i >= nx - ring ? grid.XMax : grid.X(i - ring);
        for (var j = 0; j < ny; j++)
            ys[j] = j < ring ? grid.YMin : j >= ny - ring ? grid.YMax : grid.Y(j - ring);
        var f = new double[nx * ny];
        for (var j = 0; j < ny; j++)
        {
            for (var i = 0; i < nx; i++)
            {
                var outside = closeAtBorder && (i == 0 || j == 0 || i == nx - 1 || j == ny - 1);
                var v = grid[Math.Clamp(i - ring, 0, grid.Columns - 1), Math.Clamp(j - ring, 0, grid.Rows - 1)];
                f[j * nx + i] = outside || double.IsNaN(v) ? double.NegativeInfinity : v;
            }
        }

        // Sides are numbered 2·node for the side to the right of a node and 2·node + 1 for the side above it. Each directed piece leads from
        // one side to the next; a side has at most one successor because the high ground is always on the left.
        var next = new int[2 * nx * ny];
        var hasPrevious = new bool[next.Length];
        Array.Fill(next, -1);
        void Link(int from, int to)
        {
            next[from] = to;
            hasPrevious[to] = true;
        }

        for (var j = 0; j + 1 < ny; j++)
        {
            for (var i = 0; i + 1 < nx; i++)
            {
                var node = j * nx + i;
                double a = f[node], b = f[node + 1], c = f[node + nx + 1], d = f[node + nx];
                var pattern = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
                if (pattern is 0 or 15)
                    continue;
                int bottom = 2 * node, left = 2 * node + 1, right = 2 * (node + 1) + 1, top = 2 * (node + nx);
                var centreHigh = pattern is 5 or 10 && 0.25 * a + 0.25 * b + 0.25 * c + 0.25 * d >= level;
                switch (pattern)
                {
                    case 1: Link(bottom, left); break;
                    case 2: Link(right, bottom); break;
                    case 3: Link(right, left); break;
                    case 4: Link(top, right); break;
                    case 6: Link(top, bottom); break;
                    case 7: Link(top, left); break;
                    case 8: Link(left, top); break;
                    case 9: Link(bottom, top); break;
                    case 11: Link(right, top); break;
                    case 12: Link(left, right); break;
                    case 13: Link(bottom, right); break;
                    case 14: Link(left, bottom); break;
                    case 5 when centreHigh: Link(bottom, right); Link(top, left); break;
                    case 5: Link(bottom, left); Link(top, right); break;
                    case 10 when centreHigh: Link(left, bottom); Link(right, top); break;
                    default: Link(right, bottom); Link(left, top); break;
                }
            }
        }

        PlotPoint Crossing(int side)
        {
            int node = side / 2, i = node % nx, j = node / nx;
            var horizontal = side % 2 == 0;
            double v0 = f[node], v1 = f[horizontal ? node + 1 : node + nx];
            var t = (level - v0) / (v1 - v0);
            if (!double.IsFinite(v0) && !double.IsFinite(v1))
                t = 0.5;
            else if (!double.IsFinite(v0))
                t = 1;
            else if (!double.IsFinite(v1))
                t = 0;
            t = double.IsFinite(t) ? Math.Clamp(t, 0, 1) : 0.5;
            return horizontal
                ? new PlotPoint(xs[i] + t * (xs[i + 1] - xs[i]), ys[j])
                : new PlotPoint(xs[i], ys[j] + t * (ys[j + 1] - ys[j]));
        }

        var lines = new List<ContourLine>();
        for (var pass = 0; pass < 2; pass++)
        {
            // Open lines first, from their beginnings; what is left are loops.
            for (var start = 0; start < next.Length; start++)
            {
                if (next[start] < 0 || (pass == 0 && hasPrevious[start]))
                    continue;
                var points = new List<PlotPoint>();
                var side = start;
                while (side >= 0)
                {
                    var point = Crossing(side);
                    if (points.Count == 0 || points[^1] != point)
                        points.Add(point);
                    var following = next[side];
                    next[side] = -1;
                    side = following;
                    if (side == start)
                        break;
                }
                var closed = side == start;
                if (closed && points.Count > 1 && points[^1] == points[0])
                    points.RemoveAt(points.Count - 1);
                if (points.Count > (closed ? 2 : 1))
                    lines.Add(new ContourLine(points, closed));
            }
        }
        return lines;
    }
}
