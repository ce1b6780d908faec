using System.CommandLine;

namespace CommandLine;

/// <summary>Flags that take one of a few words.</summary>
public static class ChoiceOption
{
    /// <summary>Creates the flag.</summary>
    /// <typeparam name="T">What the words stand for.</typeparam>
    /// <param name="name">The flag.</param>
    /// <param name="description">Its help.</param>
    /// <param name="choices">The words and their meanings; the first one counts where the flag is left out.</param>
    public static Option<T> Create<T>(string name, string description, params IReadOnlyList<(string Word, T Value)> choices) => new(name)
    {
        Description = $"{description} [default: {choices[0].Word}]",
        HelpName = string.Join('|', choices.Select(choice => choice.Word)),
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            foreach (var (known, value) in choices)
            {
                if (known == word)
                    return value;
            }

            result.AddError($"{name} must be {string.Join(" or ", choices.Select(choice => choice.Word))}, but it is '{word}'.");
            return choices[0].Value;
        },
    };
}
