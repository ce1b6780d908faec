using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Golden;

/// <summary>State dictionaries of nflows, glasflow, normflows, mbank and zuko: the densities of the libraries, and every wrong tensor refused by its name.</summary>
[TestFixture]
internal sealed class LibraryFlowGoldenTests
{
    private static readonly string[] _cases =
    [
        "mbank_d2_n3", "mbank_d3_n2_const", "nflows_coupling_log3", "nflows_uncond_quad", "nflows_nested", "nflows_gap", "nflows_embedding", "normflows_affine_block",
        "normflows_circ_coupled_c2", "normflows_nsf_coupling_c2", "normflows_invaffine", "zuko_GMM_full_c2", "nflows_norm", "normflows_norm_c2",
        "nflows_unit_rq", "nflows_unit_quad", "nflows_unit_cubic", "nflows_pixels", "nflows_pixels_rq",
    ];

    private static readonly string[] _nflows =
    [
        "nflows_affine_coupling", "nflows_cubic_coupling_tb3", "nflows_householder", "nflows_linear_coupling_tb3", "nflows_lu_linear", "nflows_maf_affine",
        "nflows_maf_affine_ctx2", "nflows_maf_quad_tb3", "nflows_maf_rqs_tb3", "nflows_naive_linear", "nflows_rqs_coupling_tb3_uncond", "nflows_std_gw_like_3x5", "nflows_svd_linear",
    ];

    // Couplings and masked layers; those of one matrix are compared with the linear maps.
    private static readonly string[] _gradients =
    [
        "nflows_affine_coupling", "nflows_cubic_coupling_tb3", "nflows_linear_coupling_tb3", "nflows_maf_affine", "nflows_maf_affine_ctx2", "nflows_maf_quad_tb3",
        "nflows_maf_rqs_tb3", "nflows_rqs_coupling_tb3_uncond", "nflows_std_gw_like_3x5",
    ];

    private static readonly string[] _normflows =
    [
        "normflows_affine_coupling_block", "normflows_circular_coupled_rqs", "normflows_maf", "normflows_planar_tanh", "normflows_radial",
    ];

    private static readonly string[] _zuko = ["zuko_BPF", "zuko_GF", "zuko_NAF", "zuko_NCSF", "zuko_NICE", "zuko_SOSPF", "zuko_UNAF"];

    // The files in which one of each kind of layer is.
    private static readonly string[] _layers =
    [
        "mbank_d2_n3", "nflows_coupling_log3", "nflows_uncond_quad", "nflows_nested", "nflows_embedding", "normflows_affine_block", "normflows_circ_coupled_c2",
        "normflows_nsf_coupling_c2", "normflows_invaffine", "zuko_GMM_full_c2", "nflows_norm", "nflows_pixels",
    ];

    [TestCaseSource(nameof(_cases))]
    public void A_flow_has_the_densities_of_its_library_and_is_kept_by_a_model_file(string name)
    {
        using var flow = StateDictionary.ReadFlow<double>(State(name), OptionsOf(name));
        var golden = NpzFile.Read(Case($"{name}.npz"));
        var expected = golden["logp"].ToArray<double>();
        var actual = Densities(flow, golden);
        ZooComparison.Compare(name, actual, expected, ZooComparison.Value);
        using var back = ModelFile.FlowFromArchive<double>(ModelFile.ToArchive(flow));
        Assert.That(Densities(back, golden), Is.EqualTo(actual));
    }

