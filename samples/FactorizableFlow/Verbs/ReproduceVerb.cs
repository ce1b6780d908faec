using System.CommandLine;
using System.Diagnostics;
using FactorizableFlow.Application;
using FactorizableFlow.Configuration;
using FactorizableFlow.Validation;
using FlowCore.Compute;

namespace FactorizableFlow.Verbs;

/// <summary>reproduce: measures the models that come with the study, of both configurations.</summary>
internal sealed class ReproduceVerb : IVerb
{
    private const string Name = "reproduce";
    private const long DefaultEvents = 200_000;

    public Command CreateCommand(StudyContext context)
    {
        var study = new Option<string?>("--study-dir")
        {
            Description = "The study's folder, with configs and models. [default: found above the current folder or the program]",
            HelpName = "FOLDER",
        };
        Option<string> folder = ValidationOptions.OutputFolder("report");
        Option<long?> events = CountOption.Create("--n", "Fresh events a point. [default: 200000]", minimum: 2);
        Option<bool> check = ValidationOptions.Check();
        Option<ulong?> seed = CommonOptions.Seed();
        Option<int?> threads = CommonOptions.Threads();
        var command = new Command(
            Name,
            "Measure the models that come with the study against the analytic truth: FlowCore's own configuration and the published one.")
        {
            study, folder, events, check, seed, threads,
        };
        command.SetAction(parsed =>
        {
            long started = Stopwatch.GetTimestamp();
            string root = StudyFolder.Find(parsed.GetValue(study));
            string output = parsed.GetRequiredValue(folder);
            ResultFiles.PrepareFolder(output);
            using var device = new CpuDevice(parsed.GetValue(threads) ?? 0);
            long n = parsed.GetValue(events) ?? DefaultEvents;
            ulong s = parsed.GetValue(seed) ?? ValidationOptions.DefaultSeed;
            StudyResults own = Measure(context, Path.Combine(root, "configs"), ClosureLimits.FlowCore, n, s, device);
            StudyResults published = Measure(context, Path.Combine(root, "configs", "reference"), ClosureLimits.Reference, n, s, device);
            Report(context, "FlowCore's own configuration", own, output, suffix: "");
            Report(context, "The published configuration", published, output, suffix: "_reference");
            context.Reporter.Line($"Wrote the results to {output} after {Duration.Format(Stopwatch.GetElapsedTime(started))}.");
            return parsed.GetValue(check) && !(own.Passed && published.Passed) ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }

    private static StudyResults Measure(StudyContext context, string configs, ClosureLimits limits, long events, ulong seed, CpuDevice device)
    {
        StudyConfig config = StudyConfigReader.Read(Path.Combine(configs, "base_flows.yaml"));
        StudyConfig systematics = StudyConfigReader.Read(Path.Combine(configs, "systematics.yaml"));
        using var models = StudyModels.Load(config, systematics, Name, device);
        return new StudyValidation(context, events, seed, limits).Run(config, systematics, models, device);
    }

    private static void Report(StudyContext context, string title, StudyResults results, string folder, string suffix)
    {
        ResultFiles.WriteClosure(Path.Combine(folder, $"closure{suffix}.json"), results);
        ResultFiles.WriteEverything(Path.Combine(folder, $"validation{suffix}.json"), results);
        context.Reporter.Line("");
        context.Reporter.Line(title);
        ResultTables.Print(context.Reporter, results);
    }
}
