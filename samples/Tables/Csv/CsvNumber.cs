using System.Globalization;

namespace Tables.Csv;

/// <summary>What a field of text says.</summary>
internal static class CsvNumber
{
    private static readonly string[] _missing = ["NA", "N/A", "nan", "null", "none", "-", "?"];

    /// <summary>Whether a field says that its number is missing; upper or lower case.</summary>
    public static bool IsMissing(ReadOnlySpan<char> field)
    {
        if (field.IsEmpty)
            return true;
        foreach (var word in _missing)
        {
            if (field.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Reads a number with a decimal point, as every language writes it.</summary>
    public static bool TryParse(ReadOnlySpan<char> field, out double number) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>Whether a field is a whole number that a double would round.</summary>
    public static bool IsRoundedInteger(ReadOnlySpan<char> field, double number) =>
        Math.Abs(number) >= 1L << 53 && field.IndexOfAnyExceptInRange('0', '9') is -1 or 0 && field[1..].IndexOfAnyExceptInRange('0', '9') < 0
        && (!decimal.TryParse(field, NumberStyles.Integer, CultureInfo.InvariantCulture, out var exact) || Math.Abs(exact) > 1L << 53);

    /// <summary>A field without the quotes around it; a doubled quote within stands for one.</summary>
    public static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> field)
    {
        field = field.Trim();
        if (field.Length < 2 || field[0] != '"' || field[^1] != '"')
            return field;
        var inside = field[1..^1];
        return inside.Contains('"') ? inside.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : inside;
    }
}
