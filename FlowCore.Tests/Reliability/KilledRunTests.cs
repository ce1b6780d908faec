using CommandLine;
using FactorizableFlow.Application;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Tests.FactorizableFlow;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>What a run leaves at the moments at which it can be killed, and what --resume makes of it.</summary>
[TestFixture]
internal sealed class KilledRunTests
{
    private TemporaryFolder _folder = null!;

    private string Model => _folder.File("kin.safetensors");

    private string Checkpoint => _folder.File("kin.checkpoint.safetensors");

    private string History => _folder.File("kin.history.jsonl");

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        File.WriteAllText(_folder.File("study.yaml"), Attack.Specimens.Config);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_forced_run_that_is_stopped_at_once_is_what_resume_goes_on_with()
    {
        StudyRun.Succeed(Train("--seed", "11"));
        var (old, oldHistory) = (File.ReadAllBytes(Model), File.ReadAllBytes(History));
        Assert.That(Stopped("--force"), Is.EqualTo(ExitCode.Cancelled));

        // Nothing of the old model is gone, and the new run has begun.
        Assert.That(File.ReadAllBytes(Model), Is.EqualTo(old));
        Assert.That(File.ReadAllBytes(History), Is.EqualTo(oldHistory));
        Assert.That(File.Exists(Checkpoint));

        Assert.That(StudyRun.Succeed(Train("--resume")), Does.Not.Contain("nothing to resume"));
        var resumed = File.ReadAllBytes(Model);
        StudyRun.Succeed(Train("--force"));
        Assert.That(resumed, Is.EqualTo(File.ReadAllBytes(Model)));
        Assert.That(_folder.Names(), Is.EqualTo(new[] { "kin.history.jsonl", "kin.safetensors", "study.yaml" }));
    }

    [Test]
    public void A_fresh_run_does_not_replace_the_state_of_an_interrupted_one()
    {
        Assert.That(Stopped(), Is.EqualTo(ExitCode.Cancelled));
        var state = File.ReadAllBytes(Checkpoint);
        Assert.That(StudyRun.Fail(ExitCode.Failure, Train()), Does.Contain("interrupted run").And.Contains("--resume").And.Contains("--force"));
        Assert.That(File.ReadAllBytes(Checkpoint), Is.EqualTo(state));
    }

    [Test]
    public void A_run_killed_between_its_model_and_its_history_is_completed_by_resume()
    {
        // The model has its name; the history and the checkpoint have not been moved yet.
        StudyRun.Succeed(Train("--seed", "11"));
        var oldHistory = File.ReadAllBytes(History);
        Assert.That(Stopped("--force"), Is.EqualTo(ExitCode.Cancelled));
        StudyRun.Succeed(Train("--resume"));
        var (whole, history) = (File.ReadAllBytes(Model), File.ReadAllText(History));
        Assert.That(history, Is.Not.EqualTo(oldHistory));
        var first = history.Split('\n')[0];

        Assert.That(Stopped("--force"), Is.EqualTo(ExitCode.Cancelled));
        StudyRun.Succeed(Train("--resume"));
        Assert.That(File.ReadAllBytes(Model), Is.EqualTo(whole));

        // Another run of the same settings has an identity of its own.
        Assert.That(first, Does.Contain("\"run_id\""));
        Assert.That(File.ReadAllText(History).Split('\n')[0], Is.Not.EqualTo(first));
    }

    [Test]
    public void A_checkpoint_and_its_history_name_the_same_run()
    {
        Assert.That(Stopped(), Is.EqualTo(ExitCode.Cancelled));
        var identity = SafetensorsFile.Read(Checkpoint).Metadata["run_id"];
        Assert.That(File.ReadAllText(_folder.File("kin.checkpoint.history.jsonl")), Does.StartWith($"{{\"type\":\"run\",\"run_id\":\"{identity}\""));
        StudyRun.Succeed(Train("--resume"));
        Assert.That(File.ReadAllText(History), Does.StartWith($"{{\"type\":\"run\",\"run_id\":\"{identity}\""));
        Assert.That(ModelFile.Describe(Model).Kind, Is.EqualTo("flow"));
    }

    private int Stopped(params string[] flags)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using StringWriter output = new(), error = new();
        return StudyApplication.Run(Train(flags), new ConsoleReporter(output, error, isTerminal: false), output, error, stop.Token);
    }

    private string[] Train(params string[] flags) => ["train-base-flows", "-c", _folder.File("study.yaml"), "-s", "train_kin", .. flags];
}
