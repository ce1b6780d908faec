using System.Globalization;
using System.Text.RegularExpressions;

namespace Reporting;

/// <summary>The names of columns in what a report calls y0, y1 and so on. Immutable.</summary>
/// <param name="columns">The names; empty to leave the numbers.</param>
public sealed partial class ReportNames(params IReadOnlyList<string> columns)
{
    /// <summary>A text with names in place of numbers.</summary>
    /// <param name="text">"rank of y0".</param>
    /// <returns>"rank of mass".</returns>
    public string In(string text) => columns.Count == 0 ? text : Number().Replace(text, Name);

    private string Name(Match match)
    {
        var column = int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return column < columns.Count ? columns[column] : match.Value;
    }

    [GeneratedRegex(@"\by(\d{1,6})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
