namespace Plotting;

/// <summary>The area between two curves over the same abscissae.</summary>
internal sealed class BandLayer(double[] x, double[] low, double[] high, string? label, PlotStyle style) : Layer(label, style)
{
    public override void AddBounds(BoundsBuilder xBounds, BoundsBuilder yBounds)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (!IsFinite(i))
                continue;
            xBounds.Add(x[i], pad: false);
            yBounds.Add(low[i], pad: true);
            yBounds.Add(high[i], pad: true);
        }
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        var paths = new List<IReadOnlyList<PlotPoint>>();
        for (var start = 0; start < x.Length; start++)
        {
            var end = start;
            while (end < x.Length && IsFinite(end))
                end++;
            if (end - start >= 2)
            {
                var upper = new List<PlotPoint>();
                var lower = new List<PlotPoint>();
                for (var i = start; i < end; i++)
                {
                    var px = frame.X.ToPixelOrFloor(x[i]);
                    upper.Add(new PlotPoint(px, Math.Clamp(frame.Y.ToPixelOrFloor(high[i]), -20, frame.Height + 20)));
                    lower.Add(new PlotPoint(px, Math.Clamp(frame.Y.ToPixelOrFloor(low[i]), -20, frame.Height + 20)));
                }
                var outline = new List<PlotPoint>(PathSimplifier.Simplify(upper, 0.12));
                outline.AddRange(PathSimplifier.Simplify(lower, 0.12).Reverse());
                paths.Add(outline);
            }
            start = end;
        }
        yield return new Shape(ShapeKind.Fill, paths, Color, Style, Style.Opacity);
    }

    public override LegendKey? Key(PanelFrame frame) => Label is null ? null : new LegendKey(Label, Color, Style) { FillOpacity = Style.Opacity };

    private bool IsFinite(int i) => double.IsFinite(x[i]) && double.IsFinite(low[i]) && double.IsFinite(high[i]);
}
