using System.CommandLine;
using CommandLine;

namespace LognormalFields.Verbs;

/// <summary>figures: maps of truth, observation and answers, and statistics of a flow's samples.</summary>
internal sealed class FiguresVerb : IVerb
{
    private const int Usual = 2000;

    public Command CreateCommand(CommandContext context)
    {
        var (config, count, seed, threads, device, folder) = (
            FieldOptions.Config(), FieldOptions.Count(Usual), CommonOptions.Seed(), CommonOptions.Threads(), CommandDevice.Option(), FieldOptions.Folder());
        var command = new Command("figures", "Draw fields, answers and statistics of a trained flow as SVG.") { config, count, folder, seed, threads, device };
        command.SetAction(parsed =>
        {
            var output = parsed.GetRequiredValue(folder);
            OutputFile.PrepareFolder(output);
            using var opened = FieldOptions.Open(context, parsed, device, threads);
            using var study = FieldStudy.Open([parsed.GetRequiredValue(config)], opened.Device);
            var s = parsed.GetValue(seed) ?? CommonOptions.DefaultSeed;
            var problem = new DenoisingProblem(study.Toy, 1, 0, 8, s);
            FieldFigures.Save(output, study.Toy, study.Judge(FieldOptions.CountOf(parsed, count, Usual), s), problem, DenoisingAnswers.Of(problem, study.Flows[0].Flow, hasMean: false));
            context.Reporter.Line($"Wrote the figures to {output}.");
            return ExitCode.Success;
        });
        return command;
    }
}
