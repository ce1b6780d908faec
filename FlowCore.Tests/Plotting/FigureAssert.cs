using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using NUnit.Framework;
using Plotting;

namespace FlowCore.Tests.Plotting;

/// <summary>What must hold for every figure, whatever it shows.</summary>
internal static partial class FigureAssert
{
    /// <summary>No two texts meet, nothing leaves the canvas, legends lie off the axes' texts, and the document is well-formed.</summary>
    public static void IsSound(Figure figure, string name = "figure")
    {
        var layout = figure.Layout();
        var canvas = new PlotBox(0, 0, layout.Width, layout.Height);
        for (var i = 0; i < layout.Texts.Count; i++)
        {
            var text = layout.Texts[i];
            Assert.That(IsInside(text.Box, canvas), Is.True, $"{name}: {text} leaves the canvas {canvas}");
            for (var j = 0; j < i; j++)
                Assert.That(text.Box.Intersects(layout.Texts[j].Box), Is.False, $"{name}: {text} meets {layout.Texts[j]}");
        }
        foreach (var panel in layout.Panels)
        {
            Assert.That(IsInside(panel.Box, canvas), Is.True, $"{name}: {panel} leaves the canvas");
            foreach (var text in layout.Texts.Where(t => t.Role is not (TextRole.Legend or TextRole.Annotation)))
                Assert.That(text.Box.Intersects(panel.Box), Is.False, $"{name}: {text} lies on {panel}");
        }
        foreach (var legend in layout.Legends)
        {
            Assert.That(IsInside(legend, canvas), Is.True, $"{name}: a legend leaves the canvas");
            foreach (var text in layout.Texts.Where(t => t.Role != TextRole.Legend))
                Assert.That(text.Box.Intersects(legend), Is.False, $"{name}: {text} meets the legend {legend}");
        }
        IsValidSvg(figure.ToSvg(), name);
    }

    /// <summary>The document parses, holds only finite numbers, and every identifier is used and defined.</summary>
    public static XmlDocument IsValidSvg(string svg, string name = "figure")
    {
        var document = new XmlDocument { XmlResolver = null };
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
        using (var reader = XmlReader.Create(new StringReader(svg), settings))
            document.Load(reader);
        Assert.That(document.DocumentElement!.NamespaceURI, Is.EqualTo("http://www.w3.org/2000/svg"));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (XmlElement element in document.SelectNodes("//*[@id]")!)
            Assert.That(ids.Add(element.GetAttribute("id")), Is.True, $"{name}: identifier {element.GetAttribute("id")} twice");
        foreach (Match reference in Reference().Matches(svg))
            Assert.That(ids, Does.Contain(reference.Groups[1].Value), name);
        foreach (XmlAttribute attribute in document.SelectNodes("//@*[name()='d' or name()='x' or name()='y' or name()='width' or name()='height' or name()='transform' or name()='stroke-width']")!)
        {
            Assert.That(attribute.Value, Does.Not.Contain("NaN").And.Not.Contain("Infinity").And.Not.Contain("E").And.Not.Contain(","), name);
            foreach (Match number in Number().Matches(attribute.Value))
                Assert.That(Math.Abs(double.Parse(number.Value, CultureInfo.InvariantCulture)), Is.LessThan(1e5), name);
        }
        return document;
    }

    private static bool IsInside(PlotBox inner, PlotBox outer) =>
        inner.Left >= outer.Left && inner.Top >= outer.Top && inner.Right <= outer.Right && inner.Bottom <= outer.Bottom;

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"-?\d*\.?\d+")]
    private static partial Regex Number();
}
