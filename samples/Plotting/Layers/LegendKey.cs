namespace Plotting;

/// <summary>An entry of a legend: a label and what stands before it.</summary>
internal sealed record LegendKey(string Label, PlotColor Color, PlotStyle Style)
{
    public bool HasLine { get; init; }

    public double FillOpacity { get; init; }

    public bool HasMarker { get; init; }

    /// <summary>Length in pixels of a scale arrow; 0 for none.</summary>
    public double Arrow { get; init; }

    /// <summary>A line of text only.</summary>
    public bool IsNote { get; init; }
}
