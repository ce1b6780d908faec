using System.Globalization;
using FlowCore.Factorizable;
using FlowCore.IO;
using FlowCore.Templates;
using Plotting;

namespace FlowCore.Cli.Templates;

/// <summary>A fitted response as one page with tables and figures that needs nothing beside itself.</summary>
internal sealed class ResponsePage(
    FactorizableFlow<float> model, ResponseFitResult result, IReadOnlyList<string> columns, Template<float>? nominal, IReadOnlyList<Template<float>> templates, ulong seed)
{
    /// <summary>The columns of the closure.</summary>
    public static readonly string[] ClosureHeaders =
        ["template", "ν", "rows", "yield", "to model", "p", "to ν = 0", "its halves", "classifier", "classifier at ν = 0", "nats gained", "left", "departs", "closes"];

    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>How far base and templates close, a row each.</summary>
    public static IEnumerable<string[]> ClosureRows(ResponseFitResult result) =>
        (result.Nominal is null ? result.Closures : [result.Nominal, .. result.Closures]).Select(closure => (string[])
        [
            closure.Name,
            closure.Nuisances.Count == 0 ? "0" : string.Join(",", closure.Nuisances.Select(value => value.ToString("+0.###;-0.###;0", _culture))),
            closure.Rows.ToString(_culture),
            double.IsNaN(closure.Yield) ? "" : closure.Yield.ToString("f3", _culture),
            Distance(closure.Model.Statistic),
            closure.Model.PValue.ToString("f3", _culture),
            Distance(closure.FromNominal.Statistic),
            Distance(closure.Halves.Statistic),
            Share(closure.Classifier.Accuracy),
            Share(closure.NominalClassifier.Accuracy),
            IsNominal(closure) ? "" : string.Create(_culture, $"{closure.Gain:f4} ± {closure.GainError:f4}"),
            IsNominal(closure) || closure.FromNominal.PValue > 0.05 ? "" : closure.Left.ToString("p0", _culture),
            closure.Columns.Max(column => column.Distance).ToString("p1", _culture),
            closure.Closes ? "yes" : "no",
        ]);

    /// <summary>Writes the page, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteText(path, Render());

    /// <summary>Makes the page.</summary>
    public string Render()
    {
        var inline = new InlineFigures();
        var figures = new ResponseFigures(model, result, columns, nominal, templates, seed);
        var failed = result.Closures.Count(closure => !closure.Closes);
        var page = new HtmlText()
            .Add("<body><a class=\"skip\" href=\"#main\">Skip to the results</a><header>")
            .Element("h1", $"The response to {string.Join(", ", result.Nuisances)}")
            .Element("p class=\"lead\"", $"{templates.Count} templates of {string.Join(", ", columns)}; terms {string.Join(", ", result.Terms)}; {model.Parameters.Count.ToString("N0", _culture)} parameters.")
            .Element("p class=\"verdict\"", failed == 0 ? "Every template closes." : $"{failed} of {templates.Count} templates do not close.")
            .Add("</header><main id=\"main\"><section aria-labelledby=\"closure\"><h2 id=\"closure\">Closure</h2>")
            .Element(
                "p",
                "Energy distances and classifiers compare rows that the training has not seen with draws of the model at the template's ν, with draws at ν = 0, and the template with itself. A response that closes has the distance of the halves, up to chance, and a classifier that is right in half of the cases.")
            .Table("How far each template closes", ClosureHeaders, ClosureRows(result), cell => cell == "no" ? "above" : "ok")
            .Add("</section>");
        if (result.Warnings.Count > 0)
            page.Add("<section aria-labelledby=\"warnings\"><h2 id=\"warnings\">Warnings</h2>").Add(Lines(result.Warnings)).Add("</section>");
        page.Add("<section aria-labelledby=\"curves\"><h2 id=\"curves\">Response curves</h2>")
            .Figure("response-curves", "curves", figures.Curves(), ResponseFigures.CurvesCaption, inline)
            .Add("</section><section aria-labelledby=\"ratios\"><h2 id=\"ratios\">Ratios to nominal</h2>");
        for (var t = 0; t < templates.Count; t++)
        {
            page.Element("h3", $"{templates[t].Name} at ({string.Join(", ", templates[t].Nuisances.Select(value => value.ToString("g6", _culture)))})")
                .Figure(string.Create(_culture, $"ratio-{t}"), string.Create(_culture, $"ratio-{t}"), figures.Ratios(templates[t]), ResponseFigures.RatiosCaption, inline);
        }

        page.Add("</section><section aria-labelledby=\"done\"><h2 id=\"done\">What was done</h2>").Add(Lines(result.Applied))
            .Add("</section></main><footer><p>Made by FlowCore. This page needs no network and no script.</p></footer></body>");
        return HtmlText.Document("Response to nuisances", page.ToString(), inline);
    }

    private static string Lines(IEnumerable<string> sentences) => $"<ul>{string.Concat(sentences.Select(sentence => $"<li>{HtmlText.Encode(sentence)}</li>"))}</ul>";

    private static bool IsNominal(TemplateClosure closure) => closure.Nuisances.All(value => value == 0);

    private static string Distance(double value) => value.ToString("f5", _culture);

    private static string Share(double value) => value.ToString("p1", _culture);
}
