using FactorizableFlow.Application;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

/// <summary>Runs command lines of the study as its process would.</summary>
internal static class StudyRun
{
    /// <summary>Runs a command line.</summary>
    public static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var reporter = new ConsoleReporter(output, error, isTerminal: false);
        var code = StudyApplication.Run(args, reporter, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command line that must succeed without a word on the error stream, but for the warning that a residual of a few steps deserves.</summary>
    public static string Succeed(params string[] args)
    {
        (var code, var output, var error) = Run(args);
        Assert.Multiple(() =>
        {
            var unexpected = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("Warning: The residual is closer to no response", StringComparison.Ordinal));
            Assert.That(unexpected, Is.Empty);
            Assert.That(code, Is.Zero);
        });
        return output;
    }

    /// <summary>Runs a command line that must fail with one sentence, which is returned.</summary>
    public static string Fail(int code, params string[] args)
    {
        (var actual, _, var error) = Run(args);
        var sentence = error.TrimEnd('\n', '\r');
        Assert.Multiple(() =>
        {
            Assert.That(actual, Is.EqualTo(code));
            Assert.That(sentence, Is.Not.Empty.And.Not.Contains("\n").And.Not.Contains("   at ").And.Not.Contains("Exception"));
            Assert.That(sentence, Does.Match("[.?!]$"));
        });
        return sentence;
    }
}
