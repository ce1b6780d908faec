namespace Plotting;

/// <summary>A piece of a label in one size at one height.</summary>
/// <param name="Text">Its characters.</param>
/// <param name="Size">Font size in pixels.</param>
/// <param name="Rise">Height of its baseline over the label's, in pixels; negative for subscripts.</param>
/// <param name="Left">Where it starts, in pixels from the start of the label.</param>
/// <param name="Italic">Whether it is set in italics, as variables are.</param>
internal sealed record TextRun(string Text, double Size, double Rise, double Left, bool Italic);
