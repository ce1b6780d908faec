namespace Plotting;

/// <summary>What a text of a figure is.</summary>
public enum TextRole
{
    /// <summary>The figure's title.</summary>
    Title,

    /// <summary>A panel's title.</summary>
    PanelTitle,

    /// <summary>The label of an axis or of a colour bar.</summary>
    AxisLabel,

    /// <summary>The label of a tick.</summary>
    TickLabel,

    /// <summary>An entry of a legend.</summary>
    Legend,

    /// <summary>A text at a place of the data.</summary>
    Annotation,
}
