namespace Plotting;

/// <summary>What is drawn of a histogram; the members can be combined.</summary>
[Flags]
public enum HistogramStyle
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The outline of the bins.</summary>
    Step = 1,

    /// <summary>The area under the outline.</summary>
    Filled = 2,

    /// <summary>A point with its error in the middle of every bin that is not empty.</summary>
    Points = 4,

    /// <summary>A band of one standard deviation around the contents.</summary>
    ErrorBand = 8,

    /// <summary>An error bar in the middle of every bin that is not empty.</summary>
    ErrorBars = 16,
}
