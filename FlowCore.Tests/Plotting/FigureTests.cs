using System.Globalization;
using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

public sealed class FigureTests
{
    private static IEnumerable<TestCaseData> Demos() =>
        DemoFigures.All().Select(d => new TestCaseData(d.Figure, d.Name).SetArgDisplayNames(d.Name));

    [TestCaseSource(nameof(Demos))]
    public void No_texts_overlap_and_nothing_leaves_the_canvas(Figure figure, string name) => FigureAssert.IsSound(figure, name);

    [TestCaseSource(nameof(Demos))]
    public void Figures_are_small(Figure figure, string name) =>
        Assert.That(figure.ToSvg(), Has.Length.LessThan(60_000), name);

    [Test]
    public void The_same_figure_gives_the_same_document()
    {
        foreach (var ((name, first), (_, second)) in DemoFigures.All().Zip(DemoFigures.All()))
        {
            var svg = first.ToSvg();
            Assert.That(second.ToSvg(), Is.EqualTo(svg), name);
            Assert.That(first.ToSvg(), Is.EqualTo(svg), name + ", drawn again");
        }
    }

    [Test]
    public void The_document_does_not_depend_on_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var plain = DemoFigures.Training().ToSvg();
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = comma;
            Assert.That(DemoFigures.Training().ToSvg(), Is.EqualTo(plain));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void Two_figures_of_one_page_share_no_identifier()
    {
        var ids = DemoFigures.All().SelectMany(d =>
            FigureAssert.IsValidSvg(d.Figure.ToSvg()).SelectNodes("//@id")!.Cast<System.Xml.XmlAttribute>().Select(a => a.Value)).ToList();
        Assert.That(ids, Is.Unique);
    }

    [Test]
    public void The_document_has_a_title_and_a_description_for_screen_readers()
    {
        var figure = new Figure("p(x_1 | ν_{shift}) & more");
        figure.Panel(0, 0).Line([0, 1], [0, 1], "a < b").XLabel(@"\nu").YLabel("y");
        var document = FigureAssert.IsValidSvg(figure.ToSvg());
        var root = document.DocumentElement!;
        var labelled = root.GetAttribute("aria-labelledby").Split(' ');
        var title = (System.Xml.XmlElement)root.ChildNodes[0]!;
        var description = (System.Xml.XmlElement)root.ChildNodes[1]!;
        Assert.That(root.GetAttribute("role"), Is.EqualTo("img"));
        Assert.That(title.Name, Is.EqualTo("title"));
        Assert.That(title.InnerText, Is.EqualTo("p(x1 | νshift) & more"));
        Assert.That(description.Name, Is.EqualTo("desc"));
        Assert.That(description.InnerText, Is.EqualTo("Panel: y against ν; shows a < b."));
        Assert.That(labelled, Is.EqualTo((string[])[title.GetAttribute("id"), description.GetAttribute("id")]));
    }

    [Test]
    public void A_given_description_replaces_the_made_one()
    {
        var figure = new Figure("t").Describe("A line that rises.");
        Assert.That(FigureAssert.IsValidSvg(figure.ToSvg()).DocumentElement!.ChildNodes[1]!.InnerText, Is.EqualTo("A line that rises."));
    }

    [Test]
    public void Text_stays_text()
    {
        var texts = FigureAssert.IsValidSvg(DemoFigures.Training().ToSvg()).GetElementsByTagName("text").Cast<System.Xml.XmlElement>().Select(e => e.InnerText).ToList();
        Assert.That(texts, Does.Contain("validation").And.Contain("epoch").And.Contain("10−4").And.Contain("Training of the base flow p(x | c)"));
    }

    [Test]
    public void Every_colour_has_a_light_and_a_dark_value()
    {
        var svg = DemoFigures.Field().ToSvg();
        var dark = svg.IndexOf("prefers-color-scheme:dark", StringComparison.Ordinal);
        Assert.That(dark, Is.GreaterThan(0));
        for (var color = 0; color < Enum.GetValues<PlotColor>().Length; color++)
        {
            var variable = $"--plt-{color}:#";
            Assert.That(svg.IndexOf(variable, StringComparison.Ordinal), Is.InRange(0, dark), "light");
            Assert.That(svg.IndexOf(variable, dark, StringComparison.Ordinal), Is.GreaterThan(dark), "dark");
        }
    }

