using System.Text.RegularExpressions;
using NUnit.Framework;

namespace FlowCore.Tests.Programs;

/// <summary>What every program of the samples folder does with a command line, whatever it is for.</summary>
[TestFixture]
[NonParallelizable]
internal sealed partial class SampleProgramLaws
{
    private static SampleProgram[] Programs => [.. SampleProgram.All()];

    [Test]
    public void The_programs_are_found() => Assert.That(Programs.Select(program => program.ToString()), Does.Contain("QuickStart").And.Contain("Mbank").And.Contain("FlowCore.Cli"));

    [TestCaseSource(nameof(Programs))]
    public void Help_says_how_a_program_is_called(SampleProgram program)
    {
        var (code, output, error) = program.Run("--help");
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero);
            Assert.That(output, Does.Contain("Usage:"));
            Assert.That(error, Is.Empty);
        });
    }

    [TestCaseSource(nameof(Programs))]
    public void What_a_program_does_not_know_is_one_sentence_without_a_trace(SampleProgram program)
    {
        AssertRefused(program, "--no-such-flag");
        AssertRefused(program, "--no-such-flag", "3");
        AssertRefused(program, "no-such-verb", "--no-such-flag");
    }

    [TestCaseSource(nameof(Programs))]
    public void Every_verb_explains_itself_and_refuses_what_it_does_not_know(SampleProgram program)
    {
        if (!program.IsOnCommandLine)
            Assert.That(program.Run().Code, Is.Not.Zero, "nothing to do");
        foreach (var verb in Verbs(program))
        {
            var (code, output, error) = program.Run(verb, "--help");
            Assert.Multiple(() =>
            {
                Assert.That(code, Is.Zero, verb);
                Assert.That(output, Does.Contain("Usage:").And.Contain(verb));
                Assert.That(error, Is.Empty, verb);
            });
            AssertRefused(program, verb, "--no-such-flag");
        }
    }

    // The lines of the help between "Commands:" and the next empty line.
    private static IEnumerable<string> Verbs(SampleProgram program)
    {
        var lines = program.Run("--help").Output.Split('\n').Select(line => line.TrimEnd('\r')).SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length > 0);
        return lines.Select(line => VerbName().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
    }

    private static void AssertRefused(SampleProgram program, params string[] words)
    {
        var (code, output, error) = program.Run(words);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Not.Zero, string.Join(' ', words));
            Assert.That(output, Is.Empty);
            Assert.That(error.TrimEnd('\n', '\r'), Is.Not.Empty.And.Not.Contains("\n").And.Not.Contains("   at ").And.Not.Contains("Exception"));
            Assert.That(error.TrimEnd('\n', '\r'), Does.Match("[.?!]$"));
        });
    }

    // Two blanks, the name, and then its arguments or its description.
    [GeneratedRegex("^  ([a-z][a-z0-9-]*)")]
    private static partial Regex VerbName();
}
