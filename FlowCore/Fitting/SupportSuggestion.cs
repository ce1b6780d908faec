using System.Globalization;
using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>What support the values of a feature look like: a suggestion to a user, who knows.</summary>
internal static class SupportSuggestion
{
    private const int FewestRows = 100;

    /// <summary>A sentence, or null where the values look like any real numbers.</summary>
    /// <param name="column">What the feature looks like.</param>
    /// <param name="feature">Its index, for the sentence.</param>
    public static string? For(ColumnSurvey column, int feature)
    {
        if (column.Count < FewestRows)
            return null;
        if (column.IsInteger)
            return Sentence(feature, "has whole numbers only", Support.Integers);
        var (lowest, highest) = (column.Minimum, column.Maximum);
        var range = highest - lowest;
        var ends = string.Create(CultureInfo.InvariantCulture, $"between {lowest:g5} and {highest:g5}");
        foreach (var start in (double[])[0, -Math.PI])
        {
            // A turn is filled, but the two ends need not be edges: they are one place.
            if (IsNear(lowest, start, range) && IsNear(highest, start + (2 * Math.PI), range))
                return $"Feature {feature} lies {ends}, which looks like an angle: if it is one, say {(start == 0 ? "Support.Circle(0, 2 * Math.PI)" : "Support.Circle(-Math.PI, Math.PI)")}.";
        }

        if (column.HasLowerEdge && column.HasUpperEdge)
            return Sentence(feature, $"lies {ends} and ends there abruptly", Support.Interval(Round(lowest, range, down: true), Round(highest, range, down: false)));
        if (!column.HasLowerEdge)
            return null;
        var end = Round(lowest, range, down: true);
        return Sentence(feature, string.Create(CultureInfo.InvariantCulture, $"has no value below {lowest:g5} and ends there abruptly"), end == 0 ? Support.Positive : Support.Above(end));
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
