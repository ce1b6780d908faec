using System.CommandLine;
using System.Diagnostics;
using CommandLine;
using FlowCore.Training;

namespace LognormalFields.Verbs;

/// <summary>reproduce: everything that the page says of the models that come with the program.</summary>
internal sealed class ReproduceVerb : IVerb
{
    private const int Usual = 10_000;
    private const int Denoised = 24;

    public Command CreateCommand(CommandContext context)
    {
        var (count, seed, threads, device, folder) = (FieldOptions.Count(Usual), CommonOptions.Seed(), CommonOptions.Threads(), CommandDevice.Option(), FieldOptions.Folder());
        var command = new Command("reproduce", "Known answers, divergences, statistics, denoising and figures of the models that come with the program.") { count, folder, seed, threads, device };
        command.SetAction(parsed =>
        {
            var started = Stopwatch.GetTimestamp();
            var output = parsed.GetRequiredValue(folder);
            OutputFile.PrepareFolder(output);
            using var opened = FieldOptions.Open(context, parsed, device, threads);
            var configs = Directory.GetFiles(Path.Combine(SampleFolder.Find(), "configs"), "*.json").Order(StringComparer.Ordinal)
                .Where(config => File.Exists(FieldConfig.Read(config).ModelPath)).ToArray();
            using var study = FieldStudy.Open(configs, opened.Device);
            var (s, reporter) = (parsed.GetValue(seed) ?? CommonOptions.DefaultSeed, context.Reporter);
            var answers = KnownAnswers.All(study.Flows[0].Flow, study.Toy);
            FieldTables.Answers(reporter, answers);
            var judgements = study.Judge(FieldOptions.CountOf(parsed, count, Usual), s);
            FieldTables.Divergences(reporter, study.Toy, study.Exact, s, judgements);
            foreach (var (name, judgement) in judgements)
            {
                reporter.Line("");
                reporter.Line(name);
                FieldTables.Statistics(reporter, judgement);
            }

            var problem = new DenoisingProblem(study.Toy, 1, 0, Denoised, s);
            (string, DenoisingAnswers)[] denoised = [.. study.Flows.Select(flow => (flow.Name, DenoisingAnswers.Of(problem, flow.Flow, hasMean: false)))];
            FieldTables.Denoising(reporter, problem, denoised);
            var masked = new DenoisingProblem(study.Toy, 1, 0.2, Denoised, s);
            FieldTables.Denoising(reporter, masked, [.. study.Flows.Select(flow => (flow.Name, DenoisingAnswers.Of(masked, flow.Flow, hasMean: false)))]);
            FieldFigures.Save(output, study.Toy, judgements, problem, denoised[^1].Item2);
            reporter.Line("");
            reporter.Line($"Wrote the figures to {output} after {Duration.Format(Stopwatch.GetElapsedTime(started))}.");
            return answers.All(answer => answer.Holds) ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }
}
