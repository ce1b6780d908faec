using System.Numerics;
using System.Text.Json;
using FactorizableFlow.Application;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.IO;
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
        using Flow<float> flow = KinFlow<float>();
        PyTorchStateDict.Write(_folder.File("kin.pt"), StateDictionary.Write(flow));
        string output = Train();
        ModelDescription description = ModelFile.Describe(Residual);
        using var training = JsonDocument.Parse(description.Training!);
        using JsonDocument closure = Validate();
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
        using Flow<float> flow = KinFlow<float>();
        PyTorchStateDict.Write(_folder.File("kin.pt"), StateDictionary.Write(flow));
        Train();
        TensorArchive direct = SafetensorsFile.Read(Residual);
        StudyRun.Succeed("import", _folder.File("kin.pt"), "-o", _folder.File("kin.safetensors"));
        string output = Train("--force");
        TensorArchive imported = SafetensorsFile.Read(Residual);
        Assert.Multiple(() =>
        {
            Assert.That(output, Does.Not.Contain("does not say"));
            Assert.That(ModelFile.Describe(imported).Architecture, Is.EqualTo(ModelFile.Describe(direct).Architecture));
            Assert.That(imported.Select(tensor => tensor.Name), Is.EqualTo(direct.Select(tensor => tensor.Name)));
            foreach (TensorData tensor in direct)
            {
                Assert.That(imported[tensor.Name].Bytes.Span.SequenceEqual(tensor.Bytes.Span), tensor.Name);
            }
        });
    }

    [Test]
    public void What_a_base_of_torch_save_does_not_say_the_config_does()
    {
        File.WriteAllText(
            ConfigFile, Config + "\nkin_flow: {features: 2, context: 2, bins: 8, transforms: 1, hidden_features: [8], bound: 7, slope: 0.01}\n");
        using Flow<float> flow = KinFlow<float>(bound: 7, slope: 0.01);
        PyTorchStateDict.Write(_folder.File("kin.pt"), StateDictionary.Write(flow));
        string output = Train();
        using JsonDocument closure = Validate();
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
        using Flow<double> flow = KinFlow<double>();
        PyTorchStateDict.Write(_folder.File("kin.pt"), StateDictionary.Write(flow));
        Train();
        using JsonDocument closure = Validate();
        NpyFile.Write(_folder.File("x.npy"), TensorData.Create<double>("x", [3, 2], [0, 0.5, -1, 0.1, 1.5, -0.3]));
        double[] LogProb(string name, params string[] more)
        {
            StudyRun.Succeed(["log-prob", Residual, "--x", _folder.File("x.npy"), "--context", "1,0", "--nu", "1,-0.5", "-o", _folder.File(name), .. more]);
            return NpyFile.Read(_folder.File(name)).ToArray<double>();
        }

        double[] exact = LogProb("double.npy", "--double");
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

    private JsonDocument Validate()
    {
        StudyRun.Succeed("validate-flows", "-c", ConfigFile, "--sys-cfg", ConfigFile, "--out-dir", _folder.File("results"));
        return JsonDocument.Parse(File.ReadAllText(_folder.File("results/closure.json")));
    }
}
