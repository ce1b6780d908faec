using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace FactorizableFlow.Application;

/// <summary>Flags that several verbs share, so that they read and mean the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<string> Config() => new("--cfg", "-c")
    {
        Description = "The YAML config. Paths in it are relative to its own folder.",
        HelpName = "FILE",
        Required = true,
    };

    public static Option<ulong?> Seed() => new("--seed")
    {
        Description = "Seed of all randomness. The same seed gives the same bytes, for any number of threads. [default: the config's, or 1]",
        HelpName = "NUMBER",
        CustomParser = result => Parse(result, "--seed", ulong.MinValue, ulong.MaxValue),
    };

    public static Option<int?> Threads() => new("--threads")
    {
        Description = "Threads to use; 0 for all cores. Never changes a result. [default: the config's, or 0]",
        HelpName = "NUMBER",
        CustomParser = result => Parse(result, "--threads", 0, 4096),
    };

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
