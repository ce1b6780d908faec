using System.Diagnostics;
using System.Globalization;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Mbank;

/// <summary>The program of samples/Mbank as a process of its own that gets a signal.</summary>
[TestFixture]
[Platform(Include = "Linux")]
internal sealed class MbankSignalTests
{
    // Only a machine that is stuck takes as long.
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(2);

    [Test]
    public void A_signal_ends_a_training_that_keeps_weights_and_history([Values("INT", "TERM")] string signal)
    {
        using var folder = TrainFlowTests.Prepared(300);
        // A shell that runs these tests in the background has told them to ignore SIGINT, and a child does what its parent does: env takes that back.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words =
        [
            "--default-signal=INT", "dotnet", Path.Combine(AppContext.BaseDirectory, "Mbank.dll"), "train-flow", folder.File("run.ini"),
            "--n-epochs", "10000000", "--patience", "10000000", "--learning-rate", "1e-4", "--frames", "0", "--plot", "false",
        ];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        try
        {
            // An epoch in the history's file: the training has begun.
            var history = Path.Combine(folder.File("results"), "history.jsonl");
            var began = SpinWait.SpinUntil(() => process.HasExited || (File.Exists(history) && File.ReadAllText(history).Contains("\"type\":\"epoch\"", StringComparison.Ordinal)), _longest);
            Assert.That(began && !process.HasExited, process.HasExited ? process.StandardError.ReadToEnd() : "it does not begin");
            using (var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process.Id}")]))
                kill.WaitForExit();
            var (rest, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            Assert.That(process.WaitForExit(_longest), "it ends");
            Assert.That(process.ExitCode, Is.EqualTo(130), error.Result);
            Assert.That(rest.Result, Does.StartWith("300 rows of 2 features").And.Contain("Stopped after ").And.Contain("weights and history are those of that moment"));
            Assert.That(TrainingHistory.Read(history).Epochs, Has.Count.GreaterThan(0));
            Assert.That(File.ReadLines(history).Last(), Is.EqualTo("{\"type\":\"end\",\"outcome\":\"cancelled\"}"));
            using var flow = StateDictionary.ReadFlow<float>(PyTorchStateDict.Read(Path.Combine(folder.File("results"), "weights.zip")).Tensors);
            var density = new float[1];
            flow.LogDensity([0.5f, 0.1f], density);
            Assert.That(float.IsFinite(density[0]));
        }
        finally
        {
            process.Kill();
        }
    }
}
