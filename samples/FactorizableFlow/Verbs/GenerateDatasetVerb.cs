using System.CommandLine;
using System.Globalization;
using CommandLine;
using FactorizableFlow.Configuration;
using FactorizableFlow.Dataset;
using FactorizableFlow.Generator;

namespace FactorizableFlow.Verbs;

/// <summary>generate-dataset: draws events of the toy into an .npz file.</summary>
internal sealed class GenerateDatasetVerb : IVerb
{
    private const string Name = "generate-dataset";

    public Command CreateCommand(CommandContext context)
    {
        var config = StudyOptions.Config();
        var seed = StudyOptions.Seed();
        var threads = StudyOptions.Threads();
        var force = CommonOptions.Force();
        var command = new Command(
            Name, "Draw events of the toy into an .npz file, to look at them. Training does not need it: it draws its own events.")
        {
            config, seed, threads, force,
        };
        command.SetAction(parsed => Run(
            context,
            StudyConfigReader.Read(parsed.GetRequiredValue(config)),
            parsed.GetValue(seed),
            parsed.GetValue(threads),
            parsed.GetValue(force)));
        return command;
    }

    private static int Run(CommandContext context, StudyConfig config, ulong? seedFlag, int? threadsFlag, bool force)
    {
        var settings = config.Require(config.Generator, "generator", Name);
        var path = config.Require(config.Paths.Dataset, "paths.dataset", Name);
        var count = config.EventCount
            ?? throw new ConfigurationException($"{config.File}: the key 'n_events' is missing, and {Name} needs it.");
        if (count > ToyDataset.LargestCount)
            throw config.Error("n_events", $"'n_events' must be at most {ToyDataset.LargestCount}, but it is {count}.");

        var seed = seedFlag ?? config.Seed ?? CommonOptions.DefaultSeed;
        if (!Path.GetExtension(path).Equals(".npz", StringComparison.OrdinalIgnoreCase))
        {
            var npz = Path.ChangeExtension(path, ".npz");
            context.Reporter.Warning($"Data sets are written as .npz, so {path} becomes {npz}.");
            path = npz;
        }

        OutputFile.Check(path, "paths.dataset", force, config.File);
        var data = context.Poll("generate events", count, progress => ToyDataset.Generate(
            settings, count, seed, threadsFlag ?? config.Threads, done => progress.Report(done), context.Cancellation));
        data.Save(path);

        var classB = data.Labels.Sum();
        context.Reporter.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {path}: {data.Count} events ({data.Count - classB} of class A, {classB} of class B), seed {seed}, "
            + $"nu_shift {settings.VariationShift}, nu_rot {settings.VariationRotation}, nu_squeeze {settings.VariationSqueeze}."));
        return ExitCode.Success;
    }
}