    [TestCaseSource(nameof(_nflows))]
    public void A_transform_of_nflows_has_its_numbers(string name)
    {
        // As a flow on a normal distribution; the library inverts a cubic by a closed formula, and moves a knot of the linear spline.
        var tolerance = name switch
        {
            "nflows_cubic_coupling_tb3" => 1e-4,
            "nflows_linear_coupling_tb3" => 2e-5,
            _ => ZooComparison.InverseLogDet,
        };
        var golden = Zoo(name);
        using var flow = StateDictionary.ReadFlow<double>(Parameters(golden), OptionsOf(name) with { Library = StateLibrary.Nflows });
        var (x, y) = (golden["x"].ToArray<double>(), golden["y"].ToArray<double>());
        var context = golden.TryGet("context", out var tensor) ? tensor.ToArray<double>() : [];
        var (z, logDet, back, inverse) = (new double[x.Length], new double[x.Length / flow.Features], new double[x.Length], new double[x.Length / flow.Features]);
        flow.ToNoise(x, context, z, logDet);
        flow.FromNoise(y, context, back, inverse);
        ZooComparison.Compare($"{name} y", z, y, ZooComparison.Value);
        ZooComparison.Compare($"{name} log-det", logDet, golden["logabsdet"].ToArray<double>(), ZooComparison.Value);
        ZooComparison.Compare($"{name} x", back, x, ZooComparison.InverseLogDet);
        ZooComparison.Compare($"{name} inverse log-det", inverse, golden["inv_logabsdet"].ToArray<double>(), tolerance);
    }

    [TestCaseSource(nameof(_normflows))]
    public void A_layer_of_normflows_leads_from_noise_to_data(string name)
    {
        var golden = Zoo(name);
        using var flow = StateDictionary.ReadFlow<double>(Parameters(golden), OptionsOf(name) with { Library = StateLibrary.Normflows });
        var (z, x) = (golden["z"].ToArray<double>(), golden["x"].ToArray<double>());
        var (data, logDet) = (new double[x.Length], new double[x.Length / flow.Features]);
        flow.FromNoise(z, data, logDet);
        ZooComparison.Compare($"{name} x", data, x, ZooComparison.InverseLogDet);
        ZooComparison.Compare($"{name} log-det", logDet, golden["log_det"].ToArray<double>(), ZooComparison.InverseLogDet);
    }

    [TestCaseSource(nameof(_zuko))]
    public void A_flow_of_zuko_goes_back_to_the_same_tensors_and_then_needs_no_flag(string name)
    {
        var golden = Zoo(name);
        var state = Parameters(golden);
        using var flow = StateDictionary.ReadFlow<double>(state, OptionsOf(name));
        ZooComparison.Compare(name, Densities(flow, golden), golden["logp"].ToArray<double>(), ZooComparison.Value);
        var written = StateDictionary.Write(flow);
        var own = Sorted(state);
        var back = Sorted(new TensorArchive(written));
        Assert.That(back.Select(tensor => tensor.Name), Is.EqualTo(own.Select(tensor => tensor.Name)));
        foreach (var tensor in own)
        {
            // Weights that a mask hides are zero in what is written.
            var hidden = state.TryGet(tensor.Name.Replace(".weight", ".mask", StringComparison.Ordinal), out var mask) && tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
                ? mask.ToArray<double>() : null;
            var expected = tensor.ToArray<double>();
            for (var i = 0; hidden is not null && i < expected.Length; i++)
                expected[i] *= hidden[i];
            Assert.That(back[tensor.Name].Shape, Is.EqualTo(tensor.Shape), tensor.Name);
            Assert.That(back[tensor.Name].ToArray<double>(), Is.EqualTo(expected), tensor.Name);
        }

        var assumed = new List<StateAssumption>();
        using var again = StateDictionary.ReadFlow<double>(written, new StateDictionaryOptions { Assumed = assumed.Add });
        Assert.That(Densities(again, golden), Is.EqualTo(Densities(flow, golden)));
        Assert.That(assumed, Is.Empty);
    }

