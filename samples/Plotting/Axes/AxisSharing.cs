namespace Plotting;

/// <summary>Which panels of a figure have an axis in common. Shared axes have one range, and labels only at the outer panels.</summary>
public enum AxisSharing
{
    /// <summary>Every panel has its own.</summary>
    None,

    /// <summary>The panels of a column share the horizontal axis; the panels of a row share the vertical axis.</summary>
    Aligned,

    /// <summary>All panels of the figure share it.</summary>
    All,
}
