namespace Plotting;

/// <summary>A text of a figure and the box it takes.</summary>
/// <param name="Text">Its characters, without markup.</param>
/// <param name="Role">What it is.</param>
/// <param name="Box">Its box in pixels of the figure.</param>
public sealed record TextBox(string Text, TextRole Role, PlotBox Box);
