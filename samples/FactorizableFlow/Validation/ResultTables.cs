using System.Globalization;
using CommandLine;
using FlowCore.Training;

namespace FactorizableFlow.Validation;

/// <summary>Prints results as tables with verdicts.</summary>
internal static class ResultTables
{
    /// <summary>Prints both tables, their rules and a summary.</summary>
    /// <param name="reporter">Where to.</param>
    /// <param name="results">The results.</param>
    public static void Print(ConsoleReporter reporter, StudyResults results)
    {
        reporter.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Closure: KL(truth || model) in 1e-5 nats on {results.Events:N0} fresh events a point, limits of '{results.Limits}'."));
        reporter.Table(
            ["model", "nu", "truth NLL", "model NLL", "KL / 1e-5", "limit", "verdict"],
            results.Points.Select(point => (IReadOnlyList<string>)
            [
                point.Closure.Model,
                Point(point.Closure.Nu),
                Format(point.Closure.TruthNll, "F6"),
                Format(point.Closure.ModelNll, "F6"),
                $"{Units(point.Closure.Kl)} ± {Units(point.Closure.KlSe)}",
                point.Limit is not { } limit ? "-" : limit.StandardError > 0 ? $"{Units(limit.Kl)} ± {Units(limit.StandardError)}" : Units(limit.Kl),
                Verdict(point.WithinLimit),
            ]));
        reporter.Line(results.ClosureRule);
        reporter.Line("");
        reporter.Line("Samples and quantiles: largest deviation of a cumulative distribution in % of the events, and p-values.");
        reporter.Table(
            ["model", "nu", "PIT dev. %", "pull", "p", "cells rms %", "p", "samples dev. %", "p", "energy coeff.", "p", "verdict"],
            results.Points.Select(point => (IReadOnlyList<string>)
            [
                point.Closure.Model,
                Point(point.Closure.Nu),
                Format(100 * Worst(point.Sampling.Pit.Components).Distance, "F2"),
                Format(point.Sampling.Pit.LargestPulls.Max(), "F1"),
                Probability(Worst(point.Sampling.Pit.Components).P),
                Format(100 * point.Sampling.Pit.RootMeanSquare, "F2"),
                Probability(point.Sampling.Pit.P),
                Format(100 * Worst(point.Sampling.Marginals).Distance, "F2"),
                Probability(Worst(point.Sampling.Marginals).P),
                Format(point.Sampling.Energy.Coefficient, "F5"),
                Probability(point.Sampling.Energy.P),
                Verdict(point.Sampling.Passed),
            ]));
        reporter.Line(results.SamplingRule);
        reporter.Line(Summary(results));
    }

    /// <summary>A point as (0.7, -0.7).</summary>
    public static string Point(IReadOnlyList<double> nu) =>
        $"({string.Join(", ", nu.Select(value => Format(value, "0.###")))})";

    private static string Summary(StudyResults results)
    {
        var judged = results.Points.Count(point => point.WithinLimit is not null);
        var held = results.Points.Count(point => point.WithinLimit == true);
        var sampled = results.Points.Count(point => point.Sampling.Passed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Closure within limits in {held} of {judged} rows, samples and quantiles in {sampled} of {results.Points.Count}; seed {results.Seed}, {results.Device}, {Duration.Format(TimeSpan.FromSeconds(results.ElapsedSeconds))}.");
    }

    private static KolmogorovSmirnov Worst(IReadOnlyList<KolmogorovSmirnov> tests) => tests.MaxBy(test => test.Distance)!;

    private static string Verdict(bool? passed) => passed switch { true => "ok", false => "ABOVE", null => "-" };

    private static string Units(double nats) => Format(nats * 1e5, Math.Abs(nats) < 9.95e-4 ? "F1" : "F0");

    private static string Probability(double p) => p < 1e-9 ? "<1e-9" : Format(p, p < 1e-3 ? "0.0e0" : "F3");

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
