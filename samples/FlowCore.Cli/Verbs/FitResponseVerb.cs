using System.CommandLine;
using CommandLine;
using FlowCore.Cli.Data;
using FlowCore.Cli.Templates;

namespace FlowCore.Cli.Verbs;

/// <summary>fit-response: how a density follows nuisance parameters, from templates.</summary>
internal sealed class FitResponseVerb : IVerb
{
    public Command CreateCommand(CommandContext context)
    {
        var nominal = new Option<string?>("--nominal") { Description = $"The rows at ν = 0: {TableFlags.Kinds}. Without --base a density is fitted to them.", HelpName = "DATA" };
        var baseModel = new Option<string?>("--base") { Description = "The density at ν = 0, a flow that fit has written. [default: fitted to --nominal]", HelpName = "MODEL" };
        var template = new Option<string[]>("--template")
        {
            Description = "The rows at another ν, as +1,0=up.parquet: the nuisances, an equals sign, the file. Once for each template.",
            HelpName = "ν=DATA",
            Required = true,
        };
        var output = ModelOptions.Output("The model file to write, .safetensors. A base that is fitted is written beside it, .base.safetensors.");
        var names = ColumnList.Option("--nuisances", "The names of the nuisances, with commas between them, for sentences and figures. [default: nu0, nu1, ...]");
        var columns = ColumnList.Option("--columns", "The columns of the density, with commas between them. [default: those of --base, or all but those of --context and --weights]");
        var conditions = ColumnList.Option("--context", "The columns that the density is conditioned on, with commas between them. [default: those of --base, or none]");
        var weights = new Option<string?>("--weights") { Description = "The column with the weights of the rows, at least 0, in every file. [default: none]", HelpName = "NAME" };
        var bounds = new Option<string[]>("--bounds")
        {
            Description = $"Where a column lives, for a base that is fitted, as mass=0..1: {SupportText.Words}. [default: real, for all]",
            HelpName = "COLUMN=SUPPORT",
            AllowMultipleArgumentsPerToken = true,
        };
        var order = CountOption.Create("--order", "The order of the polynomial in each nuisance, 1 or 2. [default: the highest that the templates determine]", 1);
        var cross = new Option<string?>("--cross") { Description = "Pairs of nuisances with a term of both, as jes:jer,jer:tes; or none. [default: those that the templates determine]", HelpName = "PAIRS|none" };
        var report = new Option<string?>("--report") { Description = "The page with tables and figures, .html. [default: beside the model]", HelpName = "FILE" };
        var epochs = CountOption.Create("--epochs", "Epochs of a single run, of base and response. [default: runs of growing length, as long as the validation loss falls]", 1);
        var seed = CommonOptions.Seed();
        var threads = CommonOptions.Threads();
        var where = CommandDevice.Option();
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted fit; a model that is complete is left as it is." };
        var force = CommonOptions.Force();
        var table = new TableFlags();
        var command = new Command(
            "fit-response", "Fit how a density follows nuisance parameters, from rows at other values of them. It needs no tuning; it says which terms the files determine, and how far each of them closes.")
        {
            nominal, baseModel, template, output, names, columns, conditions, weights, bounds, order, cross, report, epochs, seed, threads, where, resume, force,
        };
        table.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            ModelOptions.RequireExtension(path, "--output");
            if (parsed.GetValue(report) is { } page && !Directory.Exists(page))
                ModelOptions.RequireExtension(page, "--report", ".html");
            var request = new FitResponseRequest
            {
                Nominal = parsed.GetValue(nominal),
                Base = parsed.GetValue(baseModel),
                Templates = [.. parsed.GetRequiredValue(template).Select(TemplateText.Parse)],
                Output = path,
                Report = parsed.GetValue(report) ?? Path.ChangeExtension(path, ".html"),
                Table = table.Read(parsed),
                Columns = parsed.GetValue(columns) is { } list ? ColumnList.Split(list, "--columns") : null,
                Context = parsed.GetValue(conditions) is { } given ? ColumnList.Split(given, "--context") : null,
                Weights = parsed.GetValue(weights),
                Bounds = parsed.GetValue(bounds) ?? [],
                Nuisances = parsed.GetValue(names) is { } words ? ColumnList.Split(words, "--nuisances", "nuisance") : null,
                Order = Int(parsed.GetValue(order), "--order"),
                Cross = parsed.GetValue(cross),
                Epochs = Int(parsed.GetValue(epochs), "--epochs"),
                Seed = parsed.GetValue(seed) ?? CommonOptions.DefaultSeed,
                Resume = parsed.GetValue(resume),
                Force = parsed.GetValue(force),
            };
            if (request is { Resume: true, Force: true })
                throw new UsageException("--resume and --force exclude each other: one keeps what is there, the other replaces it.");
            if (request is { Nominal: null, Base: null })
                throw new UsageException("The density at ν = 0 is not known: --nominal names its rows, or --base a model of it.");
            if (request is { Base: not null, Bounds.Count: > 0 })
                throw new UsageException("--bounds is for a base that is fitted; the file of --base says where its columns live.");
            using var device = CommandDevice.Open(context, parsed.GetValue(where), configured: null, parsed.GetValue(threads) ?? 0);
            new FitResponseRun(context, request, device.Device).Run();
            return ExitCode.Success;
        });
        return command;
    }

    private static int? Int(long? value, string flag) => value is null or <= int.MaxValue
        ? (int?)value
        : throw new UsageException($"{flag} must be at most {int.MaxValue}, but it is {value}.");
}
