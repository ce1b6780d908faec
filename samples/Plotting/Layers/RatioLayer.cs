namespace Plotting;

/// <summary>A ratio bin by bin with its errors; the axis is symmetric about one and leaves out bins too uncertain to tell anything.</summary>
internal sealed class RatioLayer(HistogramRatio ratio, string? label, PlotStyle style) : Layer(label, style)
{
    private readonly double[] _edges = ratio.Edges.ToArray();
    private readonly double[] _values = ratio.Values.ToArray();
    private readonly double[] _errors = ratio.Errors.ToArray();

    public override bool AllowsHeadroom => false;

    public override void AddBounds(BoundsBuilder x, BoundsBuilder y)
    {
        x.Add(_edges[0], pad: false);
        x.Add(_edges[^1], pad: false);
        // Bins known to a tenth set the range; if there is none, those known to a half do.
        var reach = Reach(0.1);
        if (reach == 0)
            reach = Reach(0.5);
        reach = reach == 0 ? 0.5 : Math.Clamp(1.2 * reach, 0.02, 1);
        y.Add(1 - reach, pad: false);
        y.Add(1 + reach, pad: false);
    }

    private double Reach(double worstError)
    {
        double reach = 0;
        for (var i = 0; i < _values.Length; i++)
        {
            if (double.IsFinite(_values[i]) && _errors[i] > 0 && _errors[i] <= worstError)
                reach = Math.Max(reach, Math.Abs(_values[i] - 1) + _errors[i]);
        }
        return reach;
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        var centers = new double[_values.Length];
        var halves = new double[_values.Length];
        for (var i = 0; i < centers.Length; i++)
        {
            // A bin without events above has no error either: there is nothing to show.
            centers[i] = _errors[i] > 0 ? 0.5 * _edges[i] + 0.5 * _edges[i + 1] : double.NaN;
            halves[i] = 0.5 * (_edges[i + 1] - _edges[i]);
        }
        return PointsLayer.Draw(centers, _values, halves, _errors, true, Color, Style, frame);
    }

    public override LegendKey? Key(PanelFrame frame) => Label is null ? null : new LegendKey(Label, Color, Style) { HasMarker = true };
}
