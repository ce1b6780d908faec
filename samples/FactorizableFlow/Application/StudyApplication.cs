using System.CommandLine;
using System.CommandLine.Help;
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
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(
        IReadOnlyList<string> args, ConsoleReporter reporter, TextWriter output, TextWriter error, CancellationToken cancellation) =>
        ErrorBoundary.Run(error, () =>
        {
            var root = CreateRoot(new StudyContext(reporter, cancellation));
            var parsed = root.Parse(args);
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
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

    private static string Complaint(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens.Count == 0)
            return parsed.Errors[0].Message;

        var word = parsed.UnmatchedTokens[0];
        if (word.StartsWith('-') && word.Length > 1)
        {
            string[] flags = [.. command.Options.SelectMany(option => option.Aliases.Append(option.Name)).Where(name => name.StartsWith('-'))];
            return $"Unknown flag '{word}'{Suggestion.Phrase(word, flags)}";
        }

        return command is RootCommand
            ? $"Unknown verb '{word}'{Suggestion.Phrase(word, [.. command.Subcommands.Select(verb => verb.Name)])}"
            : $"{command.Name} does not take the word '{word}'; its flags are {string.Join(", ", command.Options.Select(option => option.Name))}.";
    }
}
