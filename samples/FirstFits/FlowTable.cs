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

    /// <summary>The problems of the table in the documentation.</summary>
    public static string[] Usual { get; } = ["two moons", "checkerboard", "banana", "student t2", "mixture in 5", "mixture in 20"];

    /// <summary>Trains and prints.</summary>
    /// <param name="line">Where a line goes.</param>
    /// <param name="problems">The problems, without context.</param>
    /// <remarks>Features are standardised, nothing else is done for a flow. Flows of angles are left out. A number is KL(truth ‖ model), behind it seconds and parameters.</remarks>
    public static void Print(Action<string> line, IReadOnlyList<Problem> problems)
    {
        line("| flow | " + string.Join(" | ", problems.Select(problem => problem.Name)) + " |");
        line("|---|" + string.Concat(Enumerable.Repeat("---|", problems.Count)));
        foreach (var flow in ReadyMadeFlows.All<float>())
        {
            if (!flow.IsOfAngles)
                line($"| {flow.Name} | {string.Join(" | ", problems.Select(problem => Cell(flow, problem)))} |");
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
                Comparison.Rows(Comparison.Standardised(Comparison.Spread(problem, events.X, Comparison.FitSpread), numbers), problem.Features), weights: events.Weights, options: options);
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
