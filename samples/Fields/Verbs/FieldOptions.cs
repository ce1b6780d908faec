using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using CommandLine;

namespace LognormalFields.Verbs;

/// <summary>Flags that several verbs share.</summary>
internal static class FieldOptions
{
    /// <summary>--config.</summary>
    public static Option<string> Config() => new("--config", "-c")
    {
        Description = "The config file: toy, flow and training.",
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>--output as a folder.</summary>
    public static Option<string> Folder() => new("--output", "-o")
    {
        Description = "The folder to write to.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => "results",
    };

    /// <summary>A number of fields.</summary>
    public static Option<long?> Count(long usual) => CountOption.Create("--n", $"How many fields. [default: {usual}]", minimum: 2);

    /// <summary>A number with a range.</summary>
    public static Option<double?> Number(string name, string description, double minimum, double below) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value < below)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be a number of at least {minimum} and below {below}, but it is '{word}'."));
            return null;
        },
    };

    /// <summary>How many fields a call asks for.</summary>
    public static int CountOf(ParseResult parsed, Option<long?> option, int usual) => (int)Math.Min(parsed.GetValue(option) ?? usual, 1_000_000);

    /// <summary>Opens the device of a call.</summary>
    public static CommandDevice Open(CommandContext context, ParseResult parsed, Option<string?> device, Option<int?> threads) =>
        CommandDevice.Open(context, parsed.GetValue(device), configured: null, parsed.GetValue(threads) ?? 0);
}
