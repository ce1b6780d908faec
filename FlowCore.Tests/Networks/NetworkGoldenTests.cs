using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Tests.Golden;
using FlowCore.Transforms;
using NUnit.Framework;
using static FlowCore.Tests.Golden.ZooComparison;

namespace FlowCore.Tests.Networks;

/// <summary>Couplings and masked transforms with the networks and weights of other libraries give their numbers.</summary>
[TestFixture]
internal sealed class NetworkGoldenTests
{
    private const int Hidden = 16;
    private const int Blocks = 2;

    private static readonly string[] _nflows =
    [
        "nflows_affine_coupling", "nflows_maf_affine", "nflows_maf_affine_ctx2", "nflows_std_gw_like_3x5", "nflows_maf_rqs_tb3", "nflows_rqs_coupling_tb3_uncond",
    ];

    // What τ₀ is made of; its raw numbers are one parameter here.
    private static readonly string[] _knots = ["unnormalized_widths", "unnormalized_heights", "unnormalized_derivatives"];

    [TestCaseSource(nameof(_nflows))]
    public void Values_log_determinants_and_inverses_are_those_of_nflows(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Flow(name, vectors);
        var (x, y, context) = (vectors["x"], vectors["y"], Context(name, vectors));
        var rows = vectors["logabsdet"].Length;
        var (z, logDet, back, inverse) = (new double[x.Length], new double[rows], new double[x.Length], new double[rows]);
        flow.ToNoise(x, context, z, logDet);
        flow.FromNoise(y, context, back, inverse);
        Compare(name + " value", z, y, Value);
        Compare(name + " log-det", logDet, vectors["logabsdet"], Value);
        Compare(name + " inverse", back, x, InverseLogDet);
        Compare(name + " inverse log-det", inverse, vectors["inv_logabsdet"], InverseLogDet);
    }

    [TestCaseSource(nameof(_nflows))]
    public void Gradients_are_those_of_nflows(string name)
    {
        var vectors = ZooVectors.Load(name);
        using var flow = Flow(name, vectors);
        foreach (var (parameter, gradient) in Gradients(name, flow, vectors, sign: 1, Context(name, vectors)))
        {
            var expected = IsUnconditional(parameter) ? Together(vectors, "grad/unconditional_transform.") : vectors["grad/" + parameter.Name];
            CompareWithLargest($"{name} {parameter.Name}", gradient, expected);
        }
    }

    [TestCase("nflows_maf_affine", 0)]
    [TestCase("nflows_maf_affine_ctx2", 2)]
    [TestCase("normflows_maf", 0)]
    public void Masks_and_degrees_are_those_of_the_file(string name, int context)
    {
        var vectors = ZooVectors.Load(name);
        var features = vectors["param/autoregressive_net.initial_layer.weight"].Length / Hidden;
        var network = Made(features, context, 2, "autoregressive_net", Hidden, MadeFlavour.Nflows);
        string[] layers =
        [
            "initial_layer", "blocks.0.linear_layers.0", "blocks.0.linear_layers.1", "blocks.1.linear_layers.0", "blocks.1.linear_layers.1", "final_layer",
        ];
        for (var l = 0; l < layers.Length; l++)
        {
            Assert.That(network.Mask(l).Select(bit => bit ? 1.0 : 0), Is.EqualTo(vectors[$"param/autoregressive_net.{layers[l]}.mask"]), layers[l]);
            Assert.That(network.Degrees(l).Select(degree => (double)degree), Is.EqualTo(vectors[$"param/autoregressive_net.{layers[l]}.degrees"]), layers[l]);
        }
    }

    [TestCase("normflows_affine_coupling_block")]
    [TestCase("normflows_maf")]
    public void Values_log_determinants_and_inverses_are_those_of_normflows(string name)
    {
        // Its layers lead from noise to data.
        var vectors = ZooVectors.Load(name);
        using var flow = Flow(name, vectors);
        var (z, x, logDet) = (vectors["z"], vectors["x"], vectors["log_det"]);
        var (data, fromNoise, noise, toNoise) = (new double[x.Length], new double[logDet.Length], new double[x.Length], new double[logDet.Length]);
        flow.FromNoise(z, data, fromNoise);
        flow.ToNoise(x, noise, toNoise);
        Compare(name + " value", data, x, Value);
        Compare(name + " log-det", fromNoise, logDet, Value);
        Compare(name + " inverse", noise, z, InverseLogDet);
        Compare(name + " inverse log-det", toNoise, [.. logDet.Select(value => -value)], InverseLogDet);
    }

