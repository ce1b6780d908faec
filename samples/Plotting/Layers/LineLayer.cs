namespace Plotting;

/// <summary>A line through points; points that are not finite break it.</summary>
internal sealed class LineLayer(double[] x, double[] y, string? label, PlotStyle style) : Layer(label, style)
{
    public override void AddBounds(BoundsBuilder xBounds, BoundsBuilder yBounds)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
                continue;
            xBounds.Add(x[i], pad: false);
            yBounds.Add(y[i], pad: true);
        }
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        var points = new PlotPoint[x.Length];
        for (var i = 0; i < points.Length; i++)
            points[i] = frame.Point(double.IsFinite(x[i]) ? x[i] : double.NaN, double.IsFinite(y[i]) ? y[i] : double.NaN);
        yield return new Shape(ShapeKind.Stroke, Curves(points, frame), Color, Style);
    }

    public override LegendKey? Key(PanelFrame frame) => Label is null ? null : new LegendKey(Label, Color, Style) { HasLine = true };
}
