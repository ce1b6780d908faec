using FlowCore.Tests.Packaging;
using NUnit.Framework;

namespace FlowCore.Tests.Documents;

/// <summary>The C# of the documents is quoted from files that are compiled, line by line.</summary>
[TestFixture]
internal sealed class QuotedCodeTests
{
    [TestCaseSource(nameof(Blocks))]
    public void A_block_of_a_document_is_found_in_the_file_that_it_names(QuotedBlock block)
    {
        Assert.That(block.Source, Is.Not.Null, "The block has no marker with its source.");
        var stranger = block.FirstStranger(File.ReadLines(Repository.Path(block.Source!.Split('/'))));
        Assert.That(stranger, Is.Null, $"The line is not in {block.Source}, or not in this order.");
    }

    [Test]
    public void Every_program_of_the_quick_start_is_quoted_in_a_document()
    {
        var quoted = Blocks().Select(block => block.Source).ToHashSet();
        var programs = Directory.EnumerateFiles(Repository.Path("samples", "QuickStart"), "*.cs").Select(file => $"samples/QuickStart/{Path.GetFileName(file)}");
        // Program chooses among the others.
        Assert.That(programs.Where(path => !path.EndsWith("/Program.cs", StringComparison.Ordinal)), Is.SubsetOf(quoted));
    }

    [TestCase("a\nc", null)]
    [TestCase("b\nb", "b")]
    [TestCase("c\na", "a")]
    [TestCase("a\nx", "x")]
    public void A_line_that_is_not_in_the_source_or_in_another_order_is_found(string shown, string? stranger)
    {
        var block = QuotedBlock.Of("document", ["<!-- source: file.cs -->", "```csharp", .. shown.Split('\n'), "```"]).Single();
        Assert.That(block.Source, Is.EqualTo("file.cs"));
        Assert.That(block.FirstStranger(["  a", "  b", "c"]), Is.EqualTo(stranger));
    }

    private static IEnumerable<QuotedBlock> Blocks()
    {
        var documents = Directory.EnumerateFiles(Repository.Path("docs"), "*.md").Append(Repository.Path("README.md")).Append(Repository.Path("samples", "Plotting", "README.md"));
        return documents.Order(StringComparer.Ordinal).SelectMany(path => QuotedBlock.Of(Path.GetRelativePath(Repository.Root, path), File.ReadAllLines(path)));
    }
}