    [Test]
    public void A_coupling_of_a_linear_and_a_circular_feature_is_that_of_normflows()
    {
        const string Name = "normflows_circular_coupled_rqs", Prefix = "param/prqct.";
        const int Bins = 8;
        var vectors = ZooVectors.Load(Name);
        Assert.That(vectors[Prefix + "identity_features"], Is.EqualTo(new double[] { 0 }));
        var network = new ResidualNetwork<double>(1, 0, (3 * Bins) + 1, Hidden, Blocks, UnaryFunction.ReLU, "prqct.transform_net");
        foreach (var parameter in network.Parameters)
            parameter.Write(vectors["param/" + parameter.Name]);
        var unconditional = new Elementwise<double>(PerFeature<double>.OfNormflows(Bins, [5], [false]), 1, "unconditional");
        unconditional.Parameters[0].Write(Together(vectors, Prefix + "unconditional_transform."));
        var tau = PerFeature<double>.OfNormflows(Bins, [Math.PI], [true], 1 / Math.Sqrt(Hidden));
        var coupling = new Coupling<double>(tau, [true, false], network, unconditional);
        using var flow = new Flow<double>(new UniformBox<double>([-5, -Math.PI], [5, Math.PI]), coupling);
        var (z, x, logDet) = (vectors["z"], vectors["x"], vectors["log_det"]);
        var (data, fromNoise, noise, toNoise) = (new double[x.Length], new double[logDet.Length], new double[x.Length], new double[logDet.Length]);
        flow.FromNoise(z, data, fromNoise);
        flow.ToNoise(x, noise, toNoise);
        Compare(Name + " value", data, x, Value);
        Compare(Name + " log-det", fromNoise, logDet, Value);
        Compare(Name + " inverse", noise, z, InverseLogDet);
        Compare(Name + " inverse log-det", toNoise, [.. logDet.Select(value => -value)], InverseLogDet);
    }

    [Test]
    public void Couplings_are_those_of_zuko()
    {
        const string Name = "zuko_NICE";
        var vectors = ZooVectors.Load(Name);
        using var flow = Flow(Name, vectors);
        var (x, logDensity) = (vectors["x"], vectors["logp"]);
        var (z, logDet, density) = (new double[x.Length], new double[logDensity.Length], new double[logDensity.Length]);
        flow.ToNoise(x, z, logDet);
        flow.LogDensity(x, density);
        Compare(Name + " value", z, vectors["z"], Value);
        Compare(Name + " log-det", logDet, vectors["ladj"], Value);
        Compare(Name + " log-density", density, logDensity, Value);
        var (back, inverse) = (new double[vectors["inv_in"].Length], new double[vectors["inv_ladj"].Length]);
        flow.FromNoise(vectors["inv_in"], back, inverse);
        Compare(Name + " inverse", back, vectors["inv_out"], InverseLogDet);
        Compare(Name + " inverse log-det", inverse, vectors["inv_ladj"], InverseLogDet);
        CompareGradients(Name, flow, vectors, sign: -1, default, parameter => "grad/" + parameter.Name);
    }

    private static double[] Context(string name, ZooVectors vectors) => name.EndsWith("ctx2", StringComparison.Ordinal) ? vectors["context"] : [];

    private static Flow<double> Flow(string name, ZooVectors vectors)
    {
        var transform = Create(name, vectors);
        var known = transform.Parameters.Where(parameter => !IsUnconditional(parameter)).ToArray();
        Assert.That(known.Select(parameter => parameter.Name), Is.EquivalentTo(vectors.Parameters.Where(IsLearnt)));
        foreach (var parameter in known)
            parameter.Write(vectors["param/" + parameter.Name]);
        foreach (var parameter in transform.Parameters.Except(known))
            parameter.Write(Together(vectors, "param/unconditional_transform."));
        return new Flow<double>(new StandardNormal<double>(transform.Features), transform);
    }

