using System.Globalization;
using FlowCore.Compute;
using FlowCore.Distributions;
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

/// <summary>Files as people have them: each is read with the right numbers, or refused in a sentence that says what it is.</summary>
[TestFixture]
public sealed class StrangersFilesTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCase("zuko14_nsf", "--slope", "1e-4")]
    [TestCase("zuko15_nsf")]
    public void The_slope_of_a_version_is_set_by_a_flag_and_the_densities_are_those_of_Python(string name, params string[] flags)
    {
        var output = CliRun.Succeed(["log-prob", Case($"{name}.pt"), "--x", Case("x.npy"), "--context", Case("c.npy"), "-o", _folder.File("o.npy"), "--double", .. flags]);
        var expected = NpyFile.Read(Case($"{name}.expected.npy")).ToArray<double>();
        var actual = NpyFile.Read(_folder.File("o.npy")).ToArray<double>();

        // Python computed in single precision, where a steep spline costs some 1e-4; the slope of the other version is off by up to 3.
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(5e-4), $"row {i}");

        Assert.That(output, flags.Length == 0 ? Does.Contain("1.0.1 to 1.4.1 had 0.0001") : Does.Not.Contain("0.0001"));
    }

    [Test]
    public void A_circular_flow_whose_base_has_numbers_for_names_is_known_by_its_box()
    {
        CliRun.Succeed("log-prob", Case("zuko15_ncsf.pt"), "--x", Case("x_ring.npy"), "-o", _folder.File("o.npy"), "--double");
        var expected = NpyFile.Read(Case("zuko15_ncsf.expected.npy")).ToArray<double>();
        var actual = NpyFile.Read(_folder.File("o.npy")).ToArray<double>();

        // Python computed in single precision.
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(5e-4), $"row {i}");
    }

    [Test]
    public void Every_verb_says_what_it_assumed_and_takes_the_flag_that_sets_it([Values("log-prob", "sample", "inspect", "compare", "import")] string verb)
    {
        string[] arguments = verb switch
        {
            "log-prob" => [verb, Case("zuko15_nsf.pt"), "--x", Case("x.npy"), "--context", "0.5", "-o", _folder.File("o.npy")],
            "sample" => [verb, Case("zuko15_nsf.pt"), "--n", "3", "--context", "0.5", "-o", _folder.File("o.npy")],
            "compare" => [verb, Case("x.npy"), "--model", Case("zuko15_nsf.pt"), "--context", "0.5", "-o", _folder.File("o.svg")],
            "import" => [verb, Case("zuko15_nsf.pt"), "-o", _folder.File("o.safetensors")],
            _ => [verb, Case("zuko15_nsf.pt")],
        };
        Assert.That(CliRun.Succeed(arguments), Does.Contain("bound of the splines 5 (--bound)").And.Contain("ReLU (--activation)").And.Contain("--slope"));
        string[] force = verb is "inspect" ? [] : ["--force"];
        Assert.That(
            CliRun.Succeed([.. arguments, "--bound", "4", "--activation", "elu", "--slope", "0.01", "--transformer", "spline", .. force]),
            Does.Not.Contain("so was assumed").And.Not.Contain("--bound)"));
    }

    [TestCase("beside_namespace.pt", "hyper_parameters", "argparse.Namespace(lr=")]
    [TestCase("beside_numpy_scalar.pt", "best_val_loss", "1.25")]
    [TestCase("beside_multistep.pt", "scheduler.milestones", "collections.Counter(")]
    public void What_stands_beside_a_model_is_told_and_the_model_is_that_of_the_bare_file(string name, string beside, string description)
    {
        Assert.That(CliRun.Succeed("inspect", Case(name)), Does.Contain(beside).And.Contain(description));
        Assert.That(LogDensities(Case(name)), Is.EqualTo(LogDensities(Case("model.ckpt"))));
    }

    [Test]
    public void Buffers_that_were_cast_to_float_are_what_they_were() =>
        Assert.That(LogDensities(Case("all_float.pt")), Is.EqualTo(LogDensities(Case("model.ckpt"))));

    [Test]
    public void Of_two_models_a_key_chooses_one()
    {
        AssertRefused("under the keys 'model', 'ema'; --key", "import", Case("two_models.pt"), "-o", _folder.File("o.safetensors"));
        AssertRefused("one of 'model', 'ema', got 'emma'", "import", Case("two_models.pt"), "-o", _folder.File("o.safetensors"), "--key", "emma");
        Assert.That(CliRun.Succeed("inspect", Case("two_models.pt")), Does.Contain("model, ema (--key"));
        var archive = TensorFile.Read(Case("two_models.pt"));
        foreach (var key in (string[])["model", "ema"])
        {
            var own = new TensorArchive(archive.Where(tensor => tensor.Name.StartsWith($"{key}.", StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name[(key.Length + 1)..])));
            SafetensorsFile.Write(_folder.File($"{key}.safetensors"), own);
            Assert.That(LogDensities(Case("two_models.pt"), "--key", key), Is.EqualTo(LogDensities(_folder.File($"{key}.safetensors"))));
        }
    }

    [TestCase("parameters_only.pt", "save flow.state_dict() and not its parameters")]
    public void What_is_not_supported_or_incomplete_is_called_what_it_is_by_every_verb(string name, string expected)
    {
        AssertRefused(expected, "log-prob", Case(name), "--x", Case("x.npy"), "-o", _folder.File("o.npy"));
        AssertRefused(expected, "sample", Case(name), "--n", "3", "-o", _folder.File("o.npy"));
        AssertRefused(expected, "compare", Case("x.npy"), "--model", Case(name), "-o", _folder.File("o.svg"));
        AssertRefused(expected, "import", Case(name), "-o", _folder.File("o.safetensors"));
        Assert.That(CliRun.Succeed("inspect", Case(name)), Does.Contain(expected));
    }

    [TestCase("'transform.transforms.1'", "transform.transforms.0.order:2", "transform.transforms.0.hyper.0.weight:4,2", "transform.transforms.0.hyper.0.mask:4,2", "transform.transforms.2.order:2", "transform.transforms.3.order:2", "base.loc:2")]
    [TestCase("an adjacency matrix", "transform.transforms.0.hyper.0.weight:4,2", "transform.transforms.0.hyper.0.mask:4,2", "base.loc:2")]
    [TestCase("residual blocks", "transform.transforms.0.order:2", "transform.transforms.0.hyper.0.weight:4,2", "transform.transforms.0.hyper.0.mask:4,2", "transform.transforms.0.hyper.2.f.0.weight:4,4", "base.loc:2")]
    [TestCase("remove the parametrisation", "transform.transforms.0.order:2", "transform.transforms.0.hyper.0.weight_g:4,1", "transform.transforms.0.hyper.0.weight_v:4,2", "base.loc:2")]
    [TestCase("--components", "hyper.0.weight:4,2", "hyper.0.bias:4", "hyper.2.weight:18,4", "hyper.2.bias:18")]
    [TestCase("--library", "autoregressive_net.initial_layer.weight:5,2", "autoregressive_net.final_layer.weight:4,5")]
    [TestCase("--layers", "_transform._transforms.0._weight:2,2", "_transform._transforms.0.bias:2", "_transform._transforms.2._weight:2,2", "_transform._transforms.2.bias:2")]
    [TestCase("'_transform._transforms.0.something'", "_transform._transforms.0.something:2,2")]
    [TestCase("'flows.0.iresblock.nnet.net.0.beta'", "flows.0.iresblock.nnet.net.0.beta:1", "q0.loc:1,2", "q0.log_scale:1,2")]
    [TestCase("multi-scale", "flows.0.0.s:1,2", "q0.0.loc:1,2")]
    [TestCase("jammy_flows", "layer_list.0.0.vs:1,2,2", "layer_list.0.0.kde_means:1,10,2")]
    [TestCase("before 1.0", "transforms.0.hyper.0.weight:4,2", "transforms.0.hyper.0.bias:4")]
    [TestCase("got 'conv1.weight', 'fc.bias'", "conv1.weight:4,2", "fc.bias:4")]
    public void Models_of_other_kinds_are_named(string expected, params string[] tensors)
    {
        var archive = Archive(tensors);
        Assert.That(() => StateDictionary.Read<float>(archive), Throws.TypeOf<ModelFormatException>().With.Message.Contains(expected).And.Message.EndsWith("."));
        var wrapped = new TensorArchive([.. archive.Select(tensor => tensor.Rename($"state_dict.module.{tensor.Name}")), TensorData.Create<float>("optimizer.state.0.step", [1], [1f])]);
        Assert.That(() => StateDictionary.Read<float>(wrapped), Throws.TypeOf<ModelFormatException>().With.Message.Contains(expected.Split('\'')[0]));
    }

    [Test]
    public void Seventeen_outputs_a_feature_ask_and_an_option_answers()
    {
        using var flow = Models.Spline<float>(2, 1, bins: 6);
        var bare = new TensorArchive(StateDictionary.Write(flow));
        Assert.That(() => StateDictionary.Read<float>(bare), Throws.TypeOf<ModelFormatException>().With.Message.Contains("(NSF)").And.Message.Contains("(BPF)").And.Message.Contains("--transformer"));
        using var polynomials = StateDictionary.ReadFlow<float>(bare, new StateDictionaryOptions { Transformer = StateTransformer.Bernstein });
        Assert.That(((MaskedAutoregressive<float>)((Composition<float>)polynomials.Transform).Parts[0]).Univariate, Is.TypeOf<BernsteinPolynomial<float>>());
        using var back = StateDictionary.ReadFlow<float>(bare, new StateDictionaryOptions { Transformer = StateTransformer.Spline });
        using var stated = StateDictionary.ReadFlow<float>(StateDictionary.Write(flow));
        foreach (var read in (Flow<float>[])[back, stated])
            Assert.That(ContentHash.Compute(StateDictionary.Write(read)), Is.EqualTo(ContentHash.Compute(StateDictionary.Write(flow))));
    }

    [TestCase(new double[] { -1, -2 }, new double[] { 1, 2 }, null, "--base-kind")]
    [TestCase(new double[] { -1, -2 }, new double[] { 1, 2 }, StateBase.Normal, null)]
    [TestCase(new double[] { -1, -2 }, new double[] { 1, 2 }, StateBase.Box, "NCSF")]
    [TestCase(new double[] { 3, 0 }, new double[] { 1, 2 }, null, null)]
    [TestCase(new double[] { 0, 0 }, new double[] { 1, 1 }, null, null)]
    public void A_base_whose_tensors_are_numbered_is_told_by_its_numbers_or_asks(double[] first, double[] second, StateBase? kind, string? refused)
    {
        using var flow = Models.Spline<double>(2, 0);
        var numbered = new TensorArchive(StateDictionary.Write(flow).Select(tensor => tensor.Name switch
        {
            "base.loc" => TensorData.Create<double>("base._0", [2], first),
            "base.scale" => TensorData.Create<double>("base._1", [2], second),
            _ => tensor,
        }));
        var options = new StateDictionaryOptions { Base = kind };
        if (refused is not null)
        {
            Assert.That(() => StateDictionary.ReadFlow<double>(numbered, options), Throws.TypeOf<ModelFormatException>().With.Message.Contains(refused));
            return;
        }

        using var back = StateDictionary.ReadFlow<double>(numbered, options);
        Assert.That((back.Base as DiagonalNormal<double>)?.Location ?? [0, 0], Is.EqualTo(first));
    }

    [Test]
    public void A_coupling_flow_of_zuko_has_its_numbers_and_goes_back_to_the_same_tensors()
    {
        var golden = NpzFile.Read(Case("zuko_nice.npz"));
        var state = new TensorArchive(golden.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name["param/".Length..])));
        using var flow = StateDictionary.ReadFlow<double>(state);
        var x = golden["x"].ToArray<double>();
        var rows = x.Length / 3;
        var (z, logDet, density, back) = (new double[x.Length], new double[rows], new double[rows], new double[x.Length]);
        flow.ToNoise(x, z, logDet);
        flow.LogDensity(x, density);
        AssertClose(logDet, golden["ladj"].ToArray<double>(), 1e-11);
        AssertClose(density, golden["logp"].ToArray<double>(), 1e-11);
        flow.FromNoise(golden["inv_in"].ToArray<double>(), back, logDet);
        AssertClose(back, golden["inv_out"].ToArray<double>(), 1e-10);
        Assert.That(ContentHash.Compute(new TensorArchive(StateDictionary.Write(flow))), Is.EqualTo(ContentHash.Compute(state)));
    }

    [Test]
    public void A_coupling_with_context_keeps_its_bits_though_the_columns_stand_in_another_order([Values] bool spline)
    {
        Univariate<float> univariate = spline ? new RationalQuadraticSpline<float>(new SplineSettings(5, 4, 1e-2)) : new Affine<float>(1e-2);
        using var flow = new Flow<float>(new StandardNormal<float>(3), new Composition<float>(3, [
            new Coupling<float>(univariate, [true, false, true], 2, [7], UnaryFunction.Tanh, "transform.transforms.0", new FlowCore.Random.RandomStream(3)),
            new Coupling<float>(univariate, [false, true, false], 2, [7], UnaryFunction.Tanh, "transform.transforms.1", new FlowCore.Random.RandomStream(4)),
        ]));
        var state = StateDictionary.Write(flow);
        using var back = StateDictionary.ReadFlow<float>(state);
        float[] x = [0.1f, -0.7f, 1.1f], context = [0.3f, -2];
        float[] before = [0], after = [0];
        flow.LogDensity(x, context, before);
        back.LogDensity(x, context, after);
        Assert.That(after, Is.EqualTo(before));

        // The first layer as zuko has it: the features that pass, then the context.
        var own = new float[7 * 4];
        flow.Transform.Parameters[0].Read(own);
        Assert.That(state["transform.transforms.0.hyper.0.weight"].ToArray<float>()[..4], Is.EqualTo(new[] { own[2], own[3], own[0], own[1] }));
    }

    [TestCase(".pt")]
    [TestCase(".safetensors")]
    public void An_exported_flow_is_imported_without_a_flag_and_keeps_every_density(string extension)
    {
        using var flow = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings
        {
            Features = 2,
            ContextFeatures = 1,
            Bins = 6,
            HiddenSizes = [6],
            Bound = 7,
            Slope = 1e-2,
            Activation = UnaryFunction.Silu,
            AffineTransforms = 1,
            Seed = 5,
        });
        flow.Save(_folder.File("m.safetensors"));
        var state = _folder.File($"s{extension}");
        CliRun.Succeed("export", _folder.File("m.safetensors"), "-o", state);
        Assert.That(CliRun.Succeed("import", state, "-o", _folder.File("i.safetensors")), Does.Not.Contain("so was assumed"));
        Assert.That(LogDensities(_folder.File("i.safetensors")), Is.EqualTo(LogDensities(_folder.File("m.safetensors"))));
        AssertRefused("Expected 7 as the bound of the splines, as the file states, got 5", "import", state, "-o", _folder.File("j.safetensors"), "--bound", "5");
    }

    [Test]
    public void An_export_for_an_older_zuko_has_its_names()
    {
        using var flow = Models.Spline<double>(2, 1, bins: 4);
        flow.Save(_folder.File("m.safetensors"));
        Assert.That(CliRun.Succeed("export", _folder.File("m.safetensors"), "-o", _folder.File("new.pt")), Does.Contain("zuko 1.6 and later").And.Contain(".double()"));
        Assert.That(CliRun.Succeed("export", _folder.File("m.safetensors"), "-o", _folder.File("old.pt"), "--zuko", "1.4"), Does.Contain("zuko 1.0 to 1.5").And.Contain("slope=0.001"));
        Assert.That(TensorFile.Read(_folder.File("new.pt")).Select(tensor => tensor.Name).TakeLast(2), Is.EqualTo(new[] { "base.loc", "base.scale" }));
        Assert.That(TensorFile.Read(_folder.File("old.pt")).Select(tensor => tensor.Name).TakeLast(2), Is.EqualTo(new[] { "base._0", "base._1" }));
    }

    [TestCase("ema._orig_mod.")]
    [TestCase("state_dict.flow._orig_mod.module.")]
    [TestCase("net.")]
    public void The_library_itself_takes_off_what_stands_before_the_names(string prefix)
    {
        using var flow = Models.Spline<float>(2, 1);
        var bare = StateDictionary.Write(flow);
        TensorArchive wrapped = new([
            .. bare.Select(tensor => tensor.Rename(prefix + tensor.Name.Replace("transform.transforms", "transform._orig_mod.transforms", StringComparison.Ordinal))),
            TensorData.Create<float>("n_averaged", [1], [1f])]);
        using var back = StateDictionary.ReadFlow<float>(wrapped);
        Assert.That(ContentHash.Compute(StateDictionary.Write(back)), Is.EqualTo(ContentHash.Compute(bare)));
    }

    [Test]
    public void A_tensor_that_the_model_needs_and_that_is_not_read_is_named_with_the_reason()
    {
        using var flow = Models.Spline<float>(2, 1);
        const string Name = "transform.transforms.0.hyper.2.bias";
        var state = StateDictionary.Write(flow);
        TensorArchive lacking = new(state.Where(tensor => tensor.Name != Name), state.Metadata, [new(Name, "a tensor of 'F8_E4M3'")]);
        Assert.That(() => StateDictionary.ReadFlow<float>(lacking), Throws.TypeOf<ModelFormatException>().With.Message.Contains($"'{Name}', got a tensor of 'F8_E4M3', which is not read"));
    }

    [TestCase("version https://git-lfs.github.com/spec/v1\n", "Git LFS")]
    [TestCase("", "an empty file")]
    [TestCase("training: 3\n", "got text")]
    public void Other_files_under_the_name_of_a_model_are_named(string content, string expected)
    {
        File.WriteAllText(_folder.File("m.pt"), content);
        foreach (var verb in (string[])["import", "export", "inspect"])
            AssertRefused(expected, verb == "inspect" ? [verb, _folder.File("m.pt")] : [verb, _folder.File("m.pt"), "-o", _folder.File("o.safetensors")]);
    }

    [Test]
    public void Arrays_under_another_name_are_inspected_and_are_no_models()
    {
        File.Copy(Case("x.npy"), _folder.File("x.pt"));
        Assert.That(CliRun.Succeed("inspect", _folder.File("x.pt")), Does.Contain("[200, 2]"));
        AssertRefused("an array of NumPy", "import", _folder.File("x.pt"), "-o", _folder.File("o.safetensors"));
    }

    [Test]
    public void A_bound_that_single_precision_does_not_have_is_refused()
    {
        using var flow = Models.Spline<double>(2, 0);
        var bare = new TensorArchive(StateDictionary.Write(flow));
        Assert.That(() => StateDictionary.ReadFlow<float>(bare, new StateDictionaryOptions { Bound = 1e300 }), Throws.TypeOf<ModelFormatException>());
    }

    private static string Case(string name) => GoldenFolder.File(Path.Combine("cases", name));

    private static TensorArchive Archive(string[] tensors) => new(tensors.Select(text =>
    {
        var parts = text.Split(':');
        long[] shape = [.. parts[1].Split(',').Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        return TensorData.Create<float>(parts[0], shape, new float[shape.Aggregate((a, b) => a * b)]);
    }));

    private static void AssertClose(double[] actual, double[] expected, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(tolerance * (1 + Math.Abs(expected[i]))), $"{i}");
    }

    private static void AssertRefused(string expected, params string[] arguments)
    {
        var (code, _, error) = CliRun.Run(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Not.Zero);
            Assert.That(error, Does.Contain(expected));
            Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
        });
    }

    private byte[] LogDensities(string model, params string[] flags)
    {
        CliRun.Succeed(["log-prob", model, "--x", Case("x.npy"), "--context", Case("c.npy"), "-o", _folder.File("d.npy"), "--force", .. flags]);
        return File.ReadAllBytes(_folder.File("d.npy"));
    }
}
