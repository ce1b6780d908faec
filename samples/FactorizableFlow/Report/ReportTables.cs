using System.Globalization;
using FactorizableFlow.Validation;
using Plotting;

namespace FactorizableFlow.Report;

/// <summary>The tables of the report.</summary>
internal static class ReportTables
{
    private static readonly string[] _closureColumns = ["model", "ν", "truth −ln p", "model −ln p", "KL / 10⁻⁵ nats", "limit / 10⁻⁵ nats", "verdict"];

    private static readonly string[] _samplingColumns =
        ["model", "ν", "quantiles off by", "p", "cells off by (rms)", "p", "samples off by", "p", "energy coefficient", "p", "verdict"];

    /// <summary>How far each model is from the truth at each point.</summary>
    public static void Closure(HtmlText page, StudyResults results) => page.Table(
        string.Create(CultureInfo.InvariantCulture, $"KL(truth ‖ model) on {results.Events:N0} fresh events a point, ± its standard error"),
        _closureColumns,
        results.Points.Select(point => new[]
        {
            point.Closure.Model,
            ResultTables.Point(point.Closure.Nu).Replace('-', '−'),
            Format(point.Closure.TruthNll, "F5"),
            Format(point.Closure.ModelNll, "F5"),
            $"{Units(point.Closure.Kl)} ± {Units(point.Closure.KlSe)}",
            point.Limit is not { } limit ? "–" : limit.StandardError > 0 ? $"{Units(limit.Kl)} ± {Units(limit.StandardError)}" : Units(limit.Kl),
            Verdict(point.WithinLimit),
        }),
        Look);

    /// <summary>How samples and quantiles compare.</summary>
    public static void Sampling(HtmlText page, StudyResults results) => page.Table(
        "Largest deviations of cumulative distributions in % of the events, and p-values",
        _samplingColumns,
        results.Points.Select(point => new[]
        {
            point.Closure.Model,
            ResultTables.Point(point.Closure.Nu).Replace('-', '−'),
            Percent(Worst(point.Sampling.Pit.Components).Distance),
            Probability(Worst(point.Sampling.Pit.Components).P),
            Percent(point.Sampling.Pit.RootMeanSquare),
            Probability(point.Sampling.Pit.P),
            Percent(Worst(point.Sampling.Marginals).Distance),
            Probability(Worst(point.Sampling.Marginals).P),
            Format(point.Sampling.Energy.Coefficient, "F5"),
            Probability(point.Sampling.Energy.P),
            Verdict(point.Sampling.Passed),
        }),
        Look);

    /// <summary>The results in one sentence.</summary>
    public static string Summary(StudyResults results)
    {
        var judged = results.Points.Count(point => point.WithinLimit is not null);
        var held = results.Points.Count(point => point.WithinLimit == true);
        var sampled = results.Points.Count(point => point.Sampling.Passed);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Closure is within its limit in {held} of {judged} rows, samples and quantiles in {sampled} of {results.Points.Count}.");
    }

    // The verdict is a word, its colour only repeats it.
    private static string Look(string verdict) => verdict is "ok" or "above" ? verdict : "none";

    private static KolmogorovSmirnov Worst(IReadOnlyList<KolmogorovSmirnov> tests) => tests.MaxBy(test => test.Distance)!;

    private static string Verdict(bool? passed) => passed switch { true => "ok", false => "above", null => "–" };

    private static string Units(double nats) => Format(nats * 1e5, Math.Abs(nats) < 9.95e-4 ? "F1" : "F0");

    private static string Percent(double share) => $"{Format(100 * share, "F2")} %";

    private static string Probability(double p) => p < 1e-4 ? "< 10⁻⁴" : Format(p, "F3");

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
}
