using System.CommandLine;
using System.CommandLine.Parsing;
using CommandLine;

namespace Mbank;

/// <summary>train-flow: a flow on the rows of a file. Flags and the keys of the ini file are the same, and one place reads the values of both.</summary>
internal sealed class TrainFlowVerb : IVerb
{
    private const string IniSuffix = ".ini";

    /// <inheritdoc/>
    public Command CreateCommand(CommandContext context)
    {
        var ini = new Argument<string?>("FILE.ini")
        {
            Description = "One section, whose name is the run's, and the keys below without their dashes: \"n-layers: 2\". Flags go before it. Paths in it start at its folder.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var flags = Flags();
        var command = new Command(
            "train-flow",
            "Train a flow inside a box on rows of a file: text, or an array of NumPy. A row holds D features and the logarithm of the density there, which may lack its constant; "
            + "D*D numbers between them, a metric, are passed over.")
        {
            ini,
        };
        foreach (var flag in flags)
            command.Add(flag);
        command.SetAction(parsed =>
        {
            var settings = Settings(parsed, ini, flags);
            OutputFile.PrepareFolder(settings.RunFolder);
            return MbankProgram.TrainAndSave(
                context, settings.Epochs, settings.RunFolder, settings.IsVerbose, (output, progress, cancellation) => TrainFlowRun.Run(settings, output, progress, cancellation));
        });
        return command;
    }

    private static Option[] Flags() =>
    [
        List("dataset", "FILE", "The rows; several files are read one after another. [default: dataset.dat]"),
        One("n-features", "NUMBER", "D. [default: the columns without the last one]"),
        One("n-datapoints", "NUMBER", "The first rows alone. [default: all]"),
        List("boundaries", "NUMBERS", "Lower and upper end for each feature; rows outside are left out. [default: those of the rows]"),
        Switch("ignore-boundaries", "Take the ends from the rows all the same. [default: false]"),
        One("loss-function", "NAME", "ll_mse, weighted_ll_mse or forward_KL, which takes the rows as samples. [default: ll_mse]"),
        One("n-layers", "NUMBER", "Pairs of a linear map and a masked transform. [default: 2]"),
        List("hidden-features", "NUMBERS", "Units of the hidden layers, one number or one for each pair. [default: 20]"),
        One("n-epochs", "NUMBER", "Steps, each on a batch of its own. [default: 10000]"),
        One("learning-rate", "NUMBER", "Of Adam; halved on a plateau. [default: 0.001]"),
        One("batch-size", "NUMBER", "Rows of a step. [default: 10000]"),
        One("train-fraction", "NUMBER", "Share of the rows to train on; the others validate. [default: 0.85]"),
        One("validation-step", "NUMBER", "Steps from one validation to the next. [default: 100]"),
        One("validation-metric", "NAME", "cross-entropy, ks or kl, with forward_KL. [default: cross-entropy]"),
        One("patience", "NUMBER", "Validations without improvement before the end. [default: 5]"),
        One("min-delta", "NUMBER", "What counts as one. [default: 0]"),
        Switch("load-flow", "Read the flow, and only draw and judge. [default: false]"),
        One("run-dir", "FOLDER", "Where everything goes. [default: out_NAME]"),
        One("run-name", "NAME", "The name. [default: flow_training, or the section's]"),
        One("flow-file", "FILE", "The weights for mbank; a bare name lies in the run-dir. [default: flow.zip]"),
        One("frames", "NUMBER", "A figure of samples every so many steps; 0 for none. [default: 0]"),
        Switch("plot", "Draw the figures. [default: true]"),
        Switch("verbose", "Show the progress. [default: true]"),
        One("seed", "NUMBER", "Seed of weights, split and batches. [default: 1]"),
    ];

    private static Option<string[]> List(string key, string help, string description) => new($"--{key}")
    {
        Description = description,
        HelpName = help,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private static Option<string> One(string key, string help, string description) => new($"--{key}") { Description = description, HelpName = help };

    // As mbank has it, "true" or "false" may follow.
    private static Option<bool> Switch(string key, string description) => new($"--{key}")
    {
        Description = description,
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static TrainFlowOptions Settings(ParseResult parsed, Argument<string?> ini, Option[] flags)
    {
        var files = new List<string>();
        if (parsed.GetValue(ini) is { } file)
            files.Add(file);
        var entries = new List<IniEntry>();
        foreach (var flag in flags)
        {
            if (parsed.GetResult(flag) is not { Implicit: false } result)
                continue;

            // A list takes all words that follow it, the ini file's name among them.
            string[] words = [.. result.Tokens.Select(token => token.Value)];
            var isList = flag.ValueType == typeof(string[]);
            files.AddRange(words.Where(word => isList && word.EndsWith(IniSuffix, StringComparison.Ordinal)));
            if (isList && Array.Find(words, word => word.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
                throw new UsageException($"Unknown flag '{unknown}'{Suggestion.Phrase(unknown, [.. flags.Select(option => option.Name)])}");
            entries.Add(new IniEntry(flag.Name[2..], [.. words.Where(word => !isList || !word.EndsWith(IniSuffix, StringComparison.Ordinal))], 0));
        }

        if (files.Count > 1)
            throw new UsageException($"Expected one ini file, got '{files[0]}' and '{files[1]}'.");
        if (files is [var only] && !only.EndsWith(IniSuffix, StringComparison.Ordinal))
            throw new UsageException($"Expected a FILE.ini or an option that --help lists, got '{only}'.");
        try
        {
            return TrainFlowOptions.Read(files.FirstOrDefault(), entries);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException(wrong.Message, wrong);
        }
    }
}
