using System.CommandLine;
using System.Globalization;

namespace CommandLine;

/// <summary>Flags that take a number of events or rows.</summary>
public static class CountOption
{
    /// <summary>Creates the flag.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its help.</param>
    /// <param name="minimum">The smallest value.</param>
    public static Option<long?> Create(string name, string description, long minimum) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum)
                return value;

            result.AddError($"{name} must be a whole number of at least {minimum}, but it is '{word}'.");
            return null;
        },
    };
}
