using System.CommandLine;
using FactorizableFlow.Application;
using FactorizableFlow.Configuration;
using FactorizableFlow.Figures;
using FactorizableFlow.Validation;
using FlowCore.Compute;

namespace FactorizableFlow.Verbs;

/// <summary>validate-flows: measures trained models against the analytic truth.</summary>
internal sealed class ValidateFlowsVerb : IVerb
{
    private const string Name = "validate-flows";

    public Command CreateCommand(StudyContext context)
    {
        Option<string> config = CommonOptions.Config();
        var systematics = new Option<string?>("--sys-cfg")
        {
            Description = "The config of the residuals; without it, base flows alone.",
            HelpName = "FILE",
        };
        Option<string> folder = ValidationOptions.OutputFolder("validation");
        Option<long?> events = ValidationOptions.Events();
        Option<string?> limits = ValidationOptions.Limits();
        Option<bool> check = ValidationOptions.Check();
        Option<ulong?> seed = CommonOptions.Seed();
        Option<int?> threads = CommonOptions.Threads();
        Option<string?> where = StudyDevice.Option();
        var command = new Command(
            Name,
            "Measure trained models on fresh events: KL against the analytic truth (closure.json), samples and quantiles (validation.json), figures (SVG).")
        {
            config, systematics, folder, events, limits, check, seed, threads, where,
        };
        command.SetAction(parsed =>
        {
            StudyConfig baseConfig = StudyConfigReader.Read(parsed.GetRequiredValue(config));
            StudyConfig? residualConfig = parsed.GetValue(systematics) is { } file ? StudyConfigReader.Read(file) : null;
            string output = parsed.GetRequiredValue(folder);
            ClosureLimits chosen = parsed.GetValue(limits) is { } name
                ? ClosureLimits.All.First(candidate => candidate.Name == name)
                : LimitsFor(baseConfig);
            using StudyDevice opened = StudyDevice.Open(context, parsed.GetValue(where), baseConfig.Device, parsed.GetValue(threads) ?? baseConfig.Threads);
            Device device = opened.Device;
            using var models = StudyModels.Load(baseConfig, residualConfig, Name, device);
            ResultFiles.PrepareFolder(output);
            var validation = new StudyValidation(
                context,
                parsed.GetValue(events) ?? (residualConfig ?? baseConfig).Validation.Events,
                parsed.GetValue(seed) ?? baseConfig.Seed ?? ValidationOptions.DefaultSeed,
                chosen);
            StudyResults results = validation.Run(baseConfig, residualConfig, models, device);
            string closure = Path.Combine(output, "closure.json");
            string everything = Path.Combine(output, "validation.json");
            ResultFiles.WriteClosure(closure, results);
            ResultFiles.WriteEverything(everything, results);
            ResultTables.Print(context.Reporter, results);
            IReadOnlyList<StudyFigure> figures = StudyFigures.Create(context, baseConfig, residualConfig, models, results.Events, results.Seed);
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
