namespace Plotting;

/// <summary>Level lines of a grid, or the regions above its levels laid over one another.</summary>
internal sealed class ContourLayer(Grid2D grid, double[] levels, bool filled, string? label, PlotStyle style) : Layer(label, style)
{
    public override bool AllowsHeadroom => false;

    public override void AddBounds(BoundsBuilder x, BoundsBuilder y)
    {
        x.Add(grid.XMin, pad: false);
        x.Add(grid.XMax, pad: false);
        y.Add(grid.YMin, pad: false);
        y.Add(grid.YMax, pad: false);
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        var open = new List<IReadOnlyList<PlotPoint>>();
        var closed = new List<IReadOnlyList<PlotPoint>>();
        foreach (var level in levels)
        {
            if (filled)
            {
                var region = new List<IReadOnlyList<PlotPoint>>();
                foreach (var line in ContourTracer.Regions(grid, level))
                    AddLoop(region, line, frame);
                if (region.Count > 0)
                    yield return new Shape(ShapeKind.Fill, region, Color, Style, Style.Opacity);
                continue;
            }
            foreach (var line in ContourTracer.Lines(grid, level))
            {
                if (line.IsClosed)
                    AddLoop(closed, line, frame);
                else
                    open.AddRange(Curves(Pixels(line, frame), frame));
            }
        }
        if (open.Count > 0)
            yield return new Shape(ShapeKind.Stroke, open, Color, Style);
        if (closed.Count > 0)
            yield return new Shape(ShapeKind.Stroke, closed, Color, Style, Closed: true);
    }

    public override LegendKey? Key(PanelFrame frame)
    {
        if (Label is null)
            return null;
        // The swatch shows the middle of the nested regions.
        var opacity = filled ? 1 - Math.Pow(1 - Style.Opacity, Math.Max(1, (levels.Length + 1) / 2)) : 0;
        return new LegendKey(Label, Color, Style) { HasLine = !filled, FillOpacity = opacity };
    }

    private static List<PlotPoint> Pixels(ContourLine line, PanelFrame frame)
    {
        var points = new List<PlotPoint>(line.Points.Count + 1);
        foreach (var p in line.Points)
            points.Add(new PlotPoint(frame.X.ToPixelOrFloor(p.X), frame.Y.ToPixelOrFloor(p.Y)));
        return points;
    }

    private static void AddLoop(List<IReadOnlyList<PlotPoint>> loops, ContourLine line, PanelFrame frame)
    {
        var points = Pixels(line, frame);
        points.Add(points[0]);
        var simple = PathSimplifier.Simplify(points, 0.12);
        // A loop that simplifies to a line is smaller than can be seen.
        if (simple.Count > 3)
            loops.Add(simple.Take(simple.Count - 1).ToArray());
    }
}
