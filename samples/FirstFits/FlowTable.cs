using System.Diagnostics;
using System.Globalization;
using FlowCore.Flows;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FirstFits;

/// <summary>Every ready-made flow with its defaults on densities that are known, after the same number of epochs: a table in Markdown.</summary>
internal static class FlowTable
{
    private const int RowsToFit = 20_000;
    private const int Epochs = 60;

    private static readonly string[] _problems = ["two moons", "checkerboard", "banana", "student t2", "mixture in 5", "mixture in 20"];

    /// <summary>Trains and prints.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="names">The problems, without context; empty for a choice of them.</param>
    /// <remarks>Features are standardised, nothing else is done for a flow. Flows of angles are left out. A number is KL(truth ‖ model), behind it seconds and parameters.</remarks>
    public static void Print(TextWriter output, IReadOnlyCollection<string> names)
    {
        var chosen = Problems.All.Where(problem => (names.Count == 0 ? _problems : names).Contains(problem.Name) && problem.ContextFeatures == 0).ToList();
        output.WriteLine("| flow | " + string.Join(" | ", chosen.Select(problem => problem.Name)) + " |");
        output.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---|", chosen.Count)));
        foreach (var flow in ReadyMadeFlows.All<float>())
        {
            if (!flow.IsOfAngles)
                output.WriteLine($"| {flow.Name} | {string.Join(" | ", chosen.Select(problem => Cell(flow, problem)))} |");
        }
    }

    private static string Cell(ReadyMadeFlow<float> kind, Problem problem)
    {
        var events = problem.DrawToFit(RowsToFit, seed: 1);
        var numbers = LocationScale.FromData<float>(events.X, problem.Features);
        using var flow = kind.Create(problem.Features, 0, 1, null);
        var options = new TrainingOptions { Epochs = Epochs, Optimiser = OptimiserSettings.AdamW(0.003), Warn = null };
        var started = Stopwatch.GetTimestamp();
        try
        {
            flow.Fit(
                Comparison.Rows(Comparison.Standardised(Comparison.Spread(problem, events.X, 5), numbers), problem.Features), weights: events.Weights, options: options);
        }
        catch (TrainingDivergedException)
        {
            return "diverged";
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var divergence = Comparison.Divergence(problem, flow, problem.Draw(Comparison.FreshRows, seed: 2), numbers).Mean;
        return string.Create(CultureInfo.InvariantCulture, $"{divergence:f3} ({seconds:f1} s, {flow.Parameters.Count})");
    }
}
