namespace Plotting;

/// <summary>A line through the whole panel at one value.</summary>
internal sealed class ReferenceLineLayer(double value, bool vertical, string? label, PlotStyle style) : Layer(label, style)
{
    public override void AddBounds(BoundsBuilder x, BoundsBuilder y) => (vertical ? x : y).Add(value, pad: true);

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        var p = vertical ? frame.X.ToPixel(value) : frame.Y.ToPixel(value);
        if (!(p >= -1 && p <= (vertical ? frame.Width : frame.Height) + 1))
            yield break;
        PlotPoint[] line = vertical
            ? [new PlotPoint(p, 0), new PlotPoint(p, frame.Height)]
            : [new PlotPoint(0, p), new PlotPoint(frame.Width, p)];
        yield return new Shape(ShapeKind.Stroke, [line], Color, Style);
    }

    public override LegendKey? Key(PanelFrame frame) => Label is null ? null : new LegendKey(Label, Color, Style) { HasLine = true };
}
