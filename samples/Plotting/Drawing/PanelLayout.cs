namespace Plotting;

/// <summary>Where a panel lies and what its axes show.</summary>
/// <param name="Row">Row in the figure, from 0.</param>
/// <param name="Column">Column in the figure, from 0.</param>
/// <param name="Box">The area of its data in pixels of the figure.</param>
/// <param name="XMin">Left end of the horizontal axis.</param>
/// <param name="XMax">Right end of the horizontal axis.</param>
/// <param name="YMin">Lower end of the vertical axis.</param>
/// <param name="YMax">Upper end of the vertical axis.</param>
/// <param name="XIsLog">Whether the horizontal axis is logarithmic.</param>
/// <param name="YIsLog">Whether the vertical axis is logarithmic.</param>
public sealed record PanelLayout(
    int Row, int Column, PlotBox Box, double XMin, double XMax, double YMin, double YMax, bool XIsLog, bool YIsLog)
{
    /// <summary>The pixel of a point in data units.</summary>
    /// <param name="x">Horizontal coordinate.</param>
    /// <param name="y">Vertical coordinate.</param>
    /// <returns>A point of the figure, perhaps outside the panel.</returns>
    public PlotPoint ToPixel(double x, double y) => new(
        Box.Left + new AxisScale(XMin, XMax, XIsLog, Box.Width, vertical: false).ToPixel(x),
        Box.Top + new AxisScale(YMin, YMax, YIsLog, Box.Height, vertical: true).ToPixel(y));
}
