namespace Plotting;

/// <summary>A histogram drawn as steps, area, points with errors or a band.</summary>
internal sealed class HistogramLayer(double[] edges, double[] contents, double[] errors, HistogramStyle draw, string? label, PlotStyle style)
    : Layer(label, style)
{
    private bool ShowsErrors => (draw & (HistogramStyle.Points | HistogramStyle.ErrorBand | HistogramStyle.ErrorBars)) != 0;

    public override void AddBounds(BoundsBuilder x, BoundsBuilder y)
    {
        x.Add(edges[0], pad: false);
        x.Add(edges[^1], pad: false);
        if (!y.IsLog)
            y.Add(0, pad: false);
        // A histogram without events has an axis from zero to one.
        if (Array.TrueForAll(contents, c => c == 0))
            y.Add(1, pad: false);
        for (var i = 0; i < contents.Length; i++)
        {
            var error = ShowsErrors ? errors[i] : 0;
            y.Add(contents[i], pad: contents[i] != 0);
            // A bar that reaches to zero or below must not push a positive histogram's axis under zero.
            var low = contents[i] >= 0 ? Math.Max(contents[i] - error, 0) : contents[i] - error;
            if (low != 0 && !(y.IsLog && error > 0))
                y.Add(low, pad: true);
            if (contents[i] + error != 0)
                y.Add(contents[i] + error, pad: true);
        }
    }

    public override IEnumerable<Shape> Shapes(PanelFrame frame)
    {
        if (draw.HasFlag(HistogramStyle.Filled))
            yield return new Shape(ShapeKind.Fill, [WithBase(Steps(edges, contents, frame), frame)], Color, Style, Style.Opacity);
        if (draw.HasFlag(HistogramStyle.ErrorBand))
        {
            var low = new double[contents.Length];
            var high = new double[contents.Length];
            for (var i = 0; i < low.Length; i++)
                (low[i], high[i]) = (contents[i] - errors[i], contents[i] + errors[i]);
            var outline = new List<PlotPoint>(Steps(edges, high, frame));
            var lower = Steps(edges, low, frame);
            lower.Reverse();
            outline.AddRange(lower);
            yield return new Shape(ShapeKind.Fill, [outline], Color, Style, Style.Opacity);
        }
        if (draw.HasFlag(HistogramStyle.Step))
        {
            var steps = Steps(edges, contents, frame);
            var bottom = Math.Clamp(frame.Y.ToPixelOrFloor(0), -20, frame.Height + 20);
            steps.Insert(0, steps[0] with { Y = bottom });
            steps.Add(steps[^1] with { Y = bottom });
            yield return new Shape(ShapeKind.Stroke, PolylineClipper.Clip(steps, frame.ClipBox), Color, Style);
        }
        if ((draw & (HistogramStyle.Points | HistogramStyle.ErrorBars)) != 0)
        {
            var centers = new double[contents.Length];
            for (var i = 0; i < centers.Length; i++)
                centers[i] = contents[i] == 0 && errors[i] == 0 ? double.NaN : 0.5 * edges[i] + 0.5 * edges[i + 1];
            foreach (var shape in PointsLayer.Draw(centers, contents, null, errors, draw.HasFlag(HistogramStyle.Points), Color, Style, frame))
                yield return shape;
        }
    }

    public override LegendKey? Key(PanelFrame frame) => Label is null ? null : new LegendKey(Label, Color, Style)
    {
        HasLine = draw.HasFlag(HistogramStyle.Step),
        FillOpacity = (draw & (HistogramStyle.Filled | HistogramStyle.ErrorBand)) != 0 ? Style.Opacity : 0,
        HasMarker = draw.HasFlag(HistogramStyle.Points),
    };

    /// <summary>The outline of the bins in pixels, without its ends down to the base.</summary>
    internal static List<PlotPoint> Steps(double[] edges, double[] values, PanelFrame frame)
    {
        var points = new List<PlotPoint>(2 * values.Length + 2);
        for (var i = 0; i < values.Length; i++)
        {
            var y = double.IsNaN(values[i]) ? 0 : values[i];
            var py = Math.Clamp(frame.Y.ToPixelOrFloor(y), -20, frame.Height + 20);
            var left = new PlotPoint(frame.X.ToPixelOrFloor(edges[i]), py);
            if (points.Count > 0 && points[^1] == left)
                points.RemoveAt(points.Count - 1);
            else
                points.Add(left);
            points.Add(new PlotPoint(frame.X.ToPixelOrFloor(edges[i + 1]), py));
        }
        return points;
    }

    private static List<PlotPoint> WithBase(List<PlotPoint> steps, PanelFrame frame)
    {
        var bottom = Math.Clamp(frame.Y.ToPixelOrFloor(0), -20, frame.Height + 20);
        steps.Add(steps[^1] with { Y = bottom });
        steps.Add(steps[0] with { Y = bottom });
        return steps;
    }
}
