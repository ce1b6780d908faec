using System.Globalization;

namespace FlowCore.Transforms;

/// <summary>Where one coordinate lives: the real line, a half-line, an interval, or a circle given by an angle.</summary>
/// <param name="Lower">The lower end, −∞ for none.</param>
/// <param name="Upper">The upper end, +∞ for none.</param>
/// <param name="IsCircle">Whether both ends are the same point.</param>
public readonly record struct Axis(double Lower, double Upper, bool IsCircle = false)
{
    /// <summary>The real line.</summary>
    public static Axis Real { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The positive numbers.</summary>
    public static Axis Positive { get; } = new(0, double.PositiveInfinity);

    /// <summary>
    /// Whether what lies beyond the ends is so little of a normal distribution that the axis counts as the real line where noise is drawn: the image of a map that a file
    /// cuts off far in the tails. Points beyond are outside all the same.
    /// </summary>
    public bool IsNearlyReal { get; init; }

    /// <summary>Whether it is the real line.</summary>
    public bool IsReal => !IsCircle && double.IsNegativeInfinity(Lower) && double.IsPositiveInfinity(Upper);

    /// <summary>A harmless point: the middle of an interval, one away from the end of a half-line, 0 on the real line.</summary>
    internal double Inside => (double.IsFinite(Lower), double.IsFinite(Upper)) switch
    {
        (true, true) => Lower + (0.5 * (Upper - Lower)),
        (true, false) => Lower + 1,
        (false, true) => Upper - 1,
        _ => 0,
    };

    /// <summary>The numbers between two ends.</summary>
    /// <param name="lower">The lower end, finite.</param>
    /// <param name="upper">The upper end, finite and above the lower.</param>
    /// <returns>The interval.</returns>
    /// <exception cref="ArgumentException">The ends are no interval.</exception>
    public static Axis Interval(double lower, double upper) => IsInterval(lower, upper)
        ? new Axis(lower, upper)
        : throw new ArgumentException($"Expected finite ends, the lower below the upper, got [{lower}, {upper}].", nameof(upper));

    /// <summary>An angle on a circle.</summary>
    /// <param name="lower">Where the circle is cut, finite.</param>
    /// <param name="upper">The same point after one turn.</param>
    /// <returns>The circle.</returns>
    /// <exception cref="ArgumentException">The ends are no interval.</exception>
    public static Axis Circle(double lower = -Math.PI, double upper = Math.PI) => IsInterval(lower, upper)
        ? new Axis(lower, upper, IsCircle: true)
        : throw new ArgumentException($"Expected finite ends, the lower below the upper, got [{lower}, {upper}].", nameof(upper));

    /// <summary>Whether every point of another axis is one of this, up to a hundred-thousandth of its length at finite ends.</summary>
    /// <remarks>
    /// A circle covers what lies between its ends, where it is cut. A circle is covered by the same circle, and by the interval that
    /// it is cut to: of a longer one several points would be one on the circle. An axis that is nearly real covers what the real line does.
    /// </remarks>
    /// <param name="other">The other axis.</param>
    /// <returns>True where it is.</returns>
    public bool Covers(Axis other)
    {
        // Other libraries draw angles from an interval that is this much longer than the circle.
        var slack = double.IsFinite(other.Upper - other.Lower) ? 1e-5 * (other.Upper - other.Lower) : 0;
        if (IsNearlyReal && !other.IsCircle)
            return true;
        var covers = Lower <= other.Lower + slack && other.Upper - slack <= Upper;
        return covers && (!other.IsCircle || (Lower >= other.Lower - slack && other.Upper + slack >= Upper));
    }

    /// <summary>The axis in words.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsReal
        ? "the real line"
        : string.Create(CultureInfo.InvariantCulture, $"{(IsCircle ? "a circle" : "the interval")} [{Lower:g6}, {Upper:g6}]");

    private static bool IsInterval(double lower, double upper) => double.IsFinite(lower) && double.IsFinite(upper) && lower < upper;
}