    [Test]
    public void A_mixture_with_a_context_goes_back_to_the_same_tensors_and_then_needs_no_flag()
    {
        var state = State("zuko_GMM_full_c2");
        using var flow = StateDictionary.ReadFlow<double>(state, OptionsOf("zuko_GMM_full_c2"));
        var written = StateDictionary.Write(flow);
        Assert.That(written.Select(tensor => tensor.Name), Is.EquivalentTo(state.Select(tensor => tensor.Name)));
        foreach (var tensor in state)
        {
            Assert.That(written[tensor.Name].Shape, Is.EqualTo(tensor.Shape), tensor.Name);
            Assert.That(written[tensor.Name].ToArray<double>(), Is.EqualTo(tensor.ToArray<double>()), tensor.Name);
        }

        var assumed = new List<StateAssumption>();
        using var again = StateDictionary.ReadFlow<double>(written, new StateDictionaryOptions { Assumed = assumed.Add });
        var golden = NpzFile.Read(Case("zuko_GMM_full_c2.npz"));
        Assert.That(Densities(again, golden), Is.EqualTo(Densities(flow, golden)));
        Assert.That(assumed, Is.Empty);
        Assert.That(
            () => StateDictionary.ReadFlow<double>(written, new StateDictionaryOptions { Components = 2 }), Throws.TypeOf<ModelFormatException>().With.Message.Contains("components"));
        Assert.That(
            () => StateDictionary.ReadFlow<double>(written, new StateDictionaryOptions { Covariance = StateCovariance.Diagonal }), Throws.TypeOf<ModelFormatException>().With.Message.Contains("covariances"));
    }

    [TestCaseSource(nameof(_gradients))]
    public void A_transform_of_nflows_has_its_gradients(string name)
    {
        const string Own = "transform.";
        var vectors = ZooVectors.Load(name);
        using var flow = StateDictionary.ReadFlow<double>(vectors.StateDictionary, OptionsOf(name) with { Library = StateLibrary.Nflows, Base = null });
        var context = Zoo(name).TryGet("context", out var tensor) ? tensor.ToArray<double>() : [];

        // The pieces of a spline's free parameters stand apart in the file.
        ZooComparison.CompareGradients(name, flow, vectors, sign: 1, context, parameter => parameter.Name.Contains("unconditional", StringComparison.Ordinal) ? null
            : $"grad/{(parameter.Name.StartsWith(Own, StringComparison.Ordinal) ? parameter.Name[Own.Length..] : parameter.Name)}");
    }

    [TestCase("mbank_d2_n3", null)]
    [TestCase("mbank_d3_n2_const", 1.25)]
    public void A_flow_of_mbank_is_written_in_the_order_and_types_that_it_came_in(string name, double? constant)
    {
        var state = State(name);
        Assert.That(StateDictionary.Constant(state), Is.EqualTo(constant));
        using var flow = StateDictionary.ReadFlow<float>(state);
        var written = StateDictionary.WriteMbank(flow, constant);
        Assert.That(written.Select(tensor => (tensor.Name, tensor.ElementType, string.Join(",", tensor.Shape))), Is.EqualTo(state.Select(tensor => (tensor.Name, tensor.ElementType, string.Join(",", tensor.Shape)))));
        Assert.That(written[^1].Name, Does.EndWith(".autoregressive_net.final_layer.degrees"));
        using var back = StateDictionary.ReadFlow<float>(written);
        Assert.That(ContentHash.Compute(StateDictionary.WriteMbank(back, constant)), Is.EqualTo(ContentHash.Compute(written)));
        foreach (var tensor in written.Where(tensor => !tensor.Name.EndsWith(".weight", StringComparison.Ordinal)))
            Assert.That(tensor.ToArray<double>(), Is.EqualTo(state[tensor.Name].ToArray<double>()), tensor.Name);
    }

    [Test]
    public void An_older_constant_of_a_normal_distribution_is_checked_and_dropped()
    {
        var state = State("mbank_d2_n3");
        var right = new TensorArchive([.. state, TensorData.Create<float>("_distribution._log_z", [], [(float)Math.Log(2 * Math.PI)])]);
        using var flow = StateDictionary.ReadFlow<float>(right);
        Assert.That(flow.Base, Is.TypeOf<StandardNormal<float>>());
        var wrong = new TensorArchive([.. state, TensorData.Create<float>("_distribution._log_z", [], [1f])]);
        AssertRefused(wrong, "mbank_d2_n3", "'_distribution._log_z'");
    }

