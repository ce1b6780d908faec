using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Networks;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

/// <summary>What is particular to ready-made flows: formulas, directions, flavours, errors.</summary>
[TestFixture]
internal sealed class FlowSettingsTests
{
    [Test]
    public void An_affine_flow_of_data_is_their_normal_distribution()
    {
        // Mean (1, 3) and covariance [[2, 1], [1, 1.5]], divided by n = 4; its inverse is [[0.75, −0.5], [−0.5, 1]], its determinant 2.
        double[] rows = [-1, 2, 3, 4, 1, 4.4142135623730951, 1, 1.5857864376269049];
        using var flow = AffineFlow.FromData<double>(rows, 2);
        double[] x = [0, 0, 1, 3, -2.5, 7];
        var logDensity = new double[3];
        flow.LogDensity(x, logDensity);
        for (var row = 0; row < 3; row++)
        {
            var (a, b) = (x[2 * row] - 1, x[(2 * row) + 1] - 3);
            var distance = (0.75 * a * a) - (a * b) + (b * b);
            Assert.That(logDensity[row], Is.EqualTo(-(0.5 * distance) - (0.5 * Math.Log(2)) - Math.Log(2 * Math.PI)).Within(1e-14 * (1 + distance)));
        }
    }

    [Test]
    public void A_shift_with_unit_scale_is_half_the_squared_distance_to_the_bit()
    {
        using var flow = AffineFlow.Create<double>(new AffineFlowSettings { Features = 2, ShiftOnly = true });
        flow.Parameters.Parameters[0].Write([-0.75, 2.5]);
        double[] x = [0, 0, 0.75, -2.5, 17.125, -3.5];
        var logDensity = new double[3];
        flow.LogDensity(x, logDensity);

        // All products are exact here, so that the order of the sum does not matter; ln 2π to the last bit, which the logarithm of a rounded 2π is not.
        const double LogTwoPi = 1.8378770664093454836;
        for (var row = 0; row < 3; row++)
        {
            var (a, b) = (x[2 * row] - 0.75, x[(2 * row) + 1] + 2.5);
            Assert.That(-logDensity[row], Is.EqualTo((0.5 * ((a * a) + (b * b))) + LogTwoPi));
        }
    }

    [Test]
    public void An_inverse_autoregressive_flow_is_the_masked_one_the_other_way_round()
    {
        var settings = new MaskedAffineFlowSettings { Features = 3, ContextFeatures = 1, Seed = 4 };
        using var masked = MaskedAffineFlow.Create<double>(settings);
        using var inverse = InverseAutoregressiveFlow.Create<double>(settings);
        var (rows, context) = (Models.Rows<double>(40, 3, 1), Models.Rows<double>(40, 1, 2));
        var (z, logDet, x, other) = (new double[120], new double[40], new double[120], new double[40]);
        masked.ToNoise(rows, new(context, default), z, logDet);
        inverse.FromNoise(rows, new(context, default), x, other);
        Assert.That((x, other), Is.EqualTo((z, logDet)));
    }

    [Test]
    public void A_standardization_comes_first_where_layers_map_noise()
    {
        var scale = new LocationScale([10, -20, 30], [2, 3, 4]);
        using var plain = RadialFlow.Create<double>(new RadialFlowSettings { Features = 3, MapsNoise = true });
        using var flow = RadialFlow.Create<double>(new RadialFlowSettings { Features = 3, MapsNoise = true, Standardization = scale });
        double[] x = [12, -17, 26], standardized = [1, 1, -1];
        var (found, expected) = (new double[1], new double[1]);
        flow.LogDensity(x, found);
        plain.LogDensity(standardized, expected);
        Assert.That(found[0], Is.EqualTo(expected[0] - Math.Log(24)).Within(1e-13));
    }

    [TestCaseSource(nameof(CouplingFlavours))]
    public void Couplings_of_every_flavour_start_as_a_volume_that_is_kept_and_go_back(CouplingFlowSettings settings)
    {
        using var flow = CouplingFlow.Create<double>(settings);
        AssertGoesBack(flow, starts: settings.Mixing != CouplingMixing.Svd);
    }

