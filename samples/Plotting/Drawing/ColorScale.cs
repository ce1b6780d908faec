namespace Plotting;

/// <summary>
/// The map from values to colours of a heat map, in even steps. The colour of zero intensity is the background, so the scale reads the same on
/// light and on dark. Immutable.
/// </summary>
public sealed class ColorScale
{
    private ColorScale(double min, double max, bool diverging, PlotColor low, PlotColor high, int steps)
    {
        (Min, Max, IsDiverging, LowColor, HighColor, Steps) = (min, max, diverging, low, high, steps);
    }

    /// <summary>The value of the first colour; what lies below takes it too.</summary>
    public double Min { get; }

    /// <summary>The value of the last colour; what lies above takes it too.</summary>
    public double Max { get; }

    /// <summary>Whether the colours run in two directions from the middle.</summary>
    public bool IsDiverging { get; }

    /// <summary>The colour of the most negative values of a diverging scale.</summary>
    public PlotColor LowColor { get; }

    /// <summary>The colour of the largest values.</summary>
    public PlotColor HighColor { get; }

    /// <summary>Number of colour steps in each direction from the background.</summary>
    public int Steps { get; }

    /// <summary>A scale from blue over the background to vermillion, symmetric about zero.</summary>
    /// <param name="limit">The magnitude of the strongest colours; positive and finite.</param>
    /// <param name="steps">Colour steps on each side, 1 to 64.</param>
    /// <returns>The scale.</returns>
    /// <exception cref="ArgumentException">The limit or the number of steps is out of range.</exception>
    public static ColorScale Diverging(double limit, int steps = 16)
    {
        if (!(limit > 0 && limit <= SampleStatistics.Largest))
            throw new ArgumentException($"The limit of a diverging scale must be positive and finite, but it is {limit}.", nameof(limit));
        return new ColorScale(-limit, limit, true, PlotColor.Blue, PlotColor.Vermillion, CheckSteps(steps));
    }

    /// <summary>A diverging scale that covers the values of grids, so that panels can be compared.</summary>
    /// <param name="grids">The grids; values that are not finite are passed over.</param>
    /// <returns>The scale; limit 1 if no value differs from zero.</returns>
    public static ColorScale DivergingFor(params ReadOnlySpan<Grid2D> grids)
    {
        double limit = 0;
        foreach (var grid in grids)
        {
            ArgumentNullException.ThrowIfNull(grid);
            foreach (var v in grid.Values)
            {
                if (Math.Abs(v) <= SampleStatistics.Largest)
                    limit = Math.Max(limit, Math.Abs(v));
            }
        }
        return Diverging(limit > 1e-300 ? limit : 1);
    }

    /// <summary>A scale from the background to one colour.</summary>
    /// <param name="min">The value of the background; finite.</param>
    /// <param name="max">The value of the full colour; finite and above <paramref name="min"/>.</param>
    /// <param name="color">The full colour.</param>
    /// <param name="steps">Colour steps, 1 to 64.</param>
    /// <returns>The scale.</returns>
    /// <exception cref="ArgumentException">The range or the number of steps is invalid.</exception>
    public static ColorScale Sequential(double min, double max, PlotColor color = PlotColor.Blue, int steps = 24)
    {
        if (!(Math.Abs(min) <= SampleStatistics.Largest && Math.Abs(max) <= SampleStatistics.Largest && min < max))
            throw new ArgumentException($"A colour scale's range must be finite and ascending, but it is [{min}, {max}].", nameof(max));
        return new ColorScale(min, max, false, color, color, CheckSteps(steps));
    }

    /// <summary>A sequential scale over the finite range of a grid's values.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="color">The full colour.</param>
    /// <returns>The scale.</returns>
    public static ColorScale SequentialFor(Grid2D grid, PlotColor color = PlotColor.Blue)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var (min, max) = SampleStatistics.Range(grid.Values);
        return Sequential(min, max, color);
    }

    /// <summary>
    /// The colour step of a value: 0 is the background, positive steps go to the high colour, negative ones to the low colour.
    /// </summary>
    /// <param name="value">Any value.</param>
    /// <returns>-<see cref="Steps"/> to <see cref="Steps"/>; null for NaN, which is not drawn.</returns>
    public int? Step(double value)
    {
        if (double.IsNaN(value))
            return null;
        if (IsDiverging)
        {
            // 2·Steps + 1 bands of equal width, the middle one around zero.
            var band = Math.Clamp(value / Max, -1, 1) * (Steps + 0.5);
            return (int)Math.Clamp(Math.Round(band, MidpointRounding.AwayFromZero), -Steps, Steps);
        }
        var t = Math.Clamp((value - Min) / (Max - Min), 0, 1);
        return Math.Min((int)(t * (Steps + 1)), Steps);
    }

    /// <summary>The opacity of a colour step over the background.</summary>
    internal double Opacity(int step) => Math.Round(Math.Pow(Math.Abs(step) / (double)Steps, 0.85), 3);

    internal PlotColor Color(int step) => step < 0 ? LowColor : HighColor;

    private static int CheckSteps(int steps) =>
        steps is >= 1 and <= 64 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "A colour scale has 1 to 64 steps.");
}
