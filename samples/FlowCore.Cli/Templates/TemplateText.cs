using System.Globalization;
using CommandLine;

namespace FlowCore.Cli.Templates;

/// <summary>A template as a command line says it: "+1,0=up.parquet". Immutable.</summary>
/// <param name="Nuisances">ν.</param>
/// <param name="Table">The file of its rows.</param>
internal sealed record TemplateText(double[] Nuisances, string Table)
{
    // Beyond these sizes single precision loses the products of second order.
    private const double Smallest = 1e-9;
    private const double Largest = 1e9;

    /// <summary>Reads --template.</summary>
    /// <param name="text">What it says.</param>
    /// <exception cref="UsageException">It is not numbers, an equals sign and a file, or a number is of no ordinary size.</exception>
    public static TemplateText Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || at == text.Length - 1)
            throw new UsageException($"--template must be ν=FILE, such as +1,0=up.parquet, but it is '{text}'.");
        var words = text[..at].Split(',', StringSplitOptions.TrimEntries);
        var nuisances = new double[words.Length];
        for (var k = 0; k < words.Length; k++)
        {
            if (!double.TryParse(words[k], NumberStyles.Float, CultureInfo.InvariantCulture, out nuisances[k]) || !double.IsFinite(nuisances[k]))
                throw new UsageException($"--template must begin with numbers, the nuisances of the file, but '{words[k]}' of '{text}' is none.");
            if (nuisances[k] != 0 && Math.Abs(nuisances[k]) is < Smallest or > Largest)
                throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--template takes nuisances that are 0 or of a size from {Smallest} to {Largest}, but '{text}' has '{words[k]}'."));
        }

        return new TemplateText(nuisances, text[(at + 1)..].Trim());
    }

    /// <summary>Reads --cross: none, or pairs of nuisances such as jes:jer.</summary>
    /// <param name="text">What it says.</param>
    /// <param name="names">The names of the nuisances.</param>
    /// <exception cref="UsageException">It is no pair of two of them, or a pair comes twice.</exception>
    public static (int First, int Second)[] Pairs(string text, IReadOnlyList<string> names)
    {
        if (text == "none")
            return [];
        List<(int, int)> pairs = [];
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = word.Split(':');
            if (ends.Length != 2)
                throw new UsageException($"--cross must be none, or pairs of nuisances such as {names[0]}:{names[^1]}, but it is '{text}'.");
            var (i, j) = (Index(ends[0]), Index(ends[1]));
            if (i == j)
                throw new UsageException($"--cross takes pairs of two different nuisances, but it has '{word}'; the square of one belongs to --order.");
            var pair = (Math.Min(i, j), Math.Max(i, j));
            if (pairs.Contains(pair))
                throw new UsageException($"--cross names the pair '{word}' twice.");
            pairs.Add(pair);
        }

        return [.. pairs];

        int Index(string name)
        {
            for (var k = 0; k < names.Count; k++)
            {
                if (names[k] == name)
                    return k;
            }

            throw new UsageException($"--cross names the nuisance '{name}', which is none of those of --nuisances{Suggestion.Phrase(name, [.. names])}");
        }
    }
}
