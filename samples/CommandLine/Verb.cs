using System.CommandLine;
using System.CommandLine.Parsing;

namespace CommandLine;

/// <summary>A verb of a small program: its name, its flags, and what it does.</summary>
/// <param name="name">The name.</param>
/// <param name="description">Its help.</param>
/// <param name="symbols">Its options and arguments, in the order of the help.</param>
/// <param name="run">What it does; the parsed words hold the values. Returns an <see cref="ExitCode"/>.</param>
public sealed class Verb(string name, string description, IReadOnlyList<Symbol> symbols, Func<CommandContext, ParseResult, int> run) : IVerb
{
    /// <summary>A verb that succeeds unless it throws.</summary>
    /// <param name="name">The name.</param>
    /// <param name="description">Its help.</param>
    /// <param name="symbols">Its options and arguments, in the order of the help.</param>
    /// <param name="run">What it does; the parsed words hold the values.</param>
    public Verb(string name, string description, IReadOnlyList<Symbol> symbols, Action<CommandContext, ParseResult> run)
        : this(name, description, symbols, (context, parsed) => Succeed(run, context, parsed))
    {
    }

    /// <inheritdoc/>
    public Command CreateCommand(CommandContext context)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }

        command.SetAction(parsed =>
        {
            foreach (var result in parsed.CommandResult.Children.OfType<ArgumentResult>())
                RefuseFlags(result);
            return run(context, parsed);
        });
        return command;
    }

    // A flag that is not known would be taken for a name where an argument is free.
    private void RefuseFlags(ArgumentResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"Unknown flag '{token.Value}'{Suggestion.Phrase(token.Value, [.. symbols.OfType<Option>().Select(option => option.Name), "--help"])}");
        }
    }

    private static int Succeed(Action<CommandContext, ParseResult> run, CommandContext context, ParseResult parsed)
    {
        run(context, parsed);
        return ExitCode.Success;
    }
}
