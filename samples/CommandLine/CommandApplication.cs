using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace CommandLine;

/// <summary>A program of verbs: finds the verb, runs it, and turns every failure into a sentence and an exit code. Immutable.</summary>
/// <param name="description">What the program is for, at the head of its help.</param>
/// <param name="verbs">Its verbs, in the order of the help.</param>
public sealed class CommandApplication(string description, params IReadOnlyList<IVerb> verbs)
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="reporter">Takes lines, tables and progress.</param>
    /// <param name="output">Where help and version go.</param>
    /// <param name="error">Where the sentence about a failure goes.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    /// <param name="interrupt">Where the signals come in, to be told when somebody looks at <paramref name="cancellation"/>; null where there are none.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Run(
        IReadOnlyList<string> args,
        ConsoleReporter reporter,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellation,
        InterruptSource? interrupt = null) =>
        ErrorBoundary.Run(error, () =>
        {
            var root = CreateRoot(new CommandContext(reporter, cancellation, interrupt));
            if (args is ["help", ..])
            {
                if (args.Count > 1 && root.Subcommands.All(verb => verb.Name != args[1]))
                    throw new UsageException(UnknownVerb(args[1], root));
                args = [.. args.Skip(1), "--help"];
            }

            var parsed = root.Parse(args);
            var configuration = new InvocationConfiguration
            {
                Output = GuardedWriter.Over(output),
                Error = GuardedWriter.Over(error),
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            if (parsed.Action is HelpAction)
                return parsed.Invoke(configuration);

            if (args.Count == 0)
            {
                root.Parse("--help").Invoke(configuration);
                return ExitCode.Usage;
            }

            if (parsed.Errors.Count > 0)
                throw new UsageException(Complaint(parsed));

            CheckNames(parsed);
            return OutputFile.LeavingNoFolders(() => parsed.Invoke(configuration));
        });

    /// <summary>Runs the command line of this process: signals are listened to, and streams that nobody reads any more do not end the work.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int RunProcess(IReadOnlyList<string> args)
    {
        // The console's own writers are replaced as well, because the library of bars and tables recognises the terminal by them.
        var output = new GuardedWriter(Console.Out);
        var error = new GuardedWriter(Console.Error);
        Console.SetOut(output);
        Console.SetError(error);
        using var interrupt = new InterruptSource();
        var code = Run(args, ConsoleReporter.ForProcess(), Console.Out, Console.Error, interrupt.Token, interrupt);
        if (output.Problem is not { } problem)
            return code;
        Console.Error.WriteLine($"Standard output could not be written ({problem}); what else there was to do is done.");
        return code == ExitCode.Success ? ExitCode.Failure : code;
    }

    private RootCommand CreateRoot(CommandContext context)
    {
        var root = new RootCommand(description);
        foreach (var verb in verbs)
            root.Add(verb.CreateCommand(context));

        return root;
    }

    private static string UnknownVerb(string word, Command root) =>
        $"Unknown verb '{word}'{Suggestion.Phrase(word, [.. root.Subcommands.Select(verb => verb.Name)])}";

    // Every argument of a verb is a file, and so is what these flags take.
    private static void CheckNames(ParseResult parsed)
    {
        foreach (var result in parsed.CommandResult.Children)
        {
            var (name, tokens) = result switch
            {
                ArgumentResult argument => (argument.Argument.Name, argument.Tokens),
                OptionResult { Option: { HelpName: "FILE" or "FOLDER" or "FILE|NUMBERS" } option } given => (option.Name, given.Tokens),
                _ => ("", []),
            };
            foreach (var token in tokens)
            {
                if (string.IsNullOrWhiteSpace(token.Value) || token.Value.Contains('\0', StringComparison.Ordinal))
                    throw new UsageException($"{name} must name a file or a folder, but it is empty or holds a null character.");
            }
        }
    }

    // Values that no verb has a sentence of its own for are named with the type that the program has for them.
    private static string Plain(ParseError error)
    {
        var message = error.Message;
        var at = message.IndexOf(" as expected type '", StringComparison.Ordinal);
        return at < 0 ? message : $"{message[..at].Replace("Cannot parse argument", "Expected another value, got", StringComparison.Ordinal)}.";
    }

    private static string Complaint(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count == 0)
            return Plain(parsed.Errors[0]);

        var word = parsed.UnmatchedTokens[0];
        if (word.StartsWith('-') && word.Length > 1)
        {
            string[] flags = [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith('-'))];
            return $"Unknown flag '{word}'{Suggestion.Phrase(word, flags)}";
        }

        return command is RootCommand
            ? UnknownVerb(word, command)
            : $"{command.Name} does not take the word '{word}'; its flags are {string.Join(", ", command.Options.Select(option => option.Name))}.";
    }
}
