using System.CommandLine;
using CommandLine;
using FlowCore.Cli.Judging;

namespace FlowCore.Cli.Verbs;

/// <summary>diagnose: whether a model is right, by rows that it was not fitted to.</summary>
internal sealed class DiagnoseVerb : IVerb
{
    private const int UsualDraws = 255;
    private const int UsualRows = 5000;
    private const int FewestRows = 20;

    public Command CreateCommand(CommandContext context)
    {
        var judging = new JudgingOptions();
        var output = new Option<string>("--output", "-o")
        {
            Description = "The folder for report.html and its figures; made where it does not exist.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "diagnosis",
        };
        var draws = CountOption.Create("--draws", $"Draws for each row. [default: {UsualDraws}]", 31);
        var rows = CountOption.Create("--rows", $"The most rows that are used, at even distances. [default: {UsualRows}]", FewestRows);
        var check = new Option<bool>("--check") { Description = "End with exit code 1 where a fault is seen." };
        var seed = CommonOptions.Seed();
        var force = CommonOptions.Force();
        var command = new Command("diagnose", "Whether a model is right, by rows that it was not fitted to: coverage, PIT, draws against rows, the worst regions; as tables and as a page with figures.");
        judging.AddTo(command, output, draws, rows, check, seed, force);
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            var count = parsed.GetValue(draws) ?? UsualDraws;
            if (count > ushort.MaxValue)
                throw new UsageException($"--draws must be at most {ushort.MaxValue}, but it is {count}.");
            OutputFile.PrepareFolder(folder);
            foreach (var name in (string[])["report.html", "coverage.svg", "histograms.svg", "pairs.svg"])
                OutputFile.Check(Path.Combine(folder, name), "--output", parsed.GetValue(force), judging.Inputs(parsed));
            using var device = judging.OpenDevice(context, parsed);
            using var judged = judging.Open(context, parsed, device.Device);
            var random = parsed.GetValue(seed) ?? CommonOptions.DefaultSeed;
            if (judged.Rows.Count < FewestRows)
                throw new IOException($"{judged.Rows.Table}: Expected at least {FewestRows} rows to judge a model by, got {judged.Rows.Count}.");
            var used = judged.Unweighted(random, context.Reporter).AtMost(parsed.GetValue(rows) ?? UsualRows, context.Reporter);
            var diagnosis = Diagnosis.Of(used, (int)count, random);
            diagnosis.Say(context.Reporter);
            foreach (var file in diagnosis.Save(folder))
                context.Reporter.Line($"Wrote {file}.");
            return parsed.GetValue(check) && diagnosis.IsFaulty ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }
}
