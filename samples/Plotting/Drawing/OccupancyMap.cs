namespace Plotting;

/// <summary>Which parts of a panel hold data, in squares of a few pixels: where a legend must not go.</summary>
internal sealed class OccupancyMap
{
    private const double Cell = 3;
    private readonly int _columns;
    private readonly int _rows;
    private readonly bool[] _taken;

    public OccupancyMap(double width, double height)
    {
        _columns = Math.Max(1, (int)Math.Ceiling(width / Cell));
        _rows = Math.Max(1, (int)Math.Ceiling(height / Cell));
        _taken = new bool[_columns * _rows];
    }

    /// <summary>Marks everything a shape paints.</summary>
    public void Add(Shape shape)
    {
        if (shape.Kind is ShapeKind.Fill or ShapeKind.Cells)
            Fill(shape.Paths);
        foreach (var path in shape.Paths)
        {
            if (shape.Kind == ShapeKind.Markers || path.Count == 1)
            {
                var r = shape.Style.MarkerSize / 2;
                foreach (var p in path)
                {
                    for (var dy = -r; dy <= r + 0.01; dy += Math.Max(r, 0.5))
                    {
                        for (var dx = -r; dx <= r + 0.01; dx += Math.Max(r, 0.5))
                            Mark(new PlotPoint(p.X + dx, p.Y + dy));
                    }
                }
                continue;
            }
            var count = shape.Closed || shape.Kind != ShapeKind.Stroke ? path.Count : path.Count - 1;
            for (var i = 0; i < count; i++)
                Line(path[i], path[(i + 1) % path.Count]);
        }
    }

    /// <summary>Whether a box holds no data.</summary>
    public bool IsFree(PlotBox box)
    {
        int i0 = Math.Max(0, (int)(box.Left / Cell)), i1 = Math.Min(_columns - 1, (int)(box.Right / Cell));
        int j0 = Math.Max(0, (int)(box.Top / Cell)), j1 = Math.Min(_rows - 1, (int)(box.Bottom / Cell));
        for (var j = j0; j <= j1; j++)
        {
            for (var i = i0; i <= i1; i++)
            {
                if (_taken[j * _columns + i])
                    return false;
            }
        }
        return true;
    }

    private void Mark(PlotPoint p)
    {
        int i = (int)Math.Floor(p.X / Cell), j = (int)Math.Floor(p.Y / Cell);
        if (i >= 0 && i < _columns && j >= 0 && j < _rows)
            _taken[j * _columns + i] = true;
    }

    private void Line(PlotPoint a, PlotPoint b)
    {
        var box = new PlotBox(0, 0, _columns * Cell, _rows * Cell);
        foreach (var part in PolylineClipper.Clip([a, b], box))
        {
            double dx = part[1].X - part[0].X, dy = part[1].Y - part[0].Y;
            var steps = Math.Max(1, (int)Math.Ceiling(Math.Max(Math.Abs(dx), Math.Abs(dy))));
            for (var k = 0; k <= steps; k++)
                Mark(new PlotPoint(part[0].X + dx * k / steps, part[0].Y + dy * k / steps));
        }
    }

    // Even-odd scan lines through the middle of every row of squares.
    private void Fill(IReadOnlyList<IReadOnlyList<PlotPoint>> paths)
    {
        var crossings = new List<double>();
        for (var j = 0; j < _rows; j++)
        {
            var y = (j + 0.5) * Cell;
            crossings.Clear();
            foreach (var path in paths)
            {
                for (var i = 0; i < path.Count; i++)
                {
                    var (a, b) = (path[i], path[(i + 1) % path.Count]);
                    if (a.Y > y != b.Y > y)
                        crossings.Add(a.X + (y - a.Y) / (b.Y - a.Y) * (b.X - a.X));
                }
            }
            crossings.Sort();
            for (var k = 0; k + 1 < crossings.Count; k += 2)
            {
                var i0 = (int)Math.Clamp(Math.Floor(crossings[k] / Cell), 0, _columns);
                var i1 = (int)Math.Clamp(Math.Floor(crossings[k + 1] / Cell), -1, _columns - 1);
                for (var i = i0; i <= i1; i++)
                    _taken[j * _columns + i] = true;
            }
        }
    }
}
