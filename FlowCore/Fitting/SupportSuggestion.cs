using System.Globalization;
using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>What support the values of a feature look like: a suggestion to a user, who knows. Immutable.</summary>
/// <param name="Found">What was seen, as the end of a sentence that begins with the feature: "has whole numbers only".</param>
/// <param name="Condition">When the support is right: "if it can have no others".</param>
/// <param name="Support">The support.</param>
public sealed record SupportSuggestion(string Found, string Condition, Support Support)
{
    private const int FewestRows = 100;
    private const string NoOthers = "if it can have no others";

    /// <summary>Looks at a column.</summary>
    /// <param name="column">What the feature looks like.</param>
    /// <param name="largestInteger">Up to where whole numbers are spread; beyond it they are taken for real numbers. The default is that of single precision.</param>
    /// <returns>The suggestion; null where the values look like any real numbers, or are fewer than a hundred.</returns>
    public static SupportSuggestion? Of(ColumnSurvey column, double largestInteger = 1 << 19)
    {
        ArgumentNullException.ThrowIfNull(column);
        if (column.Count < FewestRows)
            return null;
        if (column.IsInteger && Math.Max(Math.Abs(column.Minimum), Math.Abs(column.Maximum)) <= largestInteger)
            return new SupportSuggestion("has whole numbers only", NoOthers, Support.Integers);
        var (lowest, highest) = (column.Minimum, column.Maximum);
        var range = highest - lowest;
        var ends = string.Create(CultureInfo.InvariantCulture, $"between {lowest:g5} and {highest:g5}");
        foreach (var start in (double[])[0, -Math.PI])
        {
            // A turn is filled, but the two ends need not be edges: they are one place.
            if (IsNear(lowest, start, range) && IsNear(highest, start + (2 * Math.PI), range))
                return new SupportSuggestion($"lies {ends}, which looks like an angle", "if it is one", Support.Circle(start, start + (2 * Math.PI)));
        }

        if (column.HasLowerEdge && column.HasUpperEdge)
            return new SupportSuggestion($"lies {ends} and ends there abruptly", NoOthers, Support.Interval(Round(lowest, range, down: true), Round(highest, range, down: false)));
        if (!column.HasLowerEdge)
            return null;
        var end = Round(lowest, range, down: true);
        return new SupportSuggestion(
            string.Create(CultureInfo.InvariantCulture, $"has no value below {lowest:g5} and ends there abruptly"), NoOthers, end == 0 ? Support.Positive : Support.Above(end));
    }

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
