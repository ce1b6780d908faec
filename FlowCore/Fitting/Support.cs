using System.Globalization;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <summary>Which values a feature can have: what a user knows and samples alone do not say. Outside the density is 0, and no sample lies there.</summary>
/// <remarks>The default is <see cref="Real"/>.</remarks>
public readonly record struct Support
{
    private Support(SupportKind kind, double lower, double upper) => (Kind, Lower, Upper) = (kind, lower, upper);

    /// <summary>Every real number.</summary>
    public static Support Real { get; }

    /// <summary>The numbers above 0; the flow works on the logarithm.</summary>
    public static Support Positive { get; } = new(SupportKind.Positive, 0, 0);

    /// <summary>
    /// The whole numbers. A number n is fitted as n + u with u uniform in [0, 1), of the seed, and the model's density is that of n + u:
    /// P(n) is its integral from n to n + 1 (Theis, van den Oord and Bethge 2016, "A note on the evaluation of generative models", section 3.1).
    /// A sample of the model rounded down is a whole number.
    /// </summary>
    public static Support Integers { get; } = new(SupportKind.Integers, 0, 0);

    /// <summary>Which kind of values.</summary>
    public SupportKind Kind { get; }

    /// <summary>The lower end; 0 where there is none.</summary>
    public double Lower { get; }

    /// <summary>The upper end; 0 where there is none.</summary>
    public double Upper { get; }

    /// <summary>The same as an axis; the real line for whole numbers, between which their density lies.</summary>
    internal Axis Axis => Kind switch
    {
        SupportKind.Positive => new Axis(Lower, double.PositiveInfinity),
        SupportKind.Interval => Axis.Interval(Lower, Upper),
        SupportKind.Circle => Axis.Circle(Lower, Upper),
        _ => Axis.Real,
    };

    /// <summary>The numbers above an end; the flow works on the logarithm of the distance from it.</summary>
    /// <param name="lower">The end, finite; it does not belong to the support.</param>
    /// <returns>The support.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The end is not finite.</exception>
    public static Support Above(double lower) => double.IsFinite(lower)
        ? new Support(SupportKind.Positive, lower, 0)
        : throw new ArgumentOutOfRangeException(nameof(lower), lower, "Expected a finite end.");

    /// <summary>The numbers between two ends, which belong to it; the density may have any value at them.</summary>
    /// <param name="lower">The lower end, finite.</param>
    /// <param name="upper">The upper end, finite and above the lower.</param>
    /// <returns>The support.</returns>
    /// <exception cref="ArgumentException">The ends are no interval.</exception>
    public static Support Interval(double lower, double upper)
    {
        _ = Axis.Interval(lower, upper);
        return new Support(SupportKind.Interval, lower, upper);
    }

    /// <summary>The points of a circle, given by a number in [lower, upper); an angle in radians is <c>Circle(0, 2 * Math.PI)</c>.</summary>
    /// <param name="lower">Where a turn starts, finite.</param>
    /// <param name="upper">The same point after one turn, finite and above the lower.</param>
    /// <returns>The support.</returns>
    /// <exception cref="ArgumentException">The ends are no interval.</exception>
    public static Support Circle(double lower, double upper)
    {
        _ = Axis.Circle(lower, upper);
        return new Support(SupportKind.Circle, lower, upper);
    }

    /// <summary>The support as it is written in a program.</summary>
    /// <returns>The text, for example <c>Support.Interval(0, 10)</c>.</returns>
    public override string ToString() => Kind switch
    {
        SupportKind.Positive when Lower != 0 => string.Create(CultureInfo.InvariantCulture, $"Support.Above({Lower:g6})"),
        SupportKind.Interval or SupportKind.Circle => string.Create(CultureInfo.InvariantCulture, $"Support.{Kind}({Lower:g6}, {Upper:g6})"),
        _ => $"Support.{Kind}",
    };
}
