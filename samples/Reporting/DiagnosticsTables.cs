using System.Globalization;
using FlowCore.Diagnostics;
using Plotting;

namespace Reporting;

/// <summary>The tables of a page of diagnostics.</summary>
internal static class DiagnosticsTables
{
    private const double Level = 0.01;

    /// <summary>The coverage of regions of one, two and three standard deviations.</summary>
    public static void Nominal(HtmlText page, CoverageReport coverage, ReportNames names) => page.Table(
        "Coverage of nominal regions in %, with 68 % errors of Clopper and Pearson",
        ["regions", .. coverage.Regions[0].Nominal.Select(nominal => Format(100 * nominal.Level, "0.00"))],
        coverage.Regions.Select(test => new[] { names.In(test.Name) }.Concat(test.Nominal.Select(
            nominal => $"{Format(100 * nominal.Observed, "0.00")} +{Format(100 * (nominal.Upper - nominal.Observed), "0.00")} −{Format(100 * (nominal.Observed - nominal.Lower), "0.00")}")).ToArray()));

    /// <summary>The comparison of samples.</summary>
    public static void Samples(HtmlText page, DiagnosticsReport report, ReportNames names) => page.Table(
        "Tests of two samples",
        ["test", "how", "rows", "statistic", "p"],
        report.Samples.Select(test => new[] { test.Name, test.Detail, $"{test.FirstRows} and {test.SecondRows}", Format(test.Statistic, "g4"), Probability(test.PValue) })
            .Concat(report.Columns.Select(test => new[] { names.In($"Kolmogorov-Smirnov of y{test.Column}"), "", "", Format(test.Distance, "g4"), Probability(test.PValue) })));

    /// <summary>Every p-value.</summary>
    public static void All(HtmlText page, DiagnosticsReport report, ReportNames names)
    {
        var tests = report.Coverage.Tests.Concat(report.Coverage.Strata).ToLookup(test => test.Name);
        page.Table(
            "p-values; p is the smallest of the four, times four, where numbers should be uniform",
            ["test", "events", "Kolmogorov-Smirnov", "Cramér-von Mises", "Anderson-Darling", "χ²", "p", "corrected", "verdict"],
            report.Corrected.Select(corrected =>
            {
                var test = tests[corrected.Name].FirstOrDefault();
                return new[]
                {
                    names.In(corrected.Name),
                    test is null ? "" : Format(test.Events, "0"),
                    test is null ? "" : Probability(test.KolmogorovP),
                    test is null ? "" : Probability(test.CramerVonMisesP),
                    test is null ? "" : Probability(test.AndersonDarlingP),
                    test is null ? "" : Probability(test.ChiSquareP),
                    Probability(corrected.PValue),
                    Probability(corrected.CorrectedP),
                    corrected.CorrectedP < Level ? "fault" : "ok",
                };
            }),
            verdict => verdict == "ok" ? "ok" : "above");
    }

    private static string Probability(double p) => p < 1e-4 ? "< 10⁻⁴" : Format(p, "0.000#");

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '−');
}
