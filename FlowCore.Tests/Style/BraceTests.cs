using FlowCore.Tests.Packaging;
using NUnit.Framework;

namespace FlowCore.Tests.Style;

/// <summary>The house's style of braces: none around a body of one line, unless another branch of the same if needs them.</summary>
[TestFixture]
public sealed class BraceTests
{
    private static readonly string[] _generated = ["bin", "obj", "artifacts"];

    [Test]
    public void No_body_of_one_line_stands_in_braces()
    {
        var files = Directory.GetFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(_generated).Any())
            .ToList();
        Assert.That(files, Has.Count.GreaterThan(300));
        var offenders = files.SelectMany(file => BraceScan.Offenders(File.ReadAllLines(Repository.Path(file))).Select(line => $"{file}:{line}"));
        Assert.That(offenders, Is.Empty);
    }

    [TestCase("if (a)|{|    b();|}", new[] { 1 })]
    [TestCase("if (a)|    b();", new int[0])]
    [TestCase("    foreach (var a in b)|    {|        c(')');|    }", new[] { 1 })]
    [TestCase("await using (a)|{|    b();|}", new[] { 1 })]
    [TestCase("if (a)|    b();|else|{|    c();|}", new[] { 3 })]
    [TestCase("if (a)|{|    b();|}|else if (b)|{|    c();|}|else|{|    d();|}", new[] { 1, 5, 9 })]
    [TestCase("if (a)|{|    b();|}|else|{|    c();|    d();|}", new int[0])]
    [TestCase("if (a)|{|    b();|}|else if (c|    && d)|{|    e();|}", new int[0])]
    [TestCase("if (a|    && b)|{|    c();|}", new int[0])]
    [TestCase("if (a)|{|    // Why.|    b();|}", new int[0])]
    [TestCase("if (a)|{|    if (b)|    {|        c();|    }|}", new[] { 3 })]
    [TestCase("while (a)|{|}", new int[0])]
    [TestCase("void A()|{|    b();|}", new int[0])]
    public void The_scan_finds_them_and_nothing_else(string code, int[] lines) =>
        Assert.That(BraceScan.Offenders(code.Split('|')), Is.EqualTo(lines));
}
