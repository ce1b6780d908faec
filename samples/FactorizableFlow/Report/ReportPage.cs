using System.Globalization;
using System.Runtime.InteropServices;
using FactorizableFlow.Figures;
using FactorizableFlow.Validation;
using Plotting;

namespace FactorizableFlow.Report;

/// <summary>The report: one page with tables, verdicts, figures, configuration, seeds and versions, that needs nothing beside itself.</summary>
internal static class ReportPage
{
    // A figure belongs to the first group whose start its name has.
    private static readonly (string Start, string Title, string Id)[] _groups =
    [
        ("val_sys_kin", "x away from the nominal point", "sys-x"),
        ("val_sys_mean_x", "x away from the nominal point", "sys-x"),
        ("val_sys_std_x", "x away from the nominal point", "sys-x"),
        ("val_sys_score", "y away from the nominal point", "sys-y"),
        ("val_kin", "x at the nominal point", "base-x"),
        ("val_score", "y at the nominal point", "base-y"),
        ("residual_kin", "What the residual of x does", "residual-x"),
        ("residual_score", "What the residual of y does", "residual-y"),
        ("training", "How the models were trained", "training"),
        ("", "More figures", "more"),
    ];

    private static readonly string[] _order = ["base-x", "base-y", "sys-x", "sys-y", "residual-x", "residual-y", "training", "more"];

    /// <summary>Writes the page.</summary>
    /// <param name="parts">The configurations.</param>
    /// <param name="data">Figures of the data, which all configurations share.</param>
    public static string Render(IReadOnlyList<ReportPart> parts, IReadOnlyList<StudyFigure> data)
    {
        const string title = "Factorizable normalizing flows: closure against the analytic truth";
        var figures = new InlineFigures();
        var body = Body(title, parts, data, figures);
        return HtmlText.Document(title, body, figures);
    }

    private static string Body(string title, IReadOnlyList<ReportPart> parts, IReadOnlyList<StudyFigure> data, InlineFigures figures)
    {
        var page = new HtmlText()
            .Add("<body><a class=\"skip\" href=\"#main\">Skip to the results</a><header>")
            .Element("h1", title)
            .Element(
                "p class=\"lead\"",
                "Two conditional flows learn the densities of a two-class toy: of x given the class (kin), and of y given x and the class (score). "
                + "A residual on each learns how the density deforms with the nuisances ν. The truth of the toy is known in closed form at every ν, "
                + "so all of it can be checked to the last digit, and here it is.");
        foreach (var part in parts)
        {
            page.Add(
                $"<p class=\"verdict\"><strong>{HtmlText.Encode(part.Title)}:</strong> {HtmlText.Encode(ReportTables.Summary(part.Results))}</p>");
        }

        page.Add("</header>");
        Contents(page, parts, data);
        page.Add("<main id=\"main\">");
        if (data.Count > 0)
        {
            page.Add("<section id=\"data\" aria-labelledby=\"data-title\"><h2 id=\"data-title\">The toy</h2>")
                .Element("p", "Fresh events at the nominal point. In all figures, blue is class A and orange is class B.");
            AddFigures(page, "data", data, figures);
            page.Add("</section>");
        }

        foreach (var part in parts)
            Part(page, part, figures);

        Making(page, parts);
        return page.Add("</main>")
            .Add($"<footer><p>FlowCore {HtmlText.Encode(parts.Count > 0 ? parts[0].Results.Version : "")}. This page needs no network and no script.</p></footer></body>")
            .ToString();
    }

    private static void Contents(HtmlText page, IReadOnlyList<ReportPart> parts, IReadOnlyList<StudyFigure> data)
    {
        page.Add("<nav aria-label=\"Contents\"><ol>");
        if (data.Count > 0)
            page.Add("<li><a href=\"#data\">The toy</a></li>");

        foreach (var part in parts)
        {
            page.Add($"<li><a href=\"#{part.Id}\">{HtmlText.Encode(part.Title)}</a><ol>")
                .Add($"<li><a href=\"#{part.Id}-closure\">Closure</a></li><li><a href=\"#{part.Id}-sampling\">Samples and quantiles</a></li>");
            foreach ((var id, var title, _) in Groups(part.Figures))
                page.Add($"<li><a href=\"#{part.Id}-{id}\">{HtmlText.Encode(title)}</a></li>");

            page.Add("</ol></li>");
        }

        page.Add("<li><a href=\"#making\">Configuration, seeds and versions</a></li></ol></nav>");
    }

    private static void Part(HtmlText page, ReportPart part, InlineFigures figures)
    {
        page.Add($"<section id=\"{part.Id}\" aria-labelledby=\"{part.Id}-title\"><h2 id=\"{part.Id}-title\">{HtmlText.Encode(part.Title)}</h2>")
            .Element("p", part.Lead)
            .Element("p class=\"verdict\"", ReportTables.Summary(part.Results))
            .Add($"<h3 id=\"{part.Id}-closure\">Closure</h3>")
            .Element("p", part.Results.ClosureRule);
        ReportTables.Closure(page, part.Results);
        page.Add($"<h3 id=\"{part.Id}-sampling\">Samples and quantiles</h3>").Element("p", part.Results.SamplingRule);
        ReportTables.Sampling(page, part.Results);
        foreach ((var id, var title, var members) in Groups(part.Figures))
        {
            page.Add($"<h3 id=\"{part.Id}-{id}\">{HtmlText.Encode(title)}</h3>");
            AddFigures(page, part.Id, members, figures);
        }

        page.Add("</section>");
    }

    private static IEnumerable<(string Id, string Title, StudyFigure[] Figures)> Groups(IReadOnlyList<StudyFigure> figures) =>
        figures.GroupBy(figure => Array.Find(_groups, group => figure.Name.StartsWith(group.Start, StringComparison.Ordinal)).Id)
            .OrderBy(group => Array.IndexOf(_order, group.Key))
            .Select(group => (group.Key, Array.Find(_groups, known => known.Id == group.Key).Title, group.ToArray()));

    private static void AddFigures(HtmlText page, string id, IReadOnlyList<StudyFigure> members, InlineFigures figures)
    {
        foreach (var figure in members)
            page.Figure($"{id}-{figure.Name}", figure.Name, figure.Figure, figure.Caption, figures);
    }

    private static void Making(HtmlText page, IReadOnlyList<ReportPart> parts)
    {
        page.Add("<section id=\"making\" aria-labelledby=\"making-title\"><h2 id=\"making-title\">Configuration, seeds and versions</h2>");
        foreach (var part in parts)
        {
            var results = part.Results;
            page.Element("h3", part.Title).Add("<dl>");
            Item(page, "Seed of the fresh events", results.Seed.ToString(CultureInfo.InvariantCulture));
            Item(page, "Events a point", results.Events.ToString("N0", CultureInfo.InvariantCulture));
            Item(page, "Limits", results.Limits);
            Item(page, "FlowCore", results.Version);
            Item(page, "Runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
            Item(page, "Device", results.Device);
            page.Add("</dl>").Table(
                "Models, and the SHA-256 of the base flow's architecture and numbers",
                ["model", "file", "SHA-256"],
                results.Models.Select(model => new[] { model.Model, Path.GetFileName(model.File), model.ContentHash }));
            foreach (var file in part.ConfigFiles)
                page.Add($"<details><summary>{HtmlText.Encode(Path.GetFileName(file))}</summary><pre tabindex=\"0\">{HtmlText.Encode(File.ReadAllText(file))}</pre></details>");
        }

        page.Add("</section>");
    }

    private static void Item(HtmlText page, string term, string value) => page.Element("dt", term).Element("dd", value);
}
