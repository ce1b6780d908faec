namespace Plotting;

/// <summary>Where the legend of a panel goes.</summary>
public enum LegendPosition
{
    /// <summary>
    /// Where it covers no data: in a corner, else anywhere inside, else above the data if the vertical axis may be extended, else outside.
    /// </summary>
    Best,

    /// <summary>To the right of the panel.</summary>
    Outside,

    /// <summary>Not drawn.</summary>
    None,
}
