namespace Plotting;

/// <summary>The cells of a grid in the steps of a colour scale; neighbours of one step are drawn as one rectangle where they make one.</summary>
internal sealed class HeatMapLayer(Grid2D grid, ColorScale scale, PlotStyle style) : Layer(null, style)
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
        int nx = grid.Columns, ny = grid.Rows;
        var steps = new int?[nx * ny];
        for (var k = 0; k < steps.Length; k++)
            steps[k] = scale.Step(grid.Values[k]);
        var used = new bool[nx * ny];
        var rectangles = new SortedDictionary<int, List<IReadOnlyList<PlotPoint>>>();
        double Px(int i) => frame.X.ToPixelOrFloor(grid.XMin + (grid.XMax - grid.XMin) * i / nx);
        double Py(int j) => frame.Y.ToPixelOrFloor(grid.YMin + (grid.YMax - grid.YMin) * j / ny);
        for (var j = 0; j < ny; j++)
        {
            for (var i = 0; i < nx; i++)
            {
                var step = steps[j * nx + i];
                if (used[j * nx + i] || step is null or 0)
                    continue;
                var right = i + 1;
                while (right < nx && steps[j * nx + right] == step && !used[j * nx + right])
                    right++;
                var top = j + 1;
                while (top < ny && Matches(steps, used, nx, i, right, top, step))
                    top++;
                for (var jj = j; jj < top; jj++)
                    Array.Fill(used, true, jj * nx + i, right - i);
                if (!rectangles.TryGetValue(step.Value, out var list))
                    rectangles[step.Value] = list = [];
                double x0 = Px(i), x1 = Px(right), y0 = Py(j), y1 = Py(top);
                list.Add([new PlotPoint(x0, y0), new PlotPoint(x1, y0), new PlotPoint(x1, y1), new PlotPoint(x0, y1)]);
            }
        }
        // The whole map counts as data, the cells of background colour too.
        yield return new Shape(
            ShapeKind.Cells,
            [[new PlotPoint(Px(0), Py(0)), new PlotPoint(Px(nx), Py(0)), new PlotPoint(Px(nx), Py(ny)), new PlotPoint(Px(0), Py(ny))]],
            scale.HighColor, Style, Opacity: 0);
        foreach (var (step, list) in rectangles)
            yield return new Shape(ShapeKind.Cells, list, scale.Color(step), Style, scale.Opacity(step));
    }

    public override LegendKey? Key(PanelFrame frame) => null;

    private static bool Matches(int?[] steps, bool[] used, int nx, int from, int to, int row, int? step)
    {
        for (var i = from; i < to; i++)
        {
            if (steps[row * nx + i] != step || used[row * nx + i])
                return false;
        }
        return true;
    }
}
