using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CommandLine;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FirstFits.Verbs;

/// <summary>table: what Density.Fit comes to, beside a flow with the settings of the papers.</summary>
internal sealed class TableVerb : IVerb
{
    private const int UsualRows = 100_000;

    private static readonly string[] _headers = ["density", "plain, KL", "standardised, KL", "Density.Fit, KL ± error", "seconds", "CPU", "parameters", "warnings"];

    public Command CreateCommand(CommandContext context)
    {
        var (names, rows, seed) = (ProblemOptions.Names("all"), ProblemOptions.Rows(UsualRows), ProblemOptions.Seed());
        var onlyFit = new Option<bool>("--only-fit") { Description = "Leave the flows with settings of the papers out." };
        var say = new Option<bool>("--say") { Description = "Print what Density.Fit says." };
        var command = new Command("table", "KL(truth ‖ model) in nats, of fresh events, after fits with the defaults. What is done where no verb is named.") { names, rows, seed, onlyFit, say };
        command.SetAction(parsed =>
        {
            List<string[]> table = [];
            foreach (var problem in ProblemOptions.Named(parsed.GetValue(names)))
            {
                table.Add(Row(
                    problem, (int)(parsed.GetValue(rows) ?? UsualRows), parsed.GetValue(seed) ?? 0, parsed.GetValue(onlyFit), parsed.GetValue(say) ? Console.Out : null));
                context.Reporter.Line(string.Join(" | ", table[^1]));
            }

            context.Reporter.Table(_headers, table);
            return ExitCode.Success;
        });
        return command;
    }

    private static string[] Row(Problem problem, int rows, ulong seed, bool onlyFit, TextWriter? log)
    {
        var (toFit, freshSeed) = ProblemOptions.Seeds(seed);
        var events = problem.DrawToFit(rows, toFit);
        var fresh = problem.Draw(Comparison.FreshRows, freshSeed);
        var (plain, standardised) = onlyFit ? ("", "") : (Plain(problem, events, fresh, false), Plain(problem, events, fresh, true));

        var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var options = new DensityFitOptions { Seed = seed, Supports = problem.Supports, Log = log };
        using var model = Density.Fit<float>(Comparison.Rows(events.X, problem.Features), out var result, Comparison.Rows(events.Context, problem.ContextFeatures), events.Weights, options);
        var (seconds, processor) = (Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
        var (divergence, error) = Comparison.Divergence(problem, model, fresh);
        return
        [
            problem.Name, plain, standardised, string.Create(CultureInfo.InvariantCulture, $"{divergence:f4} ± {error:f4}"), seconds.ToString("f1", CultureInfo.InvariantCulture),
            processor.ToString("f1", CultureInfo.InvariantCulture), model.Parameters.Length.ToString(CultureInfo.InvariantCulture), result.Warnings.Count.ToString(CultureInfo.InvariantCulture),
        ];
    }

    // What the library does when a flow of its defaults is trained as the options say, without and with what a manual would recommend.
    private static string Plain(Problem problem, Events events, Events fresh, bool standardise)
    {
        var settings = new NeuralSplineFlowSettings
        {
            Features = problem.Features,
            ContextFeatures = problem.ContextFeatures,
            Standardization = standardise ? LocationScale.FromData<float>(events.X, problem.Features) : null,
            AffineTransforms = standardise ? 1 : 0,
        };
        using var flow = NeuralSplineFlow.Create<float>(settings);
        var options = new TrainingOptions { Epochs = 50, Optimiser = OptimiserSettings.AdamW(0.005), Warn = null };
        try
        {
            flow.Fit(
                Comparison.Rows(Comparison.Spread(problem, events.X, Comparison.FitSpread), problem.Features),
                Comparison.Rows(events.Context, problem.ContextFeatures), weights: events.Weights, options: options);
        }
        catch (TrainingDivergedException)
        {
            return "diverged";
        }

        return Comparison.Divergence(problem, flow, fresh).Mean.ToString("f4", CultureInfo.InvariantCulture);
    }
}
