using System.CommandLine;
using System.Globalization;
using CommandLine;
using FlowCore.Cli.Data;
using FlowCore.Cli.Fitting;

namespace FlowCore.Cli.Verbs;

/// <summary>fit: a density from the rows of a table.</summary>
internal sealed class FitVerb : IVerb
{
    public Command CreateCommand(CommandContext context)
    {
        var data = new Argument<string>("DATA") { Description = $"The rows: {TableFlags.Kinds}." };
        var output = ModelOptions.Output("The model file to write, .safetensors.");
        var columns = ColumnList.Option("--columns", "The columns to fit, with commas between them. [default: all but those of --context and --weights]");
        var conditions = ColumnList.Option("--context", "The columns that the density is conditioned on, with commas between them. [default: none]");
        var weights = new Option<string?>("--weights") { Description = "The column with the weights of the rows, at least 0. [default: none]", HelpName = "NAME" };
        var bounds = new Option<string[]>("--bounds")
        {
            Description = $"Where a column lives, as mass=0..1: {SupportText.Words}. May be given several times, or with commas. [default: real, for all]",
            HelpName = "COLUMN=SUPPORT",
            AllowMultipleArgumentsPerToken = true,
        };
        var flow = new Option<string?>("--flow")
        {
            Description = $"One of {string.Join(", ", FlowChoice.Names)}; or the spaces and layers of a density on manifolds, as e4+s2:gggg+n (docs/manifolds.md). [default: nsf, of the size that suits the data]",
            HelpName = "NAME|SPACES:LAYERS",
        };
        var validation = NumberOption("--validation", "The share of the rows that is held out to decide how long to train. [default: 0.1]", 0.001, 0.9);
        var epochs = CountOption.Create("--epochs", "Epochs of a single run at most. [default: runs of growing length, as long as the validation loss falls]", 1);
        var batch = CountOption.Create("--batch", "The rows of a batch. [default: by the number of rows]", 1);
        var rate = NumberOption("--lr", "The learning rate at its largest. [default: by the flow]", 1e-9, 10);
        var patience = CountOption.Create("--patience", $"Epochs of a single run without a lower validation loss after which it ends. [default: {FitRequest.UsualPatience}]", 1);
        var seed = CommonOptions.Seed();
        var threads = CommonOptions.Threads();
        var where = CommandDevice.Option();
        var memory = MemoryFlag.Create("About how much memory the rows may take; more of them are trained on from a scratch file:");
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted fit; a model that is complete is left as it is." };
        var force = CommonOptions.Force();
        var table = new TableFlags();
        var command = new Command("fit", "Fit a density to the rows of a file. It needs no tuning; it says what it does to the data, and what it saw.")
        {
            data, output, columns, conditions, weights, bounds, flow, validation, epochs, batch, rate, patience, seed, threads, where, memory, resume, force,
        };
        table.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            ModelOptions.RequireExtension(path, "--output");
            var request = new FitRequest
            {
                Data = parsed.GetRequiredValue(data),
                Output = path,
                Table = table.Read(parsed) with { MemoryLimit = parsed.GetValue(memory) },
                Columns = parsed.GetValue(columns) is { } list ? ColumnList.Split(list, "--columns") : null,
                Context = parsed.GetValue(conditions) is { } given ? ColumnList.Split(given, "--context") : [],
                Weights = parsed.GetValue(weights),
                Bounds = parsed.GetValue(bounds) ?? [],
                SaidFlow = parsed.GetValue(flow) is { } name ? FlowChoice.Parse(name) : null,
                SaidValidation = parsed.GetValue(validation),
                Epochs = Int(parsed.GetValue(epochs), "--epochs"),
                Batch = Int(parsed.GetValue(batch), "--batch"),
                Rate = parsed.GetValue(rate),
                Patience = Int(parsed.GetValue(patience), "--patience"),
                SaidSeed = parsed.GetValue(seed),
                Resume = parsed.GetValue(resume),
                Force = parsed.GetValue(force),
            };
            if (request is { Resume: true, Force: true })
                throw new UsageException("--resume and --force exclude each other: one keeps what is there, the other replaces it.");
            using var device = CommandDevice.Open(context, parsed.GetValue(where), configured: null, parsed.GetValue(threads) ?? 0);
            new FitRun(context, request, device.Device).Run();
            return ExitCode.Success;
        });
        return command;
    }

    private static int? Int(long? value, string flag) => value is null or <= int.MaxValue
        ? (int?)value
        : throw new UsageException($"{flag} must be at most {int.MaxValue}, but it is {value}.");

    private static Option<double?> NumberOption(string name, string description, double minimum, double maximum) => new(name)
    {
        Description = description,
        HelpName = "NUMBER",
        CustomParser = result =>
        {
            var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
                return value;

            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be a number from {minimum} to {maximum}, but it is '{word}'."));
            return null;
        },
    };
}