    private static bool IsLearnt(string key) =>
        !key.EndsWith("mask", StringComparison.Ordinal) && !key.EndsWith("degrees", StringComparison.Ordinal) && !key.EndsWith("_features", StringComparison.Ordinal)
        && !key.StartsWith("unconditional", StringComparison.Ordinal) && !key.StartsWith("base.", StringComparison.Ordinal);

    private static bool IsUnconditional(Parameter<double> parameter) => parameter.Name.StartsWith("unconditional", StringComparison.Ordinal);

    private static Transform<double> Create(string name, ZooVectors vectors)
    {
        switch (name)
        {
            case "nflows_affine_coupling":
                return new Coupling<double>(
                    new Affine<double>(AffineSettings.NflowsCoupling), Passes(vectors), Residual(1, 4), order: ParameterOrder.ByKind);
            case "nflows_rqs_coupling_tb3_uncond":
                return new Coupling<double>(
                    new RationalQuadraticSpline<double>(Divided(Softmax(8, 3))), Passes(vectors), Residual(1, 46),
                    new Elementwise<double>(new RationalQuadraticSpline<double>(Softmax(8, 3)), 1, "unconditional"));
            case "nflows_maf_affine":
                return Masked(new Affine<double>(AffineSettings.NflowsMasked), 3, 0);
            case "nflows_maf_affine_ctx2":
                return Masked(new Affine<double>(AffineSettings.NflowsMasked), 3, 2);
            case "nflows_maf_rqs_tb3":
                return Masked(new RationalQuadraticSpline<double>(Softmax(8, 3)), 3, 0);
            case "nflows_std_gw_like_3x5":
                return new Composition<double>(2, [.. Enumerable.Range(0, 3).SelectMany(layer => new Transform<double>[]
                {
                    new DenseLinear<double>(2, $"_transforms.{2 * layer}"),
                    new MaskedAutoregressive<double>(
                        new Affine<double>(AffineSettings.NflowsMasked),
                        Made(2, 0, 2, $"_transforms.{(2 * layer) + 1}.autoregressive_net", 5, MadeFlavour.Nflows)),
                })]);
            case "normflows_affine_coupling_block":
                return new Inverted<double>(new Coupling<double>(
                    new Affine<double>(), Coupling<double>.Halves(2), new Mlp<double>([1, Hidden, 2], UnaryFunction.ReLU, "flows.1.param_map.net")));
            case "normflows_maf":
                return new Inverted<double>(new MaskedAutoregressive<double>(
                    new Affine<double>(AffineSettings.NormflowsMasked), Made(2, 0, 2, "autoregressive_net", Hidden, MadeFlavour.Normflows)));
            case "zuko_NICE":
                return new Composition<double>(3, [.. Enumerable.Range(0, 3).Select(i => new Coupling<double>(
                    new Affine<double>(1e-3), [.. vectors[$"param/transform.transforms.{i}.mask"].Select(bit => bit != 0)], 0, [64, 64], UnaryFunction.ReLU,
                    $"transform.transforms.{i}"))]);
            default:
                throw new ArgumentException(name);
        }
    }

    private static bool[] Passes(ZooVectors vectors)
    {
        var passes = new bool[3];
        foreach (var feature in vectors["param/identity_features"])
            passes[(int)feature] = true;
        return passes;
    }

    private static ResidualNetwork<double> Residual(int inputs, int outputs) => new(inputs, 0, outputs, Hidden, Blocks, UnaryFunction.ReLU, "transform_net");

    private static MaskedAutoregressive<double> Masked(Univariate<double> univariate, int features, int context) =>
        new(univariate, Made(features, context, univariate.ParametersPerFeature, "autoregressive_net", Hidden, MadeFlavour.Nflows));

    private static Made<double> Made(int features, int context, int outputs, string name, int hidden, MadeFlavour flavour) => new(
        AutoregressiveOrder.Natural(features, context), outputs,
        new MadeSettings { HiddenSize = hidden, Blocks = Blocks, Flavour = flavour, HidesContextFromFirst = true }, name);

    private static SplineSettings Softmax(int bins, double bound) => new(bins, bound) { Parametrization = SplineParametrization.Softmax };

    // As the network of a coupling has it.
    private static SplineSettings Divided(SplineSettings settings) => settings with { LogitScale = 1 / Math.Sqrt(Hidden) };

    private static double[] Together(ZooVectors vectors, string prefix) => [.. _knots.SelectMany(name => vectors[prefix + name])];
}
