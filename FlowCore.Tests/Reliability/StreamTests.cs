using CommandLine;
using FactorizableFlow.Application;
using FlowCore.Cli;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Standard streams that cannot be written to.</summary>
[TestFixture]
internal sealed class StreamTests
{
    [Test]
    public void A_progress_line_that_cannot_be_written_ends_no_training()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("study.yaml"), Attack.Specimens.Config);
        using var broken = new FullWriter();
        var code = StudyApplication.Run(
            ["train-base-flows", "-c", folder.File("study.yaml"), "-s", "train_kin"],
            new ConsoleReporter(broken, broken, isTerminal: false),
            broken,
            broken,
            CancellationToken.None);
        Assert.That(code, Is.Zero);
        Assert.That(File.Exists(folder.File("kin.safetensors")));
    }

    [Test]
    public void A_refusal_that_cannot_be_told_is_still_a_refusal()
    {
        using var broken = new FullWriter();
        Assert.That(
            CliApplication.Run(["inspect", "none"], new ConsoleReporter(broken, broken, isTerminal: false), broken, broken, CancellationToken.None),
            Is.EqualTo(ExitCode.Failure));
    }

    [Test]
    public void What_was_lost_is_known_afterwards()
    {
        using var inner = new FullWriter();
        using var guarded = new GuardedWriter(inner);
        guarded.WriteLine("a");
        guarded.Write('b');
        Assert.That(guarded.Problem, Is.EqualTo("No space left on device"));
    }

    private sealed class FullWriter : TextWriter
    {
        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device.");
    }
}
