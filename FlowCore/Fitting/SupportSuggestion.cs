using System.Globalization;

namespace FlowCore.Fitting;

/// <summary>What support the values of a feature look like: a suggestion to a user, who knows.</summary>
internal static class SupportSuggestion
{
    // Of smooth data with tails, less than a thousandth lies in the outermost hundredth of the range.
    private const double EdgeShare = 0.005;
    private const int FewestRows = 100;

    /// <summary>A sentence, or null where the values look like any real numbers.</summary>
    /// <param name="values">The values as they came.</param>
    /// <param name="feature">The index of the feature, for the sentence.</param>
    public static string? For(ReadOnlySpan<double> values, int feature)
    {
        if (values.Length < FewestRows)
            return null;
        var (lowest, highest, areWhole) = (double.PositiveInfinity, double.NegativeInfinity, true);
        foreach (var value in values)
        {
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
            areWhole &= Math.Floor(value) == value;
        }

        if (areWhole)
            return Sentence(feature, "has whole numbers only", Support.Integers);
        var (low, high, range) = (0, 0, highest - lowest);
        var nearLowest = lowest + (0.01 * range);
        var nearHighest = highest - (0.01 * range);
        foreach (var value in values)
        {
            low += value < nearLowest ? 1 : 0;
            high += value > nearHighest ? 1 : 0;
        }

        var (hasLower, hasUpper) = (low > EdgeShare * values.Length, high > EdgeShare * values.Length);
        var ends = string.Create(CultureInfo.InvariantCulture, $"between {lowest:g5} and {highest:g5}");
        foreach (var start in (double[])[0, -Math.PI])
        {
            if (hasLower && hasUpper && IsNear(lowest, start, range) && IsNear(highest, start + (2 * Math.PI), range))
                return $"Feature {feature} lies {ends}, which looks like an angle: if it is one, say {(start == 0 ? "Support.Circle(0, 2 * Math.PI)" : "Support.Circle(-Math.PI, Math.PI)")}.";
        }

        if (hasLower && hasUpper)
            return Sentence(feature, $"lies {ends} and ends there abruptly", Support.Interval(Round(lowest, range, down: true), Round(highest, range, down: false)));
        if (hasLower)
        {
            var end = Round(lowest, range, down: true);
            return Sentence(feature, string.Create(CultureInfo.InvariantCulture, $"has no value below {lowest:g5} and ends there abruptly"), end == 0 ? Support.Positive : Support.Above(end));
        }

        return null;
    }

    private static string Sentence(int feature, string what, Support support) => $"Feature {feature} {what}: if it can have no others, say {support}.";

    private static bool IsNear(double value, double end, double range) => Math.Abs(value - end) < 0.005 * range;

    // The roundest number within half a hundredth of the range, on the side without data.
    private static double Round(double value, double range, bool down)
    {
        var step = Math.Pow(10, Math.Ceiling(Math.Log10(range)));
        for (var i = 0; i < 6; i++, step /= 10)
        {
            var rounded = step * (down ? Math.Floor(value / step) : Math.Ceiling(value / step));
            if (IsNear(value, rounded, range))
                return rounded;
        }

        return value;
    }
}
