namespace Plotting;

/// <summary>A point in the plane: data units or pixels (y downwards), as the member that hands it out says.</summary>
/// <param name="X">Horizontal coordinate.</param>
/// <param name="Y">Vertical coordinate.</param>
public readonly record struct PlotPoint(double X, double Y);
