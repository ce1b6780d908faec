namespace Plotting;

/// <summary>The area between two step functions over the same bins: a part of a stack.</summary>
internal sealed class StepAreaLayer(double[] edges, double[] low, double[] high, string? label, PlotStyle style) : Layer(label, style)
{
    public override void AddBounds(BoundsBuilder x, BoundsBuilder y)
    {
        x.Add(edges[0], pad: false);
        x.Add(edges[^1], pad: false);
        y.Add(0, pad: false);
        for (var i = 0; i < low.Length; i++)
        {
            y.Add(low[i], pad: low[i] != 0);
            y.Add(high[i], pad: high[i] != 0);
        }
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        var outline = new List<PlotPoint>(HistogramLayer.Steps(edges, high, frame));
        var lower = HistogramLayer.Steps(edges, low, frame);
        lower.Reverse();
        outline.AddRange(lower);
        yield return new Shape(ShapeKind.Fill, [outline], Color, Style, Style.Opacity);
        foreach (var curve in Curves(HistogramLayer.Steps(edges, high, frame), frame, simplify: false))
            yield return new Shape(ShapeKind.Stroke, [curve], Color, Style);
    }

    public override LegendKey? Key(PanelFrame frame) =>
        Label is null ? null : new LegendKey(Label, Color, Style) { HasLine = true, FillOpacity = Style.Opacity };
}
