using System.Text.RegularExpressions;
using FactorizableFlow.Dataset;
using FactorizableFlow.Figures;
using FactorizableFlow.Generator;
using FactorizableFlow.Report;
using FactorizableFlow.Validation;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed partial class FiguresReportTests
{
    [Test]
    public void The_page_needs_nothing_beside_itself_and_can_be_walked_without_eyes_or_mouse()
    {
        var page = Page();
        Assert.That(page, Does.Not.Contain("<script").And.Not.Contain("src=").And.Not.Contain("@import"));
        Assert.That(Link().Matches(page).Select(match => match.Groups[1].Value), Has.All.StartsWith("#").Or.EqualTo("data:,"));
        foreach (var landmark in new[] { "<html lang=\"en\">", "<header>", "<nav aria-label", "<main id=\"main\">", "<footer>", "class=\"skip\" href=\"#main\"" })
            Assert.That(page, Does.Contain(landmark));

        Assert.That(page, Does.Contain("<th scope=\"col\">").And.Contain("<th scope=\"row\">").And.Contain("<caption>"));
        Assert.That(Regex.Count(page, "<svg "), Is.EqualTo(Regex.Count(page, "<desc ")).And.EqualTo(Regex.Count(page, "<figcaption>")));
        Assert.That(Regex.Count(page, "class=\"scroll\""), Is.EqualTo(Regex.Count(page, "class=\"scroll\" tabindex=\"0\" role=\"(region|group)\" aria-label=")));
    }

    [Test]
    public void Every_identifier_is_there_once_and_every_link_leads_to_one()
    {
        var page = Page();
        string[] ids = [.. Id().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.That(ids, Is.Unique);
        foreach (Match link in Link().Matches(page))
        {
            if (link.Groups[1].Value.StartsWith('#'))
                Assert.That(ids, Does.Contain(link.Groups[1].Value[1..]));
        }

        foreach (Match label in Labels().Matches(page))
        {
            foreach (var id in label.Groups[1].Value.Split(' '))
                Assert.That(ids, Does.Contain(id));
        }
    }

    [Test]
    public void Verdicts_are_words_and_texts_are_encoded()
    {
        var page = Page();
        Assert.That(page, Does.Contain("<td class=\"ok\">ok</td>").And.Contain("<td class=\"above\">above</td>"));
        Assert.That(page, Does.Contain("a &lt;b&gt; part").And.Not.Contain("a <b> part"));
    }

    private static string Page()
    {
        var test = new KolmogorovSmirnov(0.001, 0.5, 0.9);
        var sampling = new SamplingResult(1000, new PitResult([test, test], [1, 1], 90, 99, 0.5, 0.01), [test, test], new EnergyResult(100, 0, 0, 0.5));
        PointResult[] points =
        [
            new(new ClosureRow("kin", [0, 0], 1000, 1.8, 1.8, 1e-4, 1e-5), new ClosureLimit(2e-4, 0), true, sampling, 1),
            new(new ClosureRow("kin_residual", [1, -1], 1000, 1.8, 1.9, 1e-1, 1e-5), new ClosureLimit(2e-4, 1e-5), false, sampling, 1),
            new(new ClosureRow("score", [3, 3], 1000, 1.8, 1.9, 1e-1, 1e-5), null, null, sampling, 1),
        ];
        var results = new StudyResults("1.0", "base.yaml", null, [new ModelSummary("kin", "kin.safetensors", "00")], 1, 1000, "flowcore", "A rule.", "Another rule.", "CPU", 1, points);
        var figures = DatasetFigures.Create(ToyDataset.Generate(GeneratorSettings.Study, 100, 1, 1, _ => { }, default), null);
        return ReportPage.Render(
            [new ReportPart("one", "a <b> part", "Lead.", results, figures, []), new ReportPart("two", "Second", "Lead.", results, figures, [])], figures);
    }

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Id();

    [GeneratedRegex("aria-labelledby=\"([^\"]*)\"")]
    private static partial Regex Labels();
}
