using System.Globalization;
using System.Text.RegularExpressions;
using CommandLine;
using FlowCore.Fitting;

namespace FlowCore.Cli.Data;

/// <summary>Supports as a command line says them: 0..1, circle, circle:-pi..pi, positive, above:5, integers, real.</summary>
internal static partial class SupportText
{
    /// <summary>What may be said, for messages and help.</summary>
    public const string Words = "0..1, circle, circle:-pi..pi, positive, above:5, integers or real";

    /// <summary>Reads --bounds.</summary>
    /// <param name="entries">Each "column=support", or several with commas.</param>
    /// <param name="columns">The features that there are.</param>
    /// <returns>A support for each feature, real where nothing is said; null where nothing is said of any.</returns>
    /// <exception cref="UsageException">A column is none of them or comes twice, or a support is not understood.</exception>
    public static Support[]? ReadAll(IReadOnlyList<string> entries, IReadOnlyList<string> columns)
    {
        if (entries.Count == 0)
            return null;
        var supports = new Support[columns.Count];
        var isSaid = new bool[columns.Count];
        foreach (var entry in entries.SelectMany(entry => entry.Split(',', StringSplitOptions.TrimEntries)))
        {
            var at = entry.LastIndexOf('=');
            if (at <= 0)
                throw new UsageException($"--bounds must be column=support, with {Words} as the support, but it is '{entry}'.");
            var name = entry[..at].TrimEnd();
            var column = -1;
            for (var j = 0; j < columns.Count; j++)
                column = columns[j] == name ? j : column;
            if (column < 0)
                throw new UsageException($"--bounds names the column '{name}', which is none of those that are fitted{Suggestion.Phrase(name, [.. columns])}");
            if (isSaid[column])
                throw new UsageException($"--bounds names the column '{name}' twice.");
            (isSaid[column], supports[column]) = (true, Read(entry[(at + 1)..].Trim()));
        }

        return supports;
    }

    /// <summary>A support as <see cref="ReadAll"/> reads it.</summary>
    /// <param name="support">The support.</param>
    public static string Of(Support support)
    {
        var (lower, upper) = (Text(support.Lower), Text(support.Upper));
        return support.Kind switch
        {
            SupportKind.Positive => support.Lower == 0 ? "positive" : $"above:{lower}",
            SupportKind.Interval => $"{lower}..{upper}",
            SupportKind.Circle => support is { Lower: 0, Upper: 2 * Math.PI } ? "circle" : $"circle:{lower}..{upper}",
            SupportKind.Integers => "integers",
            _ => "real",
        };
    }

    private static Support Read(string text)
    {
        switch (text)
        {
            case "real":
                return Support.Real;
            case "positive":
                return Support.Positive;
            case "integers":
                return Support.Integers;
            case "circle":
                return Support.Circle(0, 2 * Math.PI);
            default:
                break;
        }

        var parts = text.Split(':', 2);
        var (kind, range) = parts.Length == 2 ? (parts[0], parts[1]) : ("interval", text);
        if (kind == "above" && Number(range) is { } end)
            return Support.Above(end);
        var ends = range.Split("..");
        if (kind is "interval" or "circle" && ends.Length == 2 && Number(ends[0]) is { } lower && Number(ends[1]) is { } upper)
        {
            if (!(lower < upper))
                throw new UsageException($"--bounds takes the lower end before the upper one, as in 0..1, but it is '{text}'.");
            return kind == "circle" ? Support.Circle(lower, upper) : Support.Interval(lower, upper);
        }

        throw new UsageException($"--bounds takes {Words}, but it is '{text}'.");
    }

    // 3, -1e5, pi, -2pi, pi/2.
    private static double? Number(string word)
    {
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return double.IsFinite(number) ? number : null;
        var match = Turns().Match(word);
        if (!match.Success)
            return null;
        var factor = match.Groups["factor"].Value switch
        {
            "" or "+" => 1,
            "-" => -1,
            var digits => double.Parse(digits, CultureInfo.InvariantCulture),
        };
        return factor * Math.PI / (match.Groups["divisor"].Success ? double.Parse(match.Groups["divisor"].ValueSpan, CultureInfo.InvariantCulture) : 1);
    }

    private static string Text(double number)
    {
        foreach (var (factor, word) in ((double, string)[])[(1, "pi"), (-1, "-pi"), (2, "2pi"), (-2, "-2pi"), (0.5, "pi/2"), (-0.5, "-pi/2")])
        {
            if (number == factor * Math.PI)
                return word;
        }

        return number.ToString("r", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(?<factor>[+-]?(\d{1,9}(\.\d{1,9})?)?)pi(/(?<divisor>[1-9]\d{0,8}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Turns();
}
