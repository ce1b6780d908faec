using System.CommandLine;
using CommandLine;
using FlowCore.IO;

namespace FirstFits.Verbs;

/// <summary>events: the events of the table as files, so that other programs can fit the same ones.</summary>
internal sealed class EventsVerb : IVerb
{
    private const int UsualRows = 100_000;

    public Command CreateCommand(CommandContext context)
    {
        var (names, rows, seed) = (ProblemOptions.Names("all"), ProblemOptions.Rows(UsualRows), ProblemOptions.Seed());
        var folder = new Option<string>("--out-dir") { Description = "The folder to write to.", HelpName = "FOLDER", Required = true };
        var command = new Command("events", "Write NAME.fit.npy, NAME.fresh.npy and NAME.truth.npy (ln p of the fresh events) for densities without context and weights.")
        {
            names, folder, rows, seed,
        };
        command.SetAction(parsed =>
        {
            Directory.CreateDirectory(parsed.GetRequiredValue(folder));
            var (toFit, freshSeed) = ProblemOptions.Seeds(parsed.GetValue(seed));
            foreach (var problem in ProblemOptions.Named(parsed.GetValue(names)))
            {
                var events = problem.DrawToFit((int)(parsed.GetValue(rows) ?? UsualRows), toFit);
                if (problem.ContextFeatures == 0 && events.Weights.Length == 0)
                    Write(context, Path.Combine(parsed.GetRequiredValue(folder), problem.Name.Replace(' ', '-')), problem, events, problem.Draw(Comparison.FreshRows, freshSeed));
            }

            return ExitCode.Success;
        });
        return command;
    }

    // Whole numbers spread over [n, n + 1), as the table compares them.
    private static void Write(CommandContext context, string path, Problem problem, Events events, Events fresh)
    {
        var (x, y) = (Comparison.Spread(problem, events.X, Comparison.FitSpread), Comparison.Spread(problem, fresh.X, Comparison.FreshSpread));
        NpyFile.Write<float>(path + ".fit.npy", [x.Length / problem.Features, problem.Features], x);
        NpyFile.Write<float>(path + ".fresh.npy", [y.Length / problem.Features, problem.Features], y);
        NpyFile.Write<double>(path + ".truth.npy", [Comparison.FreshRows], Comparison.Truth(problem, fresh, y));
        context.Reporter.Line($"{path}.fit.npy: {x.Length / problem.Features} events of {problem.Features} features.");
    }
}
