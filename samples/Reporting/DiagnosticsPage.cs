using System.Globalization;
using FlowCore.Diagnostics;
using FlowCore.IO;
using Plotting;

namespace Reporting;

/// <summary>A <see cref="DiagnosticsReport"/> as one page with tables and figures that needs nothing beside itself.</summary>
public static class DiagnosticsPage
{
    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="report">What to show.</param>
    /// <param name="title">The page's title.</param>
    /// <param name="names">What the columns are called; null for their numbers.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, DiagnosticsReport report, string title, ReportNames? names = null) => AtomicFile.WriteText(path, Render(report, title, names));

    /// <summary>Makes the page.</summary>
    /// <param name="report">What to show.</param>
    /// <param name="title">The page's title.</param>
    /// <param name="names">What the columns are called; null for their numbers.</param>
    /// <param name="more">Sections between the results and the list of all tests; null for none.</param>
    /// <returns>An HTML document; the same bytes for the same report.</returns>
    public static string Render(DiagnosticsReport report, string title, ReportNames? names = null, Action<HtmlText, InlineFigures>? more = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(title);
        names ??= new ReportNames();
        var figures = new InlineFigures();
        var coverage = report.Coverage;
        var page = new HtmlText()
            .Add("<body><a class=\"skip\" href=\"#main\">Skip to the results</a><header>")
            .Element("h1", title)
            .Element("p class=\"lead\"", Numbers(coverage, names))
            .Element("p class=\"verdict\"", Verdict(report, names))
            .Add("</header><main id=\"main\"><section aria-labelledby=\"coverage\"><h2 id=\"coverage\">Coverage</h2>")
            .Element(
                "p",
                "Each test turns an event into a number that is uniform where the model is right. Lines below zero: regions hold fewer events than they say, the model is too sure.");
        foreach (var remark in new[] { coverage.BaseRemark, coverage.HighestDensityRemark }.Where(remark => remark.Length > 0))
            page.Element("p", remark);
        page.Figure("coverage-curves", "coverage", DiagnosticsFigures.Curves(coverage, names), DiagnosticsFigures.CurvesCaption, figures);
        if (coverage.Regions.Count > 0)
            DiagnosticsTables.Nominal(page, coverage, names);
        page.Add("</section><section aria-labelledby=\"uniforms\"><h2 id=\"uniforms\">The numbers of the events</h2>")
            .Figure("histograms", "histograms", DiagnosticsFigures.Histograms(coverage, names), DiagnosticsFigures.HistogramsCaption, figures);
        // Two columns have one correlation, which the table has.
        if (coverage.Pit is { Columns.Count: > 2, Correlations.Count: > 0 } pit)
            page.Figure("correlations", "correlations", DiagnosticsFigures.Correlations(pit, coverage.Events), DiagnosticsFigures.CorrelationsCaption, figures);
        page.Add("</section>");
        if (coverage.Strata.Count > 0)
        {
            page.Add("<section aria-labelledby=\"strata\"><h2 id=\"strata\">By strata</h2>")
                .Element("p", "A coverage that is right on average can be wrong in parts of the events.")
                .Figure("strata-coverage", "strata", DiagnosticsFigures.Strata(coverage, names), DiagnosticsFigures.StrataCaption(coverage), figures)
                .Add("</section>");
        }

        page.Add("<section aria-labelledby=\"samples\"><h2 id=\"samples\">Samples against events</h2>").Element("p", report.SampleRemark);
        if (report.Samples.Count > 0)
            DiagnosticsTables.Samples(page, report, names);
        page.Add("</section>");
        more?.Invoke(page, figures);
        page.Add("<section aria-labelledby=\"tests\"><h2 id=\"tests\">All tests</h2>")
            .Element("p", "A line is one statement. Numbers that should be uniform are looked at by four tests, which are not independent: all count, as p = 4 · the smallest of them (Bonferroni). Corrected p-values account for the number of lines (Holm): a right model has one below 0.01 in at most one report of a hundred.");
        DiagnosticsTables.All(page, report, names);
        page.Add("</section></main><footer><p>Made by FlowCore. This page needs no network and no script.</p></footer></body>");
        return HtmlText.Document(title, page.ToString(), figures);
    }

    private static string Numbers(CoverageReport coverage, ReportNames names)
    {
        var culture = CultureInfo.InvariantCulture;
        var text = string.Create(
            culture, $"{coverage.Events:N0} events, {coverage.Draws} draws for each. Mean −ln q = {coverage.NegativeLogDensity:0.0000} ± {coverage.NegativeLogDensityError:0.0000} nats");
        if (coverage.IntervalSize.Count > 0)
            text += $"; mean width of the central 68.27 % interval: {string.Join(", ", coverage.IntervalSize.Select((width, k) => $"{names.In($"y{k}")} {width.ToString("g4", culture)}"))}";
        return text + ". Calibrated is not informative: of two calibrated models the one with the smaller numbers here is the better.";
    }

    private static string Verdict(DiagnosticsReport report, ReportNames names)
    {
        var corrected = report.Corrected;
        var failed = corrected.Count(test => test.CorrectedP < 0.01);
        return failed == 0
            ? $"No fault is seen: none of {corrected.Count} corrected p-values is below 0.01."
            : $"The model is wrong: {failed} of {corrected.Count} corrected p-values are below 0.01, the smallest of {names.In(corrected.MinBy(test => test.CorrectedP)!.Name)}.";
    }
}
