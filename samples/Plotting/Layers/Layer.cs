namespace Plotting;

/// <summary>One series of a panel. Layers hold their own copies of the data.</summary>
internal abstract class Layer(string? label, PlotStyle style)
{
    /// <summary>Name in the legend; null for none.</summary>
    public string? Label { get; } = label;

    public PlotStyle Style { get; } = style;

    public PlotColor Color => Style.Color!.Value;

    /// <summary>Whether the vertical axis may be extended over it to make room for a legend.</summary>
    public virtual bool AllowsHeadroom => true;

    /// <summary>Adds the range of the data.</summary>
    public abstract void AddBounds(BoundsBuilder x, BoundsBuilder y);

    /// <summary>What to draw.</summary>
    public abstract IEnumerable<Shape> Shapes(PanelFrame frame);

    /// <summary>The legend's entry, or null.</summary>
    public abstract LegendKey? Key(PanelFrame frame);

    /// <summary>Splits at points that are not finite, cuts to the panel, and simplifies to a tenth of a pixel or so.</summary>
    protected static List<IReadOnlyList<PlotPoint>> Curves(IReadOnlyList<PlotPoint> points, PanelFrame frame, bool simplify = true)
    {
        var parts = PolylineClipper.Clip(points, frame.ClipBox);
        if (simplify)
        {
            for (var i = 0; i < parts.Count; i++)
                parts[i] = PathSimplifier.Simplify(parts[i], 0.12);
        }
        return parts;
    }
}
