using CommandLine;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>Runs command lines of a program as its process would.</summary>
/// <param name="run">The program.</param>
/// <param name="isExpected">Lines of the error stream that a success may have; null for none.</param>
internal sealed class CommandRun(
    Func<IReadOnlyList<string>, ConsoleReporter, TextWriter, TextWriter, CancellationToken, int> run, Predicate<string>? isExpected = null)
{
    /// <summary>Runs a command line.</summary>
    public (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var reporter = new ConsoleReporter(output, error, isTerminal: false);
        var code = run(args, reporter, output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command line that must succeed without a word on the error stream that is not expected.</summary>
    public string Succeed(params string[] args)
    {
        (var code, var output, var error) = Run(args);
        Assert.Multiple(() =>
        {
            var unexpected = error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => isExpected?.Invoke(line) != true);
            Assert.That(unexpected, Is.Empty);
            Assert.That(code, Is.Zero);
        });
        return output;
    }

    /// <summary>Runs a command line that must fail with one sentence, which is returned.</summary>
    public string Fail(int code, params string[] args)
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
