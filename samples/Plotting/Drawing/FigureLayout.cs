namespace Plotting;

/// <summary>Where everything in a figure lies, in pixels of the figure with y downwards.</summary>
/// <param name="Width">Width of the canvas.</param>
/// <param name="Height">Height of the canvas.</param>
/// <param name="Texts">Every text.</param>
/// <param name="Legends">The boxes of the legends.</param>
/// <param name="Panels">The panels, row by row, each ratio panel after its main panel.</param>
public sealed record FigureLayout(
    double Width, double Height, IReadOnlyList<TextBox> Texts, IReadOnlyList<PlotBox> Legends, IReadOnlyList<PanelLayout> Panels);