    [Test]
    public void A_flow_that_mbank_does_not_know_is_not_written_for_it()
    {
        using var flow = new Flow<float>(new StandardNormal<float>(2), new DenseLinear<float>(2, "t"));
        Assert.That(() => StateDictionary.WriteMbank(flow), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("DenseLinear"));
    }

    [TestCaseSource(nameof(_layers))]
    public void Missing_surplus_and_misshaped_tensors_are_named(string name)
    {
        var state = State(name);
        foreach (var tensor in state)
        {
            AssertRefused(new TensorArchive(state.Where(other => other.Name != tensor.Name)), name, "'");
            var count = tensor.Count + 1;
            var longer = TensorData.Create<double>(tensor.Name, [count], new double[count]);
            AssertRefused(new TensorArchive(state.Select(other => other.Name == tensor.Name ? longer : other)), name, "'");
        }

        var head = state[0].Name.Split('.')[0];
        AssertRefused(new TensorArchive([.. state, TensorData.Create<float>($"{head}.surplus", [1], [1f])]), name, $"'{head}.surplus'");
    }

    [TestCase("mbank_d2_n3", "_transform._transforms.2.autoregressive_net.initial_layer.mask")]
    [TestCase("mbank_d2_n3", "_transform._transforms.4.autoregressive_net.blocks.1.linear_layers.1.mask")]
    [TestCase("mbank_d2_n3", "_transform._transforms.6.autoregressive_net.final_layer.degrees")]
    [TestCase("mbank_d2_n3", "_transform._transforms.2.autoregressive_net.initial_layer.degrees")]
    [TestCase("nflows_uncond_quad", "_transform._transforms.0.transform_features")]
    [TestCase("nflows_nested", "_transform._transforms.0._transforms.0._permutation")]
    [TestCase("normflows_circ_coupled_c2", "flows.0.prqct.identity_features")]
    [TestCase("normflows_nsf_coupling_c2", "flows.1.permutation._permutation")]
    [TestCase("normflows_invaffine", "flows.0.P")]
    [TestCase("normflows_invaffine", "flows.0.eye")]
    public void A_mask_an_order_and_degrees_that_contradict_are_named(string name, string tensor)
    {
        var state = State(name);
        var values = state[tensor].ToArray<double>();

        // Equal neighbours, or a mask turned round, are never right.
        values[^1] = tensor.EndsWith("mask", StringComparison.Ordinal) || values.Length == 1 ? 1 - values[^1] : values[^2] + (tensor.EndsWith("degrees", StringComparison.Ordinal) ? 1 : 0);
        var changed = TensorData.Create<double>(tensor, state[tensor].Shape.AsSpan(), values);
        if (values.SequenceEqual(state[tensor].ToArray<double>()))
            changed = TensorData.Create<double>(tensor, state[tensor].Shape.AsSpan(), [.. values.Select(value => 1 - value)]);
        AssertRefused(new TensorArchive(state.Select(other => other.Name == tensor ? changed : other)), name, $"'{tensor}'");
    }

    [TestCase("nflows_maf_rqs_tb3", "--spline")]
    [TestCase("nflows_maf_quad_tb3", "--tails")]
    [TestCase("zuko_BPF", "--transformer")]
    public void What_is_ambiguous_asks_for_its_flag(string name, string flag)
    {
        var options = OptionsOf(name) with { Transformer = null, Tails = null, Library = name.StartsWith("nflows", StringComparison.Ordinal) ? StateLibrary.Nflows : null };
        if (flag == "--spline")
            options = options with { Spline = null };
        var state = Parameters(Zoo(name));
        Assert.That(() => StateDictionary.ReadFlow<double>(state, options), Throws.TypeOf<ModelFormatException>().With.Message.Contains(flag));
    }

