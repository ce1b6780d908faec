using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Tests.Flows;
using FlowCore.Tests.Golden;
using FlowCore.Tests.IO;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

[TestFixture]
public sealed class ExchangeTests
{
    private static readonly string[] _golden =
        ["nsf_d2_c2", "nsf_d2_c4", "nsf_d5_c0", "maf_d4_c3", "residual_d2_c2_k2_one_layer", "residual_d2_c3_k2"];

    private TemporaryFolder _folder = null!;

    private string ModelFilePath => _folder.File("model.safetensors");

    private string StatePath => _folder.File("state.pt");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(nameof(_golden))]
    public void A_reference_checkpoint_is_imported_with_nothing_else_given_and_keeps_its_densities(string name)
    {
        var golden = GoldenModel.Load(name);
        (var code, var output, var error) = Run("import", golden.StateDictionaryPath, "-o", ModelFilePath);
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("features").And.Contains("masks").And.Contains("assumed").And.Contains("Wrote"));
        using var model = ModelReader.Open<double>(ModelFilePath);
        var x = golden.Numbers<double>("x");
        var result = new double[x.Length / golden.Features];
        model.LogDensity(x, new(golden.Numbers<double>("context"), golden.Numbers<double>("nu")), result);
        var expected = golden.Numbers<double>("log_prob_f64");
        for (var i = 0; i < result.Length; i++)
        {
            // Two evaluations in double that round differently in some hundred operations.
            Assert.That(result[i], Is.EqualTo(expected[i]).Within(1e-12 * Math.Max(1, Math.Abs(expected[i]))), $"row {i}");
        }
    }

    [TestCaseSource(nameof(_golden))]
    public void A_reference_checkpoint_exported_again_has_its_names_shapes_types_and_order(string name)
    {
        var golden = GoldenModel.Load(name);
        Assert.That(Run("export", golden.StateDictionaryPath, "-o", StatePath).Code, Is.Zero);
        var original = PyTorchStateDict.Read(golden.StateDictionaryPath).Tensors;
        var exported = PyTorchStateDict.Read(StatePath).Tensors;
        Assert.That(exported.Select(Describe), Is.EqualTo(original.Select(Describe)));
    }

    [Test]
    public void A_flow_exported_and_imported_again_has_the_same_bits(
        [Values] bool spline, [Values(1, 3)] int features, [Values(".pt", ".safetensors")] string extension)
    {
        using DensityModel<float> flow = spline ? Models.Spline<float>(features, 2, randomOrder: true) : Models.Affine<float>(features, 2, passes: Math.Min(features, 2));
        AssertComesBack(flow, extension, spline ? [] : ["--activation", "tanh"]);
    }

    [Test]
    public void A_flow_in_double_stays_double()
    {
        using DensityModel<double> flow = Models.Spline<double>(2, 1);
        AssertComesBack(flow, ".pt");
        Assert.That(PyTorchStateDict.Read(StatePath).Tensors["transform.transforms.0.hyper.0.weight"].ElementType, Is.EqualTo(ElementType.Float64));
    }

    [Test]
    public void A_standardised_flow_exported_and_imported_again_has_the_same_bits()
    {
        using var flow = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings
        {
            Features = 2,
            ContextFeatures = 1,
            Bins = 4,
            Transforms = 2,
            HiddenSizes = [6],
            Bound = 8,
            AffineTransforms = 1,
            Standardization = new LocationScale([0.1, -2], [0.7, 3]),
        });
        var output = AssertComesBack(flow, ".pt", "--bound", "8");
        Assert.That(output, Does.Contain("bound=8").And.Contains("transforms.extend").And.Contains("standardization(2)"));
    }

    [Test]
    public void A_residual_becomes_one_state_dictionary_and_two_model_files_again()
    {
        using var model = Models.Factorizable<float>(2, 1, layers: 2);
        var basePath = _folder.File("elsewhere.safetensors");
        model.Base.Save(basePath);
        model.Save(ModelFilePath, """{"base": "elsewhere.safetensors"}""");
        Assert.That(Run("export", ModelFilePath, "-o", StatePath), Is.EqualTo(Run("export", ModelFilePath, "-o", StatePath, "--base", basePath, "--force")));
        Assert.That(Run("export", ModelFilePath, "-o", StatePath, "--force").Output, Does.Contain("--quadratic-damping 0.2 --cross-term-damping 0.3"));
        var again = _folder.File("again.safetensors");
        (var code, var output, var error) = Run(
            "import", StatePath, "-o", again, "--quadratic-damping", "0.2", "--cross-term-damping", "0.3");
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("(0, 1) (1, 2)").And.Contains("again.base.safetensors"));
        using var back = (FactorizableFlow<float>)ModelReader.Open(again);
        Assert.That(ContentHash.Compute(StateDictionary.Write(back)), Is.EqualTo(ContentHash.Compute(StateDictionary.Write(model))));
        Assert.That(ModelFile.BaseHash(back.Base), Is.EqualTo(ModelFile.BaseHash(model.Base)));
    }

    [Test]
    public void A_residual_in_double_opens_in_float_on_its_base_in_double()
    {
        using var model = Models.Factorizable<double>(2, 1, layers: 1);
        model.Base.Save(_folder.File("base.safetensors"));
        model.Save(ModelFilePath);
        using var opened = ModelReader.Open(ModelFilePath, basePath: _folder.File("base.safetensors"));
        Assert.That(opened.Nuisances, Is.EqualTo(3));
    }

    [TestCase("state_dict.")]
    [TestCase("module.")]
    [TestCase("base_model.")]
    public void A_wrapped_state_dictionary_is_found_and_the_rest_left_aside(string prefix)
    {
        using var flow = Models.Spline<float>(2, 1);
        var bare = StateDictionary.Write(flow);
        PyTorchStateDict.Write(StatePath, new TensorArchive(
            [.. bare.Select(tensor => tensor.Rename(prefix + tensor.Name)), TensorData.Create<float>("optimizer.state.0.exp_avg", [2], [1f, 2f])]));
        (var code, var output, var error) = Run("import", StatePath, "-o", ModelFilePath);
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain($"{prefix} (1 other"));
        using var back = ModelReader.OpenFlow<float>(ModelFilePath);
        Assert.That(ModelFile.BaseHash(back), Is.EqualTo(ModelFile.BaseHash(flow)));
    }

    [Test]
    public void A_file_of_two_models_is_refused()
    {
        using var flow = Models.Spline<float>(2, 1);
        var bare = StateDictionary.Write(flow);
        PyTorchStateDict.Write(StatePath, new TensorArchive(
            [.. bare.Select(tensor => tensor.Rename("kin." + tensor.Name)), .. bare.Select(tensor => tensor.Rename("score." + tensor.Name))]));
        AssertRefused("'kin', 'score'; --key", "import", StatePath, "-o", ModelFilePath);
    }

    [Test]
    public void What_is_there_is_kept_unless_forced()
    {
        using var flow = Models.Spline<float>(2, 1);
        PyTorchStateDict.Write(StatePath, StateDictionary.Write(flow));
        File.WriteAllText(ModelFilePath, "precious");
        AssertRefused("--force", "import", StatePath, "-o", ModelFilePath);
        Assert.That(File.ReadAllText(ModelFilePath), Is.EqualTo("precious"));
        Assert.That(Run("import", StatePath, "-o", ModelFilePath, "--force").Code, Is.Zero);
        AssertRefused("--force", "export", ModelFilePath, "-o", StatePath);
    }

    [Test]
    public void A_flow_that_zuko_does_not_have_is_refused_in_one_sentence_and_nothing_is_written()
    {
        using var flow = new Flow<float>(new StandardNormal<float>(2), new Permutation<float>([1, 0]));
        flow.Save(ModelFilePath);
        AssertRefused("Permutation", "export", ModelFilePath, "-o", StatePath);
        Assert.That(File.Exists(StatePath), Is.False);
    }

    [Test]
    public void A_residual_whose_base_is_another_or_missing_is_refused()
    {
        using var model = Models.Factorizable<float>(2, 1, layers: 1);
        model.Save(ModelFilePath);
        AssertRefused("--base", "export", ModelFilePath, "-o", StatePath);
        using var other = Models.Spline<float>(2, 1, bins: 6);
        other.Save(_folder.File("other.safetensors"));
        AssertRefused("base", "export", ModelFilePath, "-o", StatePath, "--base", _folder.File("other.safetensors"));
    }

    [TestCase("must be a number", "--bound", "wide")]
    [TestCase("must be one of", "--activation", "9")]
    [TestCase("must name a .safetensors file", "-o", "model.txt")]
    public void Flags_out_of_range_are_named(string expected, string flag, string value)
    {
        using var flow = Models.Spline<float>(2, 1);
        PyTorchStateDict.Write(StatePath, StateDictionary.Write(flow));
        string[] output = flag == "-o" ? [] : ["-o", ModelFilePath];
        Assert.That(AssertRefused(expected, ["import", StatePath, .. output, flag, value]), Is.EqualTo(ExitCode.Usage));
    }

    [Test]
    public void A_model_of_this_program_is_not_imported_again()
    {
        using var flow = Models.Spline<float>(2, 1);
        flow.Save(ModelFilePath);
        AssertRefused("already", "import", ModelFilePath, "-o", _folder.File("copy.safetensors"));
    }

    private static string Describe(TensorData tensor) => $"{tensor.Name} {tensor.ElementType} [{string.Join(", ", tensor.Shape)}]";

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CliApplication.Run(args, new ConsoleReporter(output, error, isTerminal: false), output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private static int AssertRefused(string expected, params string[] args)
    {
        (var code, _, var error) = Run(args);
        Assert.That(code, Is.Not.Zero);
        Assert.That(error, Does.Contain(expected));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        return code;
    }

    // Out to a state dictionary and back to a model file: every byte of the model file but its note on the origin.
    private string AssertComesBack<T>(DensityModel<T> model, string extension, params string[] flags)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        model.Save(ModelFilePath);
        string state = Path.ChangeExtension(StatePath, extension), again = _folder.File("again.safetensors");
        (var code, var output, var error) = Run("export", ModelFilePath, "-o", state);
        Assert.That(code, Is.Zero, error);
        (code, _, error) = Run(["import", state, "-o", again, .. flags]);
        Assert.That(code, Is.Zero, error);
        TensorArchive before = SafetensorsFile.Read(ModelFilePath), after = SafetensorsFile.Read(again);
        Assert.That(after.Select(Describe), Is.EqualTo(before.Select(Describe)));
        foreach (var tensor in before)
            Assert.That(after[tensor.Name].Bytes.Span.SequenceEqual(tensor.Bytes.Span), tensor.Name);

        Assert.That(ModelFile.Describe(again).Architecture, Is.EqualTo(ModelFile.Describe(ModelFilePath).Architecture));
        return output;
    }
}
