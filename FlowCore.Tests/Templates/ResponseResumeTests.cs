using System.Globalization;
using CommandLine;
using FlowCore.Cli;
using FlowCore.Tests.Cli;
using FlowCore.Tests.IO;
using FlowCore.Tests.Packaging;
using NUnit.Framework;

namespace FlowCore.Tests.Templates;

/// <summary>fit-response --resume: what was stopped goes on and ends in the same bytes.</summary>
[TestFixture]
internal sealed class ResponseResumeTests
{
    private static readonly string _data = Repository.Path("samples", "FlowCore.Cli", "data", "response");

    [Test]
    public void A_response_that_was_stopped_goes_on_and_ends_in_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var (whole, output) = (other.File("r.safetensors"), folder.File("r.safetensors"));
        Assert.That(CliRun.Run(Words(whole)).Code, Is.Zero);
        using (var stop = new CancellationTokenSource())
        using (StringWriter text = new(), error = new())
        {
            // The base is written before the response is trained.
            using var trigger = new StopWriter(stop, "Wrote ");
            var code = CliApplication.Run(Words(output), new ConsoleReporter(trigger, error, isTerminal: false), text, error, stop.Token);
            Assert.That(code, Is.EqualTo(ExitCode.Cancelled), error.ToString());
            Assert.That(error.ToString(), Does.Contain("--resume goes on from there"));
            Assert.That(File.Exists(output), Is.False);
        }

        Assert.That(CliRun.Run(Words(output)).Error, Does.Contain("already there"));
        var (resumed, _, sentence) = CliRun.Run([.. Words(output), "--resume"]);
        Assert.That(resumed, Is.Zero, sentence);
        Assert.That(File.ReadAllBytes(folder.File("r.base.safetensors")), Is.EqualTo(File.ReadAllBytes(other.File("r.base.safetensors"))));
        Assert.That(File.ReadAllBytes(output), Is.EqualTo(File.ReadAllBytes(whole)));
        Assert.That(CliRun.Run("inspect", output).Output, Does.Contain("weights"));
        Assert.That(Directory.GetFiles(folder.Path, "*checkpoint*"), Is.Empty);
        Assert.That(CliRun.Succeed([.. Words(output), "--resume"]), Does.Contain("is complete; nothing to resume."));
    }

    [TestCase("mass")]
    [TestCase("w")]
    public void A_nuisance_of_the_name_of_a_column_is_refused(string column)
    {
        using var folder = new TemporaryFolder();
        var words = Words(folder.File("r.safetensors"));
        words[Array.IndexOf(words, "jes,jer")] = $"{column},jer";
        Assert.That(CliRun.Fail(ExitCode.Usage, words), Does.Contain($"--nuisances names '{column}', which is a column of the rows"));
    }

    private static string[] Words(string output) =>
    [
        "fit-response", "--nominal", Path.Combine(_data, "nominal.parquet"),
        "--template", $"+1,0={Path.Combine(_data, "jes_up.parquet")}", "--template", $"0,+1={Path.Combine(_data, "jer_up.parquet")}",
        "--nuisances", "jes,jer", "--weights", "w", "--bounds", "pt=positive", "--epochs", "1", "-o", output,
    ];

    private sealed class StopWriter(CancellationTokenSource source, string line) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith(line, StringComparison.Ordinal) == true)
                source.Cancel();
        }
    }
}
