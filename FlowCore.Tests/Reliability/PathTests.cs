using CommandLine;
using FlowCore.IO;
using FlowCore.Tests.Cli;
using FlowCore.Tests.FactorizableFlow;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Places of results that cannot be: refused before any work, in every verb, with nothing changed.</summary>
[TestFixture]
internal sealed class PathTests
{
    private TemporaryFolder _folder = null!;

    private string Model => _folder.File("kin.safetensors");

    private static IEnumerable<string[]> Verbs() =>
    [
        ["sample", "@kin.safetensors", "--n", "5", "--context", "1,0", "--force"],
        ["log-prob", "@kin.safetensors", "--x", "@x.npy", "--context", "1,0", "--force"],
        ["export", "@kin.safetensors", "--force"],
    ];

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        KnownModels.Save(_folder.Path);
        NpyFile.Write<float>(_folder.File("x.npy"), [5, 2], new float[10]);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(nameof(Verbs))]
    public void A_result_never_replaces_what_its_command_reads(string[] verb)
    {
        var before = File.ReadAllBytes(Model);
        Assert.That(CliRun.Fail(ExitCode.Failure, Command(verb, Model)), Does.Contain("is read by this command"));
        Assert.That(CliRun.Fail(ExitCode.Failure, Command(verb, Path.Combine(_folder.Path, ".", "kin.safetensors"))), Does.Contain("is read by this command"));
        File.CreateSymbolicLink(_folder.File("link.safetensors"), Model);
        Assert.That(CliRun.Fail(ExitCode.Failure, Command(verb, _folder.File("link.safetensors"))), Does.Contain("is read by this command"));
        Assert.That(File.ReadAllBytes(Model), Is.EqualTo(before));
    }

    // It writes figures, and looks at the extension first.
    [Test]
    public void A_figure_never_replaces_what_its_command_reads()
    {
        string[] verb = ["compare", "@x.npy", "--model", "@kin.safetensors", "--context", "1,0", "--force"];
        var before = File.ReadAllBytes(Model);
        Assert.That(CliRun.Fail(ExitCode.Usage, Command(verb, Model)), Does.Contain("must name a .svg file"));
        File.CreateSymbolicLink(_folder.File("link.svg"), Model);
        Assert.That(CliRun.Fail(ExitCode.Failure, Command(verb, _folder.File("link.svg"))), Does.Contain("is read by this command"));
        Directory.CreateDirectory(_folder.File("results.svg"));
        Assert.That(CliRun.Fail(ExitCode.Failure, Command(verb, _folder.File("results.svg"))), Does.Contain("this name is a folder"));
        Assert.That(CliRun.Fail(ExitCode.Usage, Command(verb, "")), Does.Contain("--output"));
        Assert.That(File.ReadAllBytes(Model), Is.EqualTo(before));
    }

    [TestCaseSource(nameof(Verbs))]
    public void A_folder_and_no_name_are_refused_before_the_work(string[] verb)
    {
        // The export looks at the extension first.
        var isExport = verb[0] == "export";
        Directory.CreateDirectory(_folder.File("results.safetensors"));
        Assert.That(CliRun.Fail(ExitCode.Failure, Command(verb, _folder.File("results.safetensors"))), Does.Contain("this name is a folder"));
        Assert.That(CliRun.Fail(isExport ? ExitCode.Usage : ExitCode.Failure, Command(verb, "/")), Does.Contain("'/'"));
        Assert.That(CliRun.Fail(ExitCode.Usage, Command(verb, "")), Does.Contain("--output"));
    }

    [TestCase("kin_model: ''", "'paths.kin_model' must be the path of a file, but it is empty")]
    [TestCase("kin_model: /", "'paths.kin_model' must be the path of a file, but '/' is a folder")]
    [TestCase("kin_model: .", "but '.' is a folder")]
    [TestCase("kin_model: models/", "but 'models/' is a folder")]
    [TestCase("kin_model: there", "but 'there' is a folder")]
    [TestCase("kin_model: score.pt", "'paths.score_model' must be a file of its own")]
    [TestCase("kin_model: kin_residual.pt", "'paths.kin_residual_model' must be a file of its own")]
    public void A_config_with_a_path_that_cannot_be_is_refused_with_file_line_and_key(string line, string part)
    {
        Directory.CreateDirectory(_folder.File("there"));
        var file = _folder.File("study.yaml");
        File.WriteAllText(file, Attack.Specimens.Config.Replace("kin_model: kin.safetensors", line, StringComparison.Ordinal));
        Assert.That(StudyRun.Fail(ExitCode.Failure, "train-base-flows", "-c", file), Does.Match($"^{file}, line [567]|, line 8").And.Contains(part));
    }

    [Test]
    public void The_second_sector_is_looked_at_before_the_first_is_trained()
    {
        var file = _folder.File("study.yaml");
        File.WriteAllText(file, Attack.Specimens.Config.Replace("score_model: score.safetensors", "score_model: fresh.safetensors", StringComparison.Ordinal));
        Assert.That(
            StudyRun.Fail(ExitCode.Failure, "train-base-flows", "-c", file, "-s", "train_score,train_kin"), Does.Contain("kin.safetensors is already there"));
        Assert.That(File.Exists(_folder.File("fresh.safetensors")), Is.False);
    }

    private string[] Command(string[] verb, string output) =>
        [.. verb.Select(word => word.StartsWith('@') ? _folder.File(word[1..]) : word), "-o", output];
}
