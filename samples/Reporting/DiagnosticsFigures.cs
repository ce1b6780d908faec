using FlowCore.Diagnostics;
using Plotting;

namespace Reporting;

/// <summary>The figures of a page of diagnostics.</summary>
public static class DiagnosticsFigures
{
    /// <summary>What the curves show.</summary>
    public const string CurvesCaption =
        "Observed minus nominal coverage. The grey band holds a whole curve of a right model in 95 % of cases. Left: regions of the model; right: the marginal numbers, at most the six that depart most.";

    /// <summary>What the histograms show.</summary>
    public const string HistogramsCaption =
        "Histograms of the uniform numbers, at most twelve, those that depart most. Grey: the expected content and its standard deviation. A heap in the middle: too wide; at both ends: too narrow; on one side: shifted.";

    /// <summary>What the correlations show.</summary>
    public const string CorrelationsCaption = "Correlations of the columns of the noise, in standard deviations of the zero that they have where the model is right.";

    private const int MostCurves = 6;
    private const int MostHistograms = 12;
    private const int HistogramsAcross = 4;

    /// <summary>Coverage curves less the diagonal, in percent.</summary>
    /// <param name="coverage">The coverage.</param>
    /// <param name="names">What the columns are called; null for their numbers.</param>
    /// <returns>The figure.</returns>
    public static Figure Curves(CoverageReport coverage, ReportNames? names = null)
    {
        UniformityTest[] marginals = [.. (coverage.Pit?.Columns ?? []).Concat(coverage.Ranks)];
        var figure = new Figure("", 1, 2).PanelSize(400, 260);
        Draw(figure.Panel(0, 0).Title("Regions"), coverage.Regions, names);
        Draw(figure.Panel(0, 1).Title("Marginals"), Worst(marginals, MostCurves), names);
        return figure;
    }

    /// <summary>Histograms of the uniform numbers.</summary>
    /// <param name="coverage">The coverage.</param>
    /// <param name="names">What the columns are called; null for their numbers.</param>
    /// <returns>The figure.</returns>
    public static Figure Histograms(CoverageReport coverage, ReportNames? names = null)
    {
        var tests = Worst([.. coverage.Tests], MostHistograms);
        var columns = Math.Min(HistogramsAcross, tests.Length);
        var figure = new Figure("", (tests.Length + columns - 1) / columns, columns).PanelSize(210, 130);
        for (var i = 0; i < tests.Length; i++)
        {
            var test = tests[i];
            var bins = test.Histogram.Count;
            var expected = (double)test.Events / bins;
            var error = Math.Sqrt(expected * (1 - (1.0 / bins)));
            double[] edges = [.. Enumerable.Range(0, bins + 1).Select(bin => (double)bin / bins)];
            double[] contents = [.. test.Histogram];
            figure.Panel(i / columns, i % columns).Title(Plain(test.Name, names)).XRange(0, 1)
                .YRange(0, Math.Max(contents.Max() * 1.1, expected + (3 * error)))
                .Band([0, 1], [Math.Max(0, expected - error), Math.Max(0, expected - error)], [expected + error, expected + error], null, new PlotStyle(PlotColor.Muted, Opacity: 0.35))
                .Steps(edges, contents, null, new PlotStyle(PlotColor.Blue));
        }

        return figure;
    }

    /// <summary>The correlations of the noise.</summary>
    /// <param name="pit">The correlations.</param>
    /// <param name="events">How many events there are.</param>
    /// <returns>The figure.</returns>
    public static Figure Correlations(ConditionalPit pit, int events)
    {
        var columns = pit.Columns.Count;
        var root = Math.Sqrt(events);
        double Pull(double x, double y)
        {
            var (i, j) = ((int)Math.Round(x), (int)Math.Round(y));
            return i == j ? double.NaN : root * pit.Correlations.First(pair => (pair.First, pair.Second) == (Math.Min(i, j), Math.Max(i, j))).Correlation;
        }

        var grid = Grid2D.FromFunction(columns, -0.5, columns - 0.5, columns, -0.5, columns - 0.5, Pull);
        var limit = Math.Max(4, Math.Min(20, Math.Ceiling(root * pit.Correlations.Max(pair => Math.Abs(pair.Correlation)))));
        var figure = new Figure("").PanelSize(260, 260);
        figure.Panel(0, 0).XLabel("column of the noise").YLabel("column of the noise").HeatMap(grid, ColorScale.Diverging(limit), "correlation / \\sigma");
        return figure;
    }

    /// <summary>The coverage of 68.27 % in each stratum.</summary>
    /// <param name="coverage">The coverage.</param>
    /// <param name="names">What the columns are called; null for their numbers.</param>
    /// <returns>The figure.</returns>
    public static Figure Strata(CoverageReport coverage, ReportNames? names = null)
    {
        var figure = new Figure("").PanelSize(480, 260);
        var panel = figure.Panel(0, 0).XLabel("stratum").YLabel("coverage of 68.27 % regions / %").XRange(-0.5, coverage.StrataNames.Count - 0.5)
            .HorizontalLine(100 * coverage.Strata[0].Nominal[0].Level);
        var shift = -0.12;
        foreach (var whole in coverage.Regions)
        {
            var (x, y, errors) = (new List<double>(), new List<double>(), new List<double>());
            for (var s = 0; s < coverage.StrataNames.Count; s++)
            {
                // Factors have none, and a stratum without events has no test.
                if (coverage.Strata.FirstOrDefault(test => test.Name == $"{whole.Name}, {coverage.StrataNames[s]}") is not { } own)
                    continue;
                x.Add(s + shift);
                y.Add(100 * own.Nominal[0].Observed);
                errors.Add(50 * (own.Nominal[0].Upper - own.Nominal[0].Lower));
            }

            if (x.Count == 0)
                continue;
            panel.Points(x.ToArray(), y.ToArray(), Plain(whole.Name, names), null, errors.ToArray());
            shift += 0.12;
        }

        return figure;
    }

    /// <summary>What the strata are.</summary>
    /// <param name="coverage">The coverage.</param>
    /// <returns>A caption.</returns>
    public static string StrataCaption(CoverageReport coverage) =>
        $"Coverage of the regions of 68.27 % in each stratum, with its 68 % error. Strata from 0: {string.Join("; ", coverage.StrataNames)}.";

    private static UniformityTest[] Worst(UniformityTest[] tests, int most)
    {
        if (tests.Length <= most)
            return tests;
        var shown = tests.OrderBy(test => test.PValue).Take(most).ToHashSet();
        return [.. tests.Where(shown.Contains)];
    }

    private static void Draw(Panel panel, IReadOnlyList<UniformityTest> tests, ReportNames? names)
    {
        panel.XLabel("nominal coverage / %").YLabel("observed \\minus  nominal / %").XRange(0, 100);
        foreach (var test in tests)
        {
            var curve = test.Curve();
            if (test == tests[0])
            {
                var width = 100 * curve.SimultaneousHalfWidth;
                panel.Band([0, 100], [-width, -width], [width, width], null, new PlotStyle(PlotColor.Muted, Opacity: 0.3)).HorizontalLine(0);
            }

            panel.Line(
                [.. curve.Levels.Select(level => 100 * level)], [.. curve.Observed.Zip(curve.Levels, (observed, level) => 100 * (observed - level))],
                Plain(test.Name, names));
        }
    }

    // A name may hold what the markup of labels gives a meaning.
    private static string Plain(string name, ReportNames? names) => MathText.Escape(names is null ? name : names.In(name));
}
