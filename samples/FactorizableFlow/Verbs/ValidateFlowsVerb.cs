using System.CommandLine;
using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Figures;
using FactorizableFlow.Validation;
using FlowCore.Compute;

namespace FactorizableFlow.Verbs;

/// <summary>validate-flows: measures trained models against the analytic truth.</summary>
internal sealed class ValidateFlowsVerb : IVerb
{
    private const string Name = "validate-flows";

    public Command CreateCommand(CommandContext context)
    {
        var config = StudyOptions.Config();
        var systematics = new Option<string?>("--sys-cfg")
        {
            Description = "The config of the residuals; without it, base flows alone.",
            HelpName = "FILE",
        };
        var folder = ValidationOptions.OutputFolder("validation");
        var events = ValidationOptions.Events();
        var limits = ValidationOptions.Limits();
        var check = ValidationOptions.Check();
        var seed = StudyOptions.Seed();
        var threads = StudyOptions.Threads();
        var where = StudyOptions.Device();
        var command = new Command(
            Name,
            "Measure trained models on fresh events: KL against the analytic truth (closure.json), samples and quantiles (validation.json), figures (SVG).")
        {
            config, systematics, folder, events, limits, check, seed, threads, where,
        };
        command.SetAction(parsed =>
        {
            var baseConfig = StudyConfigReader.Read(parsed.GetRequiredValue(config));
            var residualConfig = parsed.GetValue(systematics) is { } file ? StudyConfigReader.Read(file) : null;
            var output = parsed.GetRequiredValue(folder);
            var chosen = parsed.GetValue(limits) is { } name
                ? ClosureLimits.All.First(candidate => candidate.Name == name)
                : LimitsFor(baseConfig);
            using var opened = CommandDevice.Open(context, parsed.GetValue(where), baseConfig.Device, parsed.GetValue(threads) ?? baseConfig.Threads);
            var device = opened.Device;
            using var models = StudyModels.Load(baseConfig, residualConfig, Name, device, context.Reporter);
            ResultFiles.PrepareFolder(output);
            var validation = new StudyValidation(
                context,
                parsed.GetValue(events) ?? (residualConfig ?? baseConfig).Validation.Events,
                parsed.GetValue(seed) ?? baseConfig.Seed ?? CommonOptions.DefaultSeed,
                chosen);
            var results = validation.Run(baseConfig, residualConfig, models, device);
            var closure = Path.Combine(output, "closure.json");
            var everything = Path.Combine(output, "validation.json");
            ResultFiles.WriteClosure(closure, results);
            ResultFiles.WriteEverything(everything, results);
            ResultTables.Print(context.Reporter, results);
            var figures = StudyFigures.Create(context, baseConfig, residualConfig, models, results.Events, results.Seed);
            FigureFolder.Save(output, figures);
            context.Reporter.Line($"Wrote {closure}, {everything} and {figures.Count} figures.");
            return parsed.GetValue(check) && !results.Passed ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }

    // The published study's flows have neither standardisation nor a wider support.
    private static ClosureLimits LimitsFor(StudyConfig config) =>
        (config.ScoreFlow ?? config.KinFlow) is { Standardize: true } or { Bound: not 5 } ? ClosureLimits.FlowCore : ClosureLimits.Reference;
}
