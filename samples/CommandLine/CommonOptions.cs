using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace CommandLine;

/// <summary>Flags that several verbs share, so that they read and mean the same everywhere.</summary>
public static class CommonOptions
{
    /// <summary>The seed where none is given.</summary>
    public const ulong DefaultSeed = 1;

    /// <summary>--seed.</summary>
    /// <param name="usual">What counts where the flag is left out, for the help.</param>
    public static Option<ulong?> Seed(string usual = "1") => new("--seed")
    {
        Description = $"Seed of all randomness. The same seed gives the same bytes, for any number of threads. [default: {usual}]",
        HelpName = "NUMBER",
        CustomParser = result => Parse(result, "--seed", ulong.MinValue, ulong.MaxValue),
    };

    /// <summary>--threads.</summary>
    /// <param name="usual">What counts where the flag is left out, for the help.</param>
    public static Option<int?> Threads(string usual = "0") => new("--threads")
    {
        Description = $"Threads to use; 0 for all cores. Never changes a result. [default: {usual}]",
        HelpName = "NUMBER",
        CustomParser = result => Parse(result, "--threads", 0, 4096),
    };

    /// <summary>--force.</summary>
    public static Option<bool> Force() => new("--force")
    {
        Description = "Replace files that are already there.",
    };

    private static T? Parse<T>(ArgumentResult result, string name, T minimum, T maximum)
        where T : struct, IBinaryInteger<T>
    {
        var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (T.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
            return value;

        result.AddError($"{name} must be a whole number from {minimum} to {maximum}, but it is '{word}'.");
        return null;
    }
}
