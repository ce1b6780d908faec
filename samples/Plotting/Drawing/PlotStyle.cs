namespace Plotting;

/// <summary>How a series looks. Immutable; derive variants with <c>with</c>.</summary>
/// <param name="Color">Its colour; null takes the panel's next one.</param>
/// <param name="Width">Line width in pixels, 0.1 to 20.</param>
/// <param name="Dash">How its lines are broken.</param>
/// <param name="Opacity">Opacity of fills, 0 to 1.</param>
/// <param name="Marker">Shape of its points.</param>
/// <param name="MarkerSize">Diameter of its points in pixels, 0.5 to 40.</param>
public sealed record PlotStyle(
    PlotColor? Color = null,
    double Width = 1.5,
    DashStyle Dash = DashStyle.Solid,
    double Opacity = 0.22,
    MarkerShape Marker = MarkerShape.Circle,
    double MarkerSize = 4)
{
    /// <summary>A style with a colour; throws if a number is out of range.</summary>
    internal static PlotStyle Resolve(PlotStyle style, PlotColor fallback)
    {
        if (!(style.Width is >= 0.1 and <= 20))
            throw new ArgumentException($"A line width must be 0.1 to 20 pixels, but it is {style.Width}.", nameof(style));
        if (!(style.Opacity is >= 0 and <= 1))
            throw new ArgumentException($"An opacity must be 0 to 1, but it is {style.Opacity}.", nameof(style));
        if (!(style.MarkerSize is >= 0.5 and <= 40))
            throw new ArgumentException($"A marker size must be 0.5 to 40 pixels, but it is {style.MarkerSize}.", nameof(style));
        if (style.Color is { } color && !Enum.IsDefined(color))
            throw new ArgumentException($"There is no colour {color}.", nameof(style));
        return style.Color is null ? style with { Color = fallback } : style;
    }
}
