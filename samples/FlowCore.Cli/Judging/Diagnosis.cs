using System.Globalization;
using CommandLine;
using FlowCore.Diagnostics;
using FlowCore.IO;
using FlowCore.Random;
using Plotting;
using Reporting;

namespace FlowCore.Cli.Judging;

/// <summary>What a model says wrongly about rows that it was not fitted to: tests, regions, figures, a page.</summary>
/// <param name="Judged">The model and the rows.</param>
/// <param name="Report">The tests.</param>
/// <param name="Regions">Where rows and model differ most.</param>
/// <param name="Drawn">Draws at the rows' own conditions.</param>
internal sealed record Diagnosis(JudgedModel Judged, DiagnosticsReport Report, IReadOnlyList<WorstRegion> Regions, SampleTable Drawn)
{
    private const double Level = 0.01;
    private const int MostRegions = 8;
    private const int MostSentences = 4;

    private readonly ReportNames _names = new(Judged.Rows.Columns);

    /// <summary>Judges a model.</summary>
    /// <param name="judged">The model and the rows.</param>
    /// <param name="draws">Draws for each row.</param>
    /// <param name="seed">The seed of everything that is drawn.</param>
    public static Diagnosis Of(JudgedModel judged, int draws, ulong seed)
    {
        var options = new DiagnosticsOptions<float>
        {
            Coverage = new CoverageOptions<float> { Draws = draws, Seed = seed },
            TwoSample = new TwoSampleOptions { Seed = seed, Device = judged.Model.Device },
        };
        var report = ModelDiagnostics.Report<float>(judged.Model, judged.Rows.X, judged.Conditions, options);
        var drawn = new float[judged.Rows.X.Length];
        judged.Model.Sample(new RandomStream(seed), 0, judged.Conditions, drawn, default);
        return new Diagnosis(judged, report, WorstRegions.Of(judged, seed, MostRegions), new SampleTable(judged.Path, judged.Rows.Columns, drawn));
    }

    /// <summary>Whether a test or a region shows a fault.</summary>
    public bool IsFaulty => !Report.Passes(Level) || Regions.Any(region => region.PValue < Level);

    /// <summary>Says the results.</summary>
    /// <param name="reporter">Where to.</param>
    public void Say(ConsoleReporter reporter)
    {
        var culture = CultureInfo.InvariantCulture;
        var coverage = Report.Coverage;
        reporter.Line(string.Create(culture, $"{coverage.Events} rows, {coverage.Draws} draws for each; mean -ln p = {coverage.NegativeLogDensity:f4} +- {coverage.NegativeLogDensityError:f4}."));
        reporter.Table(
            ["test", "p", "corrected", "verdict"],
            Report.Corrected.Select(test => (IReadOnlyList<string>)[_names.In(test.Name), test.PValue.ToString("g3", culture), test.CorrectedP.ToString("g3", culture), test.CorrectedP < Level ? "fault" : "ok"]));
        reporter.Line("Of numbers that should be uniform, p is four times the smallest of Kolmogorov-Smirnov, Cramér-von Mises, Anderson-Darling and χ², so that each of them counts; corrected is for the number of lines (Holm). The page has all of them.");
        reporter.Table(
            ["regions that differ most", "rows", "model", "deviation", "corrected p"],
            Regions.Select(region => (IReadOnlyList<string>)
            [
                region.Where, region.Rows.ToString(culture), region.Expected.ToString("f1", culture), region.Deviation.ToString("+0.0;-0.0", culture), region.PValue.ToString("g3", culture),
            ]));
        var failed = Report.Corrected.Count(test => test.CorrectedP < Level);
        reporter.Line(IsFaulty
            ? $"The model is wrong: {failed} of {Report.Corrected.Count} corrected p-values and {Regions.Count(region => region.PValue < Level)} regions are below {Level.ToString(culture)}."
            : $"No fault is seen: none of {Report.Corrected.Count} corrected p-values and no region is below {Level.ToString(culture)}.");
    }

    /// <summary>Writes figures and page.</summary>
    /// <param name="folder">The folder, which is there.</param>
    /// <returns>The files.</returns>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<string> Save(string folder)
    {
        var pairs = Judged.Rows.Columns.Count <= SampleTable.LargestDimension
            ? SampleTable.Figure("Rows and draws of the model", SampleTable.Of(Judged.Rows), Drawn)
            : null;
        List<(string Name, Figure Figure)> figures =
        [
            ("coverage.svg", DiagnosticsFigures.Curves(Report.Coverage, _names)),
            ("histograms.svg", DiagnosticsFigures.Histograms(Report.Coverage, _names)),
        ];
        if (pairs is not null)
            figures.Add(("pairs.svg", pairs));
        var files = new List<string>();
        foreach (var (name, figure) in figures)
        {
            files.Add(Path.Combine(folder, name));
            AtomicFile.WriteText(files[^1], figure.ToSvg());
        }

        var page = DiagnosticsPage.Render(Report, $"{Path.GetFileName(Judged.Path)} on {Path.GetFileName(Judged.Rows.Table)}", _names, (text, inline) => AddRegions(text, inline, pairs));
        files.Add(Path.Combine(folder, "report.html"));
        AtomicFile.WriteText(files[^1], page);
        return files;
    }

    // The regions that show a fault, a sentence each; where there is none, that.
    private IEnumerable<string> InWords()
    {
        var faults = Regions.Where(region => region.PValue < Level).Take(MostSentences).ToArray();
        if (faults.Length == 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"No region departs by more than chance allows: none has a corrected p-value below {Level}.");
        foreach (var region in faults)
            yield return region.InWords();
    }

    private void AddRegions(HtmlText page, InlineFigures inline, Figure? pairs)
    {
        var culture = CultureInfo.InvariantCulture;
        page.Add("<section aria-labelledby=\"regions\"><h2 id=\"regions\">Where rows and model differ most</h2>")
            .Element("p", $"Cells of equal content in every column and every pair of columns, in the rows and in {WorstRegions.DrawsPerRow} draws of the model for each row, at its own conditions. The p-value is corrected for the number of cells.")
            .Add($"<ul>{string.Concat(InWords().Select(sentence => $"<li>{HtmlText.Encode(sentence)}</li>"))}</ul>")
            .Table(
                "Regions, the worst first",
                ["region", "rows", "model", "deviation / σ", "corrected p", "verdict"],
                Regions.Select(region => new[]
                {
                    region.Where, region.Rows.ToString(culture), region.Expected.ToString("f1", culture), region.Deviation.ToString("+0.0;−0.0", culture), region.PValue.ToString("g3", culture),
                    region.PValue < Level ? "fault" : "ok",
                }),
                verdict => verdict == "ok" ? "ok" : "above");
        if (pairs is not null)
            page.Figure("pairs", "pairs", pairs, "Rows and draws of the model: marginal densities, and regions with 39 and 86 % of the rows.", inline);
        page.Add("</section>");
    }
}
