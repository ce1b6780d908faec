namespace Plotting;

/// <summary>An axis-aligned box in pixels, y downwards.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Upper edge.</param>
/// <param name="Width">Width, not negative.</param>
/// <param name="Height">Height, not negative.</param>
public readonly record struct PlotBox(double Left, double Top, double Width, double Height)
{
    /// <summary>Right edge.</summary>
    public double Right => Left + Width;

    /// <summary>Lower edge.</summary>
    public double Bottom => Top + Height;

    /// <summary>Whether the interiors of two boxes share a point.</summary>
    /// <param name="other">The other box.</param>
    /// <returns>False for boxes that only touch.</returns>
    public bool Intersects(PlotBox other) =>
        Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    /// <summary>Whether a point lies inside or on the border.</summary>
    /// <param name="point">The point.</param>
    /// <returns>True if it does.</returns>
    public bool Contains(PlotPoint point) =>
        point.X >= Left && point.X <= Right && point.Y >= Top && point.Y <= Bottom;
}