    [Test]
    public void Styles_reach_only_into_figures()
    {
        var style = FigureAssert.IsValidSvg(DemoFigures.Field().ToSvg()).GetElementsByTagName("style")[0]!.InnerText;
        var selectors = style.Split('}').Select(r => r.Split('{')).Where(p => p.Length >= 2 && p[^2].Trim().Length > 0).Select(p => p[^2].Trim());
        foreach (var selector in selectors)
            Assert.That(selector.StartsWith(".plt", StringComparison.Ordinal) || selector.StartsWith("@media", StringComparison.Ordinal), Is.True, selector);
    }

    [Test]
    public void Shared_axes_have_one_range_and_labels_at_the_outer_panels_only()
    {
        var figure = new Figure("t", 2, 2).Share(AxisSharing.Aligned, AxisSharing.Aligned);
        for (var r = 0; r < 2; r++)
        {
            for (var c = 0; c < 2; c++)
                figure.Panel(r, c).Line([0, 1 + c], [0, 10 * (1 + r)]).XLabel($"x{r}{c}").YLabel($"y{r}{c}");
        }
        var layout = figure.Layout();
        Assert.That(layout.Panels[0].XMax, Is.EqualTo(layout.Panels[2].XMax));
        Assert.That(layout.Panels[0].YMax, Is.EqualTo(layout.Panels[1].YMax));
        Assert.That(layout.Panels[0].XMax, Is.Not.EqualTo(layout.Panels[1].XMax));
        Assert.That(layout.Texts.Where(t => t.Role == TextRole.AxisLabel).Select(t => t.Text), Is.EquivalentTo((string[])["y00", "y10", "x10", "x11"]));
        FigureAssert.IsSound(figure);
    }

    [Test]
    public void A_ratio_panel_shares_the_horizontal_axis_and_lies_below()
    {
        var figure = new Figure("t");
        var panel = figure.Panel(0, 0).XLabel("x").Histogram(Histogram1D.Of([0.5, 1.5, 1.6], 4, 0, 4));
        panel.WithRatio("r", 0.5).Ratio(HistogramRatio.Of(Histogram1D.Of([0.5, 1.5], 4, 0, 4), Histogram1D.Of([0.5, 1.5, 1.6], 4, 0, 4)));
        var layout = figure.Layout();
        var (main, ratio) = (layout.Panels[0], layout.Panels[1]);
        Assert.That((ratio.XMin, ratio.XMax), Is.EqualTo((main.XMin, main.XMax)));
        Assert.That(ratio.Box.Top, Is.GreaterThan(main.Box.Bottom));
        Assert.That(ratio.Box.Left, Is.EqualTo(main.Box.Left));
        Assert.That(ratio.Box.Height, Is.EqualTo(0.5 * main.Box.Height));
        Assert.That(layout.Texts.Count(t => t.Text == "x"), Is.EqualTo(1));
        Assert.That(layout.Texts.Single(t => t.Text == "x").Box.Top, Is.GreaterThan(ratio.Box.Bottom));
        FigureAssert.IsSound(figure);
    }

    [Test]
    public void Equal_aspect_gives_a_unit_the_same_length_on_both_axes()
    {
        var figure = new Figure("t").PanelSize(400, 200);
        figure.Panel(0, 0).Line([0, 1], [0, 3]).EqualAspect();
        var panel = figure.Layout().Panels[0];
        double perX = panel.Box.Width / (panel.XMax - panel.XMin), perY = panel.Box.Height / (panel.YMax - panel.YMin);
        Assert.That(perX, Is.EqualTo(perY).Within(1e-9).Percent);
    }

