using System.Globalization;

namespace FlowCore.Numerics;

/// <summary>How lists of numbers are printed: the same in every culture.</summary>
internal static class NumberText
{
    // More than that is data, not a summary.
    private const int Most = 16;

    /// <summary>[1, 2.5, −3]; of long lists the first numbers and how many there are.</summary>
    public static string Of(IReadOnlyList<double> numbers)
    {
        var shown = numbers.Take(Most).Select(number => number.ToString("g5", CultureInfo.InvariantCulture));
        return numbers.Count <= Most ? $"[{string.Join(", ", shown)}]" : $"[{string.Join(", ", shown)}, … {numbers.Count} numbers]";
    }
}
