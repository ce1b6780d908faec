using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FactorizableFlow.Configuration;
using FactorizableFlow.Verbs;

namespace FactorizableFlow.Application;

/// <summary>The program: finds the verb, runs it, and turns every failure into a sentence and an exit code.</summary>
public static class StudyApplication
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="reporter">Takes lines, tables and progress.</param>
    /// <param name="output">Where help and version go.</param>
    /// <param name="error">Where the sentence about a failure goes.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C.</param>
    /// <param name="interrupt">Where the signals come in, to be told when somebody looks at <paramref name="cancellation"/>; null where there are none.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(
        IReadOnlyList<string> args,
        ConsoleReporter reporter,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellation,
        InterruptSource? interrupt = null) =>
        ErrorBoundary.Run(error, () =>
        {
            var root = CreateRoot(new StudyContext(reporter, cancellation, interrupt));
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
            return parsed.Invoke(configuration);
        });

    private static RootCommand CreateRoot(StudyContext context)
    {
        var root = new RootCommand(
            "Factorizable normalizing flows on a two-class toy: learn the densities, learn how they deform with continuous nuisances, "
            + "and check both against the analytic truth.");
        IVerb[] verbs =
        [
            new GenerateDatasetVerb(), TrainingVerb.BaseFlows, TrainingVerb.Systematics, new ValidateFlowsVerb(),
            new VisualizeDatasetVerb(), new VisualizeResidualTransformVerb(), new CompareVerb(), new ReproduceVerb(),
            new InspectVerb(), new LogProbVerb(), new SampleVerb(), new ImportVerb(), new ExportVerb(),
        ];
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
