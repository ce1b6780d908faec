namespace Plotting;

/// <summary>Something drawn in a panel, in pixels from its upper left corner.</summary>
/// <param name="Kind">How it is painted.</param>
/// <param name="Paths">Its paths.</param>
/// <param name="Color">Its colour.</param>
/// <param name="Style">Width, dashes, marker.</param>
/// <param name="Opacity">Opacity of the paint.</param>
/// <param name="Closed">Whether strokes join their ends.</param>
internal sealed record Shape(
    ShapeKind Kind,
    IReadOnlyList<IReadOnlyList<PlotPoint>> Paths,
    PlotColor Color,
    PlotStyle Style,
    double Opacity = 1,
    bool Closed = false);
