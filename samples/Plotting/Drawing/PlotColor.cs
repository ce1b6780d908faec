namespace Plotting;

/// <summary>
/// The colours of a figure, after the colour-blind-safe set of Okabe and Ito (2008); each has a value for light and one for dark surroundings.
/// </summary>
public enum PlotColor
{
    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Vermillion, a red-orange.</summary>
    Vermillion,

    /// <summary>Bluish green.</summary>
    Green,

    /// <summary>Reddish purple.</summary>
    Purple,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Sky blue.</summary>
    Sky,

    /// <summary>The colour of the text: black on light, white on dark.</summary>
    Foreground,

    /// <summary>A grey of middle contrast, for what is of less weight.</summary>
    Muted,
}
