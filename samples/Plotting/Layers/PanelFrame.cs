namespace Plotting;

/// <summary>The axes of a panel with their maps to pixels.</summary>
internal sealed record PanelFrame(AxisScale X, AxisScale Y)
{
    public double Width => X.Length;

    public double Height => Y.Length;

    /// <summary>The panel and a little around it, so that cut ends of lines stay out of sight.</summary>
    public PlotBox ClipBox => new(-6, -6, Width + 12, Height + 12);

    public PlotPoint Point(double x, double y) => new(X.ToPixel(x), Y.ToPixel(y));
}
