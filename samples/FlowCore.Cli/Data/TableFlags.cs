using System.CommandLine;
using System.CommandLine.Parsing;
using Tables;

namespace FlowCore.Cli.Data;

/// <summary>The flags for what a table does not say about itself, the same for every verb that reads one.</summary>
internal sealed class TableFlags
{
    /// <summary>What tables are, for the help of an argument.</summary>
    public const string Kinds = ".csv, .tsv, .npy, .npz (file.npz:name), .parquet or .h5 (file.h5:/path)";

    private const string Yes = "yes";

    private readonly Option<MissingValues?> _missing = Words<MissingValues?>(
        "--missing",
        "What becomes of rows in which a number is missing: refuse is an error that names the first, drop leaves them out and says how many. [default: refuse]",
        ("refuse", MissingValues.Refuse),
        ("drop", MissingValues.Drop));

    private readonly Option<char?> _delimiter = Words<char?>(
        "--delimiter",
        "What separates the fields of a text file. [default: what its name or its first lines show]",
        ("comma", ','),
        ("semicolon", ';'),
        ("tab", '\t'),
        ("space", ' '));

    // A flag of truth values would not take the word behind it.
    private readonly Option<string?> _header = Words<string?>(
        "--header",
        "Whether the first line of a text file has the names of the columns. [default: unless it is all numbers]",
        (Yes, Yes),
        ("no", "no"));

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_missing);
        command.Add(_delimiter);
        command.Add(_header);
    }

    /// <summary>What the command line says.</summary>
    /// <param name="parsed">The command line.</param>
    public TableOptions Read(ParseResult parsed) => new()
    {
        Missing = parsed.GetValue(_missing) ?? MissingValues.Refuse,
        Delimiter = parsed.GetValue(_delimiter),
        HasHeader = parsed.GetValue(_header) is { } word ? word == Yes : null,
    };

    private static Option<T> Words<T>(string name, string description, params (string Word, T Value)[] choices) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', choices.Select(choice => choice.Word)),
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            foreach (var choice in choices)
            {
                if (choice.Word == word)
                    return choice.Value;
            }

            result.AddError($"{name} must be {string.Join(" or ", choices.Select(choice => choice.Word))}, but it is '{word}'.");
            return default;
        },
    };
}
