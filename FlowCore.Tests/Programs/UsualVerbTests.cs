using CommandLine;
using NUnit.Framework;

namespace FlowCore.Tests.Programs;

/// <summary>Verbs that need not be named, and lines of studies on their way to a reporter.</summary>
[TestFixture]
internal sealed class UsualVerbTests
{
    [TestCase("", "page")]
    [TestCase("--steps 3", "page --steps 3")]
    [TestCase("page --steps 3", "page --steps 3")]
    [TestCase("other", "other")]
    [TestCase("--help", "--help")]
    [TestCase("--version", "--version")]
    public void The_usual_verb_is_put_in_where_none_stands(string words, string completed) =>
        Assert.That(UsualVerb.Complete(Split(words), "page"), Is.EqualTo(Split(completed)));

    [TestCase("", "draw")]
    [TestCase("folder", "draw folder")]
    [TestCase("draw folder", "draw folder")]
    [TestCase("--help", "draw --help")]
    [TestCase("help", "draw --help")]
    [TestCase("--version", "--version")]
    public void The_only_verb_is_put_in_front_of_all(string words, string completed) =>
        Assert.That(UsualVerb.Only(Split(words), "draw"), Is.EqualTo(Split(completed)));

    [Test]
    public void Lines_arrive_as_they_were_written()
    {
        using StringWriter output = new(), error = new();
        using (var writer = new ReporterWriter(new ConsoleReporter(output, error, isTerminal: false)))
        {
            writer.Write("a");
            writer.WriteLine(1.5);
            writer.WriteLine();
            writer.Write("b\r\nc");
        }

        Assert.That(output.ToString(), Is.EqualTo(string.Join(Environment.NewLine, "a1.5", "", "b", "c", "")));
    }

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
