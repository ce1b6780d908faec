using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace CommandLine;

/// <summary>Flags that take a number and have a usual one, which the help shows.</summary>
public static class NumberOption
{
    /// <summary>The largest whole number that a flag takes: more is a slip of the finger.</summary>
    public const int Most = 100_000_000;

    /// <summary>A whole number, up to <see cref="Most"/>.</summary>
    /// <param name="name">The flag.</param>
    /// <param name="description">Its help.</param>
    /// <param name="usual">What counts where the flag is left out.</param>
    /// <param name="minimum">The smallest value.</param>
    public static Option<int> Whole(string name, string description, int usual, int minimum = 1) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var word = Word(result);
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= Most)
                return value;

            result.AddError($"{name} must be a whole number from {minimum} to {Most}, but it is '{word}'.");
            return usual;
        },
    };

    /// <summary>A rate of a training: above 0 and at most 1.</summary>
    /// <param name="name">The flag.</param>
    /// <param name="description">Its help.</param>
    /// <param name="usual">What counts where the flag is left out.</param>
    public static Option<double> Rate(string name, string description, double usual) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var word = Word(result);
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 1)
                return value;

            result.AddError($"{name} must be a number above 0 and at most 1, but it is '{word}'.");
            return usual;
        },
    };

    private static string Word(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