    [Test]
    public void Couplings_take_any_map_that_a_network_can_govern()
    {
        using var flow = CouplingFlow.Create(
            new CouplingFlowSettings { Features = 3, HiddenSizes = [8] }, univariate: new CubicSpline<double>(new BinnedSplineSettings(5)));
        AssertGoesBack(flow, starts: false);
    }

    [Test]
    public void A_multi_scale_flow_starts_as_a_volume_that_is_kept_and_goes_back([Values] bool normalizes)
    {
        using var flow = MultiScaleFlow.Create<double>(new MultiScaleFlowSettings(1, 4, 4) { Levels = 2, HiddenSizes = [12], ActNorm = normalizes, ContextFeatures = 1 });
        Assert.That(flow.Features, Is.EqualTo(16));
        AssertGoesBack(flow, starts: true);
    }

    [Test]
    public void A_multi_scale_flow_of_convolutions_goes_back([Values] bool mixes, [Values] ArrayPadding padding)
    {
        using var flow = MultiScaleFlow.Create<double>(new MultiScaleFlowSettings(1, 4, 4)
        {
            Levels = 2,
            Transforms = 2,
            HiddenSizes = [6],
            ContextFeatures = 1,
            IsConvolutional = true,
            MixesChannels = mixes,
            Padding = padding,
        });
        Assert.That(flow.Transform.Parameters.Any(parameter => parameter.Name.Contains(".conv_layers.", StringComparison.Ordinal)));
        Assert.That(flow.Transform.Parameters.Any(parameter => parameter.Name.StartsWith("mixing.", StringComparison.Ordinal)), Is.EqualTo(mixes));

        // Permutations and the identity of everything else keep volumes.
        AssertGoesBack(flow, starts: true);
    }

    [Test]
    public void A_permuted_flow_in_every_flavour_goes_back([Values] bool random, [Values] bool normalizes)
    {
        using var flow = PermutedAutoregressiveFlow.Create<double>(new PermutedAutoregressiveFlowSettings
        {
            Features = 3,
            ContextFeatures = 1,
            RandomPermutations = random,
            BatchNormalization = normalizes,
        });
        AssertGoesBack(flow, starts: !normalizes);
    }

    [Test]
    public void A_circular_flow_has_no_jump_where_the_circle_is_cut_and_that_of_zuko_has()
    {
        using var own = CircularSplineFlow.Create<double>(2, seed: 1);
        using var zuko = CircularSplineFlow.Create<double>(new CircularSplineFlowSettings { Features = 2, IsZuko = true });
        Assert.That(Jump(own), Is.LessThan(1e-6));
        Assert.That(Jump(zuko), Is.GreaterThan(1e-3));

        static double Jump(Flow<double> flow)
        {
            Models.Enliven(flow, 0.3);
            const double End = Math.PI - 1e-9;
            var logDensity = new double[2];
            flow.LogDensity([-End, 0.4, End, 0.4], logDensity);
            return Math.Abs(logDensity[0] - logDensity[1]);
        }
    }

    [TestCaseSource(nameof(WrongSettings))]
    public void Settings_that_make_no_flow_are_refused(Func<Flow<double>> create, string message) =>
        Assert.That(() => create(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message).And.Property("ParamName").EqualTo("settings"));

    private static IEnumerable<CouplingFlowSettings> CouplingFlavours()
    {
        var settings = new CouplingFlowSettings { Features = 3, ContextFeatures = 1, HiddenSizes = [8] };
        foreach (var mixing in Enum.GetValues<CouplingMixing>())
            yield return settings with { Mixing = mixing, Mask = CouplingMask.Random };
        foreach (var map in Enum.GetValues<CouplingMap>())
            yield return settings with { Map = map, Mask = CouplingMask.Halves, ActNorm = true, MapsPassing = true };
        yield return CouplingFlowSettings.RealNvp(3, 1);
        yield return CouplingFlowSettings.NeuralSpline(3, 1);
    }

