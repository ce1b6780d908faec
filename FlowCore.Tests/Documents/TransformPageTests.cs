using System.Globalization;
using System.Text.RegularExpressions;
using FlowCore.Parts;
using FlowCore.Tests.Packaging;
using NUnit.Framework;
using TransformGallery;

namespace FlowCore.Tests.Documents;

/// <summary>The page about transforms names all that there is, and its figures are those that the gallery draws.</summary>
[TestFixture]
internal sealed partial class TransformPageTests
{
    private const int LargestFile = 40_000;

    private static readonly string _page = File.ReadAllText(Repository.Path("docs", "transforms.md"));

    [TestCaseSource(nameof(Kinds))]
    public void Every_kind_of_the_library_is_on_the_page(string kind, string type) =>
        Assert.That(_page, Does.Contain($"`{type}`").And.Contain($"`{kind}`"), "The page must name the class and the kind.");

    [TestCaseSource(nameof(Flows))]
    public void Every_ready_made_flow_is_on_the_page(string type) => Assert.That(_page, Does.Contain($"`{type}`"));

    [Test]
    public void The_figures_of_the_page_are_those_of_the_gallery_and_of_the_folder()
    {
        var linked = FigureLink().Matches(_page).Select(match => match.Groups[1].Value).ToList();
        var drawn = Gallery.All.Select(entry => entry.FileName).ToList();
        var stored = Directory.EnumerateFiles(Repository.Path("docs", "figures", "transforms")).Select(Path.GetFileName).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(drawn, Is.Unique);
            Assert.That(linked, Is.EquivalentTo(drawn));
            Assert.That(stored, Is.EquivalentTo(drawn));
        });
    }

    [TestCaseSource(typeof(Gallery), nameof(Gallery.All))]
    public void The_gallery_draws_the_figure_twice_to_the_same_bytes(GalleryEntry entry)
    {
        var svg = entry.Draw().ToSvg();
        Assert.That(svg, Does.StartWith("<svg").Or.StartWith("<?xml"));
        Assert.That(svg, Has.Length.LessThan(LargestFile));
        Assert.That(svg, Does.Not.Contain("NaN").And.Not.Contain("Infinity"));
        Assert.That(entry.Draw().ToSvg(), Is.EqualTo(svg));
    }

    [TestCaseSource(typeof(Gallery), nameof(Gallery.All))]
    public void A_stored_figure_is_what_the_gallery_draws(GalleryEntry entry)
    {
        // Numbers of a figure have two decimals, of which the last may be rounded otherwise where a library function differs by its last bit.
        var (stored, drawn) = (File.ReadAllText(Repository.Path("docs", "figures", "transforms", entry.FileName)), entry.Draw().ToSvg());
        Assert.That(Number().Replace(stored, "#"), Is.EqualTo(Number().Replace(drawn, "#")), "Draw the figures again with samples/TransformGallery.");
        Assert.That(NumbersOf(stored), Is.EqualTo(NumbersOf(drawn)).Within(0.1), "Draw the figures again with samples/TransformGallery.");
    }

    // All kinds of the registry that are the library's: other tests may have added parts of their own.
    private static IEnumerable<TestCaseData> Kinds()
    {
        var known = PartRegistry.Catalog<double>().Kinds;
        foreach (var type in typeof(Part<>).Assembly.GetTypes())
        {
            if (type.IsAbstract || !type.IsGenericTypeDefinition || type.GetGenericArguments().Length != 1 || !IsPart(type))
                continue;
            var kind = (string)type.MakeGenericType(typeof(double)).GetProperty("Kind")!.GetValue(null)!;
            if (known.Contains(kind))
                yield return new TestCaseData(kind, NameOf(type));
        }
    }

    private static bool IsPart(Type type) => type.GetInterfaces().Any(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(IPartKind<>));

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static IEnumerable<string> Flows()
    {
        foreach (var type in typeof(Part<>).Assembly.GetExportedTypes())
        {
            if (type.Namespace == "FlowCore.Flows" && type.GetMethods().Any(method => method.Name == "Create"))
                yield return type.Name;
        }
    }

    private static IEnumerable<double> NumbersOf(string svg) => Number().Matches(svg).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\]\(figures/transforms/([^)]+)\)")]
    private static partial Regex FigureLink();

    [GeneratedRegex(@"-?\d*\.?\d+")]
    private static partial Regex Number();
}
