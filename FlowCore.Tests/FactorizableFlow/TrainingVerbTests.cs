using System.Numerics;
using System.Text.Json;
using CommandLine;
using FactorizableFlow.Application;
using FactorizableFlow.Training;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Tests.Cli;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class TrainingVerbTests
{
    private const string Config = """
        paths:
          kin_model: kin.pt
          kin_base_model: kin.pt
          kin_residual_model: residuals/kin.safetensors
        generator: &nominal
          center_A: [-0.5, 0]
          center_B: [0.5, 0]
          sigma_A: [0.9, 0.6]
          sigma_B: [0.6, 0.4]
          sigmoid_y: false
        generator_up:
          <<: *nominal
          variation_shift: 1
        generator_narrow:
          <<: *nominal
          variation_squeeze: 1
        kin_systematics:
          - {generator: generator_up, m: [1, 0]}
          - {generator: generator_narrow, m: [0, 1]}
        residual_kin_model:
          features_dim: 2
          context_dim: 2
          num_nuisances: 2
          num_residual_layers: 1
          hidden_features: [8]
        training:
          kin: {batch_size: 64, nepochs: 1, steps_per_epoch: 3, lr: 0.01, validation_events: 200}
        validation: {events: 500, points: [[0, 0], [1, -0.5]]}
        """;

    private const string KinFlowSection = "\nkin_flow: {features: 2, context: 2, bins: 8, transforms: 1, hidden_features: [8], bound: 7, slope: 0.01}\n";

    private TemporaryFolder _folder = null!;

    private string ConfigFile => _folder.File("study.yaml");

    private string Residual => _folder.File("residuals/kin.safetensors");

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        File.WriteAllText(ConfigFile, Config);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void A_residual_is_trained_on_a_base_of_torch_save_and_validated_on_it()
    {
        using var flow = KinFlow<float>();
        PyTorchStateDict.Write(_folder.File("kin.pt"), new TensorArchive(StateDictionary.Write(flow)));
        var output = Train();
        var description = ModelFile.Describe(Residual);
        using var training = JsonDocument.Parse(description.Training!);
        using var closure = Validate();
        JsonElement[] rows = [.. closure.RootElement.EnumerateArray()];
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain("kin.pt does not say").And.Contains("5 and 0.001 are taken").And.Contains("no kin_flow"));
            Assert.That(description.BaseHash, Is.EqualTo(ModelFile.BaseHash(flow)));
            Assert.That(training.RootElement.GetProperty("base").GetString(), Is.EqualTo("../kin.pt"));
            Assert.That(
                rows.Select(row => row.GetProperty("model").GetString()), Is.EqualTo(new[] { "kin", "kin_residual", "kin_residual" }));

            // The residual is the identity at ν = 0, and the events are the same.
            Assert.That(rows[1].GetProperty("kl").GetDouble(), Is.EqualTo(rows[0].GetProperty("kl").GetDouble()));
        });
    }

    [Test]
    public void A_residual_is_the_same_on_a_base_of_torch_save_and_on_its_import()
    {
        using var flow = KinFlow<float>();
        PyTorchStateDict.Write(_folder.File("kin.pt"), new TensorArchive(StateDictionary.Write(flow)));
        Train();
        var direct = SafetensorsFile.Read(Residual);
        CliRun.Succeed("import", _folder.File("kin.pt"), "-o", _folder.File("kin.safetensors"));
        var output = Train("--force");
        var imported = SafetensorsFile.Read(Residual);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Not.Contain("does not say"));
            Assert.That(ModelFile.Describe(imported).Architecture, Is.EqualTo(ModelFile.Describe(direct).Architecture));
            Assert.That(imported.Select(tensor => tensor.Name), Is.EqualTo(direct.Select(tensor => tensor.Name)));
            foreach (var tensor in direct)
                Assert.That(imported[tensor.Name].Bytes.Span.SequenceEqual(tensor.Bytes.Span), tensor.Name);
        });
    }

    [Test]
    public void What_a_base_of_torch_save_does_not_say_the_config_does()
    {
        File.WriteAllText(ConfigFile, Config + KinFlowSection);
        using var flow = KinFlow<float>(bound: 7, slope: 0.01);
        PyTorchStateDict.Write(_folder.File("kin.pt"), new TensorArchive(StateDictionary.Write(flow)));
        var output = Train();
        using var closure = Validate();
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Contain("7 and 0.01 are taken, from kin_flow of"));
            Assert.That(ModelFile.Describe(Residual).BaseHash, Is.EqualTo(ModelFile.BaseHash(flow)));
            Assert.That(closure.RootElement.GetArrayLength(), Is.EqualTo(3));
        });
    }

    [Test]
    public void A_residual_on_a_base_in_double_opens_in_either_precision()
    {
        using var flow = KinFlow<double>();
        PyTorchStateDict.Write(_folder.File("kin.pt"), new TensorArchive(StateDictionary.Write(flow)));
        Train();
        using var closure = Validate();
        NpyFile.Write(_folder.File("x.npy"), TensorData.Create<double>("x", [3, 2], [0, 0.5, -1, 0.1, 1.5, -0.3]));
        double[] LogProb(string name, params string[] more)
        {
            CliRun.Succeed(["log-prob", Residual, "--x", _folder.File("x.npy"), "--context", "1,0", "--nu", "1,-0.5", "-o", _folder.File(name), .. more]);
            return NpyFile.Read(_folder.File(name)).ToArray<double>();
        }

        var exact = LogProb("double.npy", "--double");
        Assert.Multiple(() =>
        {
            Assert.That(closure.RootElement.GetArrayLength(), Is.EqualTo(3));

            // A few hundred roundings of 6e-8 in numbers of order 1 to 10.
            Assert.That(LogProb("float.npy"), Is.EqualTo(exact).Within(1e-4));
        });
    }

    [Test]
    public void A_base_that_is_missing_or_none_is_one_sentence()
    {
        string[] command = ["train-systematics", "-c", ConfigFile, "-s", "train_kin"];
        Assert.That(
            StudyRun.Fail(ExitCode.Failure, command),
            Does.Contain("The kin base model").And.Contains("does not exist").And.Contains("train-base-flows"));
        KnownModels.Save(_folder.Path);
        File.Move(_folder.File("kin_residual.safetensors"), _folder.File("kin.safetensors"), overwrite: true);
        Assert.That(StudyRun.Fail(ExitCode.Failure, command), Does.Contain("Expected a flow, the file holds a residual"));
        Assert.That(File.Exists(Residual), Is.False);
    }

    [TestCase]
    [TestCase("--force")]
    [TestCase("--resume")]
    public void A_model_that_another_run_trains_is_left_alone(params string[] flags)
    {
        File.WriteAllText(ConfigFile, Config + KinFlowSection);
        File.WriteAllText(_folder.File("kin.checkpoint.safetensors"), "the other run's checkpoint");
        File.WriteAllText(_folder.File("kin.history.jsonl"), "the other run's history");
        if (flags.Length > 0)
            File.WriteAllText(_folder.File("kin.safetensors"), "the model before");

        var before = Contents();
        using (ModelLock.Take(_folder.File("kin.safetensors")))
        {
            Assert.That(
                StudyRun.Fail(ExitCode.Failure, TrainBase(flags)),
                Does.Contain("kin.safetensors is being trained already").And.Contains("kin.lock"));
            Assert.That(_folder.Names(), Does.Contain("kin.lock"));
        }

        Assert.That(Contents(), Is.EqualTo(before));
    }

    [Test]
    public void A_run_holds_its_model_from_its_start_to_its_end()
    {
        File.WriteAllText(ConfigFile, Config + KinFlowSection);
        using var stop = new CancellationTokenSource();
        using StringWriter output = new(), error = new();
        var first = Task.Run(() => StudyApplication.Run(
            TrainBase("--nepochs", "1000000"), new ConsoleReporter(output, error, isTerminal: false), output, error, stop.Token));
        try
        {
            Assert.That(() => File.Exists(_folder.File("kin.checkpoint.safetensors")), Is.True.After(60_000, 20));
            Assert.That(StudyRun.Fail(ExitCode.Failure, TrainBase()), Does.Contain("is being trained already"));
        }
        finally
        {
            stop.Cancel();
        }

        Assert.That(first.Result, Is.EqualTo(ExitCode.Cancelled), error.ToString());
        Assert.That(_folder.Names(), Is.EqualTo(new[] { "kin.checkpoint.history.jsonl", "kin.checkpoint.safetensors", "study.yaml" }));

        // The lines of one run: each epoch once, one after the other.
        int[] epochs =
        [
            .. File.ReadLines(_folder.File("kin.checkpoint.history.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
                .Where(line => line.GetProperty("type").GetString() == "epoch").Select(line => line.GetProperty("epoch").GetInt32()),
        ];
        Assert.That(epochs, Is.EqualTo(Enumerable.Range(0, epochs.Length)));
    }

    [Test]
    public void A_lock_that_a_killed_run_left_keeps_nobody_away()
    {
        File.WriteAllText(ConfigFile, Config + KinFlowSection);
        File.WriteAllText(_folder.File("kin.lock"), "");
        StudyRun.Succeed(TrainBase());
        Assert.That(_folder.Names(), Is.EqualTo(new[] { "kin.history.jsonl", "kin.safetensors", "study.yaml" }));
    }

    [Test]
    public void Models_go_to_the_folder_that_is_named_and_those_of_the_config_stay()
    {
        File.WriteAllText(ConfigFile, Config + KinFlowSection);
        File.WriteAllText(_folder.File("kin.safetensors"), "the model that is there");
        var mine = _folder.File("mine");
        StudyRun.Succeed(TrainBase("--models-dir", mine));
        Assert.That(Directory.GetFiles(mine).Select(Path.GetFileName).Order(), Is.EqualTo(new[] { "kin.history.jsonl", "kin.safetensors" }));
        Assert.That(File.ReadAllText(_folder.File("kin.safetensors")), Is.EqualTo("the model that is there"));
        Assert.That(StudyRun.Fail(ExitCode.Failure, TrainBase("--models-dir", mine)), Does.Contain("already there"));
    }

    [Test]
    public void A_folder_that_takes_no_lock_is_one_sentence()
    {
        // A folder of that name: nobody can open it as a file.
        Directory.CreateDirectory(_folder.File("kin.lock"));
        File.WriteAllText(ConfigFile, Config + KinFlowSection);
        var sentence = StudyRun.Fail(ExitCode.Failure, TrainBase());
        Assert.That(sentence, Does.Contain("cannot be trained").And.Contains("kin.lock").And.Contains("(access is denied)"));
    }

    private static Flow<T> KinFlow<T>(double bound = 5, double slope = 1e-3)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        NeuralSplineFlow.Create<T>(new NeuralSplineFlowSettings
        {
            Features = 2,
            ContextFeatures = 2,
            Transforms = 1,
            HiddenSizes = [8],
            Bound = bound,
            Slope = slope,
            Seed = 3,
        });

    private string Train(params string[] more) => StudyRun.Succeed(["train-systematics", "-c", ConfigFile, "-s", "train_kin", .. more]);

    private string[] TrainBase(params string[] flags) => ["train-base-flows", "-c", ConfigFile, "-s", "train_kin", .. flags];

    private string[] Contents() => [.. _folder.Names().Select(name => $"{name}: {File.ReadAllText(_folder.File(name))}")];

    private JsonDocument Validate()
    {
        var output = StudyRun.Succeed("validate-flows", "-c", ConfigFile, "--sys-cfg", ConfigFile, "--out-dir", _folder.File("results"));
        if (!File.Exists(_folder.File("kin.safetensors")))
            Assert.That(output, Does.Contain("kin.pt does not say the bound and the slope of its transforms"), "every assumption is printed");
        return JsonDocument.Parse(File.ReadAllText(_folder.File("results/closure.json")));
    }
}