    private static IEnumerable<TestCaseData> WrongSettings()
    {
        yield return Wrong(() => AffineFlow.Create<double>(0), "at least 1 feature, got 0");
        yield return Wrong(() => PlanarFlow.Create<double>(2, -1), "context features, got -1");
        yield return Wrong(() => NeuralSplineFlow.Create<double>(new NeuralSplineFlowSettings { Features = 2, Transforms = 0 }), "at least 1 transform, got 0");
        yield return Wrong(() => MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, Passes = 3 }), "0 to 2 passes, got 3");
        yield return Wrong(() => RadialFlow.Create<double>(new RadialFlowSettings { Features = 2, ContextFeatures = 1 }), "no context, which these layers do not take, got 1");
        yield return Wrong(() => SylvesterFlow.Create<double>(new SylvesterFlowSettings { Features = 2, Directions = 3 }), "0 to 2 directions, got 3");
        yield return Wrong(() => CouplingFlow.Create<double>(1), "at least 2 features");
        yield return Wrong(() => CouplingFlow.Create<double>(new CouplingFlowSettings { Features = 2, ResidualBlocks = 1 }), "one hidden size, got 1 with 2");
        yield return Wrong(() => CouplingFlow.Create<double>(new CouplingFlowSettings { Features = 2, Mask = (CouplingMask)7 }), "a mask of the list, got 7");
        yield return Wrong(() => MultiScaleFlow.Create<double>(new MultiScaleFlowSettings(1, 4, 4)), "got 3 levels of 4 x 4");
        yield return Wrong(() => MultiScaleFlow.Create<double>(new MultiScaleFlowSettings(1, 4, 4) { Levels = 1, IsConvolutional = true }), "one hidden size of convolutional networks, their channels, got 2");
        yield return Wrong(() => MultiScaleFlow.Create<double>(new MultiScaleFlowSettings(1, 8, 8) { Features = 3 }), "64 features of an array of 1 x 8 x 8, got 3");
        yield return Wrong(
            () => CircularSplineFlow.Create<double>(new CircularSplineFlowSettings { Features = 1, Standardization = new LocationScale([0], [1]) }), "no standardization of angles");
        yield return Wrong(
            () => GaussianizationFlow.Create<double>(new GaussianizationFlowSettings { Features = 2, Standardization = new LocationScale([0], [1]) }),
            "a standardization of 2 features, got one of 1");

        static TestCaseData Wrong(Func<Flow<double>> create, string message) => new TestCaseData(create, message).SetArgDisplayNames(message);
    }

    // Fresh, log|det J| is 0 where the layers start as the identity; with lively numbers both directions are each other's inverse.
    private static void AssertGoesBack(Flow<double> flow, bool starts)
    {
        const int Count = 30;
        var x = Models.Rows<double>(Count, flow.Features, 31);
        var conditions = new Conditions<double>(Models.Rows<double>(Count, flow.ContextFeatures, 32), default);
        var (z, logDet, back, inverse) = (new double[x.Length], new double[Count], new double[x.Length], new double[Count]);
        flow.ToNoise(x, conditions, z, logDet);
        if (starts)
            Assert.That(logDet, Is.All.EqualTo(0).Within(1e-12));
        Models.Enliven(flow, 0.3);
        flow.ToNoise(x, conditions, z, logDet);
        flow.FromNoise(z, conditions, back, inverse);
        Assert.That(logDet.Select(Math.Abs).Max(), Is.GreaterThan(1e-3).Or.EqualTo(0));
        for (var i = 0; i < x.Length; i++)
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-10 * (1 + Math.Abs(x[i]))));
        for (var row = 0; row < Count; row++)
            Assert.That(inverse[row], Is.EqualTo(-logDet[row]).Within(1e-10 * (1 + Math.Abs(logDet[row]))));
    }
}
