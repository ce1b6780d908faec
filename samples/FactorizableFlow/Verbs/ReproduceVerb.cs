using System.CommandLine;
using System.Diagnostics;
using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Figures;
using FactorizableFlow.Report;
using FactorizableFlow.Validation;
using FlowCore.Compute;
using FlowCore.Training;

namespace FactorizableFlow.Verbs;

/// <summary>reproduce: measures the models that come with the study, of both configurations.</summary>
internal sealed class ReproduceVerb : IVerb
{
    private const string Name = "reproduce";
    private const long DefaultEvents = 200_000;

    private const string OwnLead =
        "The study's architecture with what it lacked: features made normal in front of the splines, splines that reach as far as the events do, "
        + "and a term in both nuisances together, trained at the corners of their plane as well.";

    private const string PublishedLead =
        "The published study's settings, trained anew: splines that end at 5 and nuisances that only add up, so joint points such as (1, 1) are beyond it by design. "
        + "It is held against what the published models themselves reach.";

    public Command CreateCommand(CommandContext context)
    {
        var study = new Option<string?>("--study-dir")
        {
            Description = "The study's folder, with configs and models. [default: found above the current folder or the program]",
            HelpName = "FOLDER",
        };
        var folder = ValidationOptions.OutputFolder("report");
        var events = CountOption.Create("--n", "Fresh events a point. [default: 200000]", minimum: 2);
        var check = ValidationOptions.Check();
        var seed = StudyOptions.Seed();
        var threads = StudyOptions.Threads();
        var where = StudyOptions.Device();
        var command = new Command(
            Name,
            "Measure the models that come with the study against the analytic truth, FlowCore's own configuration and the published one, and write report.html.")
        {
            study, folder, events, check, seed, threads, where,
        };
        command.SetAction(parsed =>
        {
            var started = Stopwatch.GetTimestamp();
            var root = StudyFolder.Find(parsed.GetValue(study));
            var output = parsed.GetRequiredValue(folder);
            ResultFiles.PrepareFolder(output);
            using var opened = CommandDevice.Open(context, parsed.GetValue(where), configured: null, parsed.GetValue(threads) ?? 0);
            var device = opened.Device;
            var n = parsed.GetValue(events) ?? DefaultEvents;
            var s = parsed.GetValue(seed) ?? CommonOptions.DefaultSeed;
            var own = Measure(context, "own", "FlowCore's own configuration", OwnLead, Path.Combine(root, "configs"), ClosureLimits.FlowCore, n, s, device);
            var published = Measure(
                context, "published", "The published configuration", PublishedLead, Path.Combine(root, "configs", "reference"), ClosureLimits.Reference, n, s, device);
            Report(context, own, output, suffix: "");
            Report(context, published, output, suffix: "_reference");
            StudyReport.Write(context, output, [own, published], Path.Combine(root, "configs", "dataset.yaml"), s);
            context.Reporter.Line($"Wrote the results to {output} after {Duration.Format(Stopwatch.GetElapsedTime(started))}.");
            return parsed.GetValue(check) && !(own.Results.Passed && published.Results.Passed) ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }

    private static ReportPart Measure(
        CommandContext context, string id, string title, string lead, string configs, ClosureLimits limits, long events, ulong seed, Device device)
    {
        var config = StudyConfigReader.Read(Path.Combine(configs, "base_flows.yaml"));
        var systematics = StudyConfigReader.Read(Path.Combine(configs, "systematics.yaml"));
        using var models = StudyModels.Load(config, systematics, Name, device, context.Reporter);
        var results = new StudyValidation(context, events, seed, limits).Run(config, systematics, models, device);
        return new ReportPart(
            id, title, lead, results, StudyReport.Figures(context, config, systematics, models, events, seed), [config.File, systematics.File]);
    }

    private static void Report(CommandContext context, ReportPart part, string folder, string suffix)
    {
        ResultFiles.WriteClosure(Path.Combine(folder, $"closure{suffix}.json"), part.Results);
        ResultFiles.WriteEverything(Path.Combine(folder, $"validation{suffix}.json"), part.Results);
        FigureFolder.Save(Path.Combine(folder, $"figures{suffix}"), part.Figures);
        context.Reporter.Line("");
        context.Reporter.Line(part.Title);
        ResultTables.Print(context.Reporter, part.Results);
    }
}