    [Test]
    public void A_legend_covers_no_point_of_the_data([Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        // Curves that fill different corners; in every case the legend must find a place, if need be above or beside the data.
        var random = new System.Random(seed);
        double phase = random.NextDouble() * 6, frequency = 1 + 6 * random.NextDouble();
        double[] x = [.. Enumerable.Range(0, 400).Select(i => i / 40.0)];
        var y = Array.ConvertAll(x, v => Math.Sin(frequency * v + phase) * (1 + v * (random.NextDouble() - 0.3)));
        var figure = new Figure("t");
        figure.Panel(0, 0).Line(x, y, "a series with a long name").Points(x, y, "its points").Note("χ²/n = 1.02");
        var layout = figure.Layout();
        Assert.That(layout.Legends, Has.Count.EqualTo(1));
        for (var i = 0; i < x.Length; i++)
            Assert.That(layout.Legends[0].Contains(layout.Panels[0].ToPixel(x[i], y[i])), Is.False, $"point {i}");
        FigureAssert.IsSound(figure);
    }

    [Test]
    public void A_legend_of_a_heat_map_stands_outside()
    {
        var figure = new Figure("t");
        var grid = Grid2D.FromFunction(10, 0, 1, 10, 0, 1, (x, y) => x - y);
        figure.Panel(0, 0).HeatMap(grid, ColorScale.DivergingFor(grid), "value").Contours(grid, [0], "zero");
        var layout = figure.Layout();
        Assert.That(layout.Legends[0].Left, Is.GreaterThan(layout.Panels[0].Box.Right));
        FigureAssert.IsSound(figure);
    }

    [Test]
    public void No_two_of_many_series_look_the_same()
    {
        var figure = new Figure("t");
        for (var k = 0; k < 18; k++)
            figure.Panel(0, 0).Line([0, 1], [k, k + 1]);
        var looks = FigureAssert.IsValidSvg(figure.ToSvg()).SelectNodes("//*[local-name()='path' and @stroke-width='1.5']")!.Cast<System.Xml.XmlElement>()
            .Select(e => e.GetAttribute("class") + e.GetAttribute("stroke-dasharray")).ToList();
        Assert.That(looks, Has.Count.EqualTo(18).And.Unique);
    }

    [Test]
    public void A_shared_legend_names_every_label_once()
    {
        var figure = new Figure("t", 1, 3).SharedLegend();
        for (var c = 0; c < 3; c++)
            figure.Panel(0, c).Line([0, 1], [0, 1], "model").Line([0, 1], [1, 0], c == 2 ? "other" : "truth");
        var legend = figure.Layout().Texts.Where(t => t.Role == TextRole.Legend).Select(t => t.Text);
        Assert.That(legend, Is.EqualTo((string[])["model", "truth", "other"]));
        FigureAssert.IsSound(figure);
    }

    [Test]
    public void Long_titles_and_labels_are_broken_into_lines()
    {
        var words = string.Join(' ', Enumerable.Repeat("quite a few words", 12));
        var figure = new Figure(words, 1, 2).PanelSize(150, 120);
        for (var c = 0; c < 2; c++)
            figure.Panel(0, c).Title(words).XLabel(words).YLabel(words).Line([0, 1], [0, 1], words).Note(words);
        FigureAssert.IsSound(figure);
        Assert.That(figure.Layout().Texts.Count(t => t.Role == TextRole.Title), Is.GreaterThan(1));
    }

    [Test]
    public void Annotations_do_not_meet()
    {
        var figure = new Figure("t");
        var panel = figure.Panel(0, 0).Line([0, 1], [0, 1]);
        for (var i = 0; i < 8; i++)
            panel.Annotate(0.5 + 0.001 * i, 0.5, $"point {i}");
        FigureAssert.IsSound(figure);
        Assert.That(figure.Layout().Texts.Count(t => t.Role == TextRole.Annotation), Is.EqualTo(8));
    }

    [Test]
    public void A_saved_file_is_the_document_and_leaves_nothing_beside()
    {
        var folder = Path.Combine(Path.GetTempPath(), "plotting-" + Guid.NewGuid().ToString("N"));
        try
        {
            var figure = DemoFigures.Stack();
            figure.SaveSvg(Path.Combine(folder, "new", "a.svg"));
            figure.SaveSvg(Path.Combine(folder, "new", "a.svg"));
            Assert.That(File.ReadAllText(Path.Combine(folder, "new", "a.svg")), Is.EqualTo(figure.ToSvg()));
            Assert.That(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), Has.Length.EqualTo(1));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
