namespace Plotting;

/// <summary>The map from data to pixels of one axis.</summary>
internal readonly struct AxisScale
{
    private readonly double _a;
    private readonly double _b;

    /// <summary>Makes the map; the pixels run from 0 to <paramref name="length"/>, downwards for the vertical axis.</summary>
    public AxisScale(double min, double max, bool log, double length, bool vertical)
    {
        (Min, Max, IsLog, Length, IsVertical) = (min, max, log, length, vertical);
        (_a, _b) = log ? (Math.Log10(min), Math.Log10(max)) : (min, max);
    }

    public double Min { get; }

    public double Max { get; }

    public bool IsLog { get; }

    public double Length { get; }

    public bool IsVertical { get; }

    /// <summary>Pixels of a value; NaN where a logarithmic axis has no place for it; far-off values stay within a few panel lengths.</summary>
    public double ToPixel(double value)
    {
        if (IsLog)
            value = value > 0 ? Math.Log10(value) : double.NaN;
        var t = (value - _a) / (_b - _a);
        if (double.IsNaN(t))
            return double.NaN;
        t = Math.Clamp(IsVertical ? 1 - t : t, -1000, 1000);
        return t * Length;
    }

    /// <summary>As <see cref="ToPixel"/>, but what a logarithmic axis cannot show lies far below its lower end.</summary>
    public double ToPixelOrFloor(double value) =>
        IsLog && !(value > 0) ? (IsVertical ? Length + 50 : -50) : ToPixel(value);

    /// <summary>Pixels per data unit (per decade on a logarithmic axis).</summary>
    public double PixelsPerUnit => Length / (_b - _a);
}