    [TestCase("nflows_gap", null, "--layers")]
    [TestCase("nflows_gap", "*,*,*,*", "'_transform._transforms.0'")]
    [TestCase("nflows_gap", "exp,exp,exp,*", "'_transform._transforms.1'")]
    [TestCase("nflows_gap", "leaky-relu:0.2,*", "'_transform._transforms.3'")]
    [TestCase("nflows_gap", "unheard,*,tanh,*", "'unheard'")]
    [TestCase("normflows_circ_coupled_c2", null, "--circular")]
    [TestCase("normflows_affine_block", null, "'flows.1'")]
    public void Layers_without_tensors_and_choices_have_to_be_told(string name, string? layers, string named)
    {
        var options = OptionsOf(name) with { Layers = layers?.Split(','), Circular = null };
        Assert.That(() => StateDictionary.ReadFlow<double>(State(name), options), Throws.TypeOf<ModelFormatException>().With.Message.Contains(named));
    }

    private static StateDictionaryOptions OptionsOf(string name) => name switch
    {
        "nflows_coupling_log3" => new() { Scale = AffineSettings.GlasflowLog(3) },
        "nflows_uncond_quad" => new() { Bound = 3 },
        "nflows_gap" => new() { Layers = ["leaky-relu:0.2", "*", "log-tanh", "*"] },
        "normflows_affine_block" => new() { Layers = ["*", "swap", "*", "swap", "*", "swap"] },
        "normflows_circ_coupled_c2" => new() { Circular = [1] },
        "normflows_circular_coupled_rqs" => new() { Circular = [1] },
        "nflows_pixels" => new() { Pixels = (2, 3) },
        "nflows_pixels_rq" => new() { Pixels = (2, 3), Bound = 3, Spline = StateSpline.RationalQuadratic },
        "nflows_unit_rq" => new() { Spline = StateSpline.RationalQuadratic },
        "nflows_unit_quad" => new() { Spline = StateSpline.Quadratic, Tails = SplineTails.None, Base = StateBase.Box },
        "nflows_unit_cubic" => new() { Spline = StateSpline.Cubic, Tails = SplineTails.None, Base = StateBase.Box },
        "zuko_GMM_full_c2" => new() { Components = 3 },
        "zuko_BPF" => new() { Transformer = StateTransformer.Bernstein },
        _ when name.Contains("cubic", StringComparison.Ordinal) => new() { Bound = 3, Tails = SplineTails.Linear, Spline = StateSpline.Cubic },
        _ when name.Contains("linear_coupling", StringComparison.Ordinal) => new() { Bound = 3, Tails = SplineTails.Linear, Spline = StateSpline.Linear },
        _ when name.Contains("quad", StringComparison.Ordinal) => new() { Bound = 3, Tails = SplineTails.Linear, Spline = StateSpline.Quadratic },
        _ when name.Contains("tb3", StringComparison.Ordinal) => new() { Bound = 3, Spline = StateSpline.RationalQuadratic },
        _ => new(),
    };

    private static void AssertRefused(TensorArchive archive, string name, string named) =>
        Assert.That(() => StateDictionary.ReadFlow<double>(archive, OptionsOf(name)).Dispose(), Throws.InstanceOf<ModelFormatException>().With.Message.Contains(named));

    private static double[] Densities(Flow<double> flow, TensorArchive golden)
    {
        var densities = new double[golden["logp"].Count];
        var context = golden.TryGet("context", out var tensor) ? tensor.ToArray<double>() : [];
        flow.LogDensity(golden["x"].ToArray<double>(), context, densities);
        return densities;
    }

    private static TensorArchive Sorted(TensorArchive archive) => new(archive.OrderBy(tensor => tensor.Name, StringComparer.Ordinal));

    private static TensorArchive State(string name) => PyTorchStateDict.Read(Case($"{name}.pt")).Tensors;

    private static string Case(string name) => GoldenFolder.File(Path.Combine("cases", name));

    private static TensorArchive Zoo(string name) => NpzFile.Read(GoldenFolder.File(Path.Combine("zoo", $"{name}.npz")));

    private static TensorArchive Parameters(TensorArchive golden) => new(
        golden.Where(tensor => tensor.Name.StartsWith("param/", StringComparison.Ordinal)).Select(tensor => tensor.Rename(tensor.Name["param/".Length..])));
}
