using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Interop;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms;

/// <summary>The forms of affine maps by their formulas, at their start, and where a scale is nearly nothing; what couplings do with them.</summary>
[TestFixture]
internal sealed class AffineFormTests
{
    private static readonly (string Name, AffineSettings Settings, Func<double, double> Scale)[] _forms =
    [
        ("zuko", new AffineSettings { Slope = 1e-3 }, a => Math.Exp(a / (1 + Math.Abs(a / Math.Log(1e-3))))),
        ("exponential, scale first", new AffineSettings { IsScaleFirst = true }, Math.Exp),
        ("nflows masked", AffineSettings.NflowsMasked, a => Softplus(a) + 1e-3),
        ("nflows coupling", AffineSettings.NflowsCoupling, a => Sigmoid(a + 2) + 1e-3),
        ("nflows general", AffineSettings.NflowsGeneral, a => Math.Min(Softplus(a) + 1e-3, 3)),
        ("normflows masked", AffineSettings.NormflowsMasked, a => Sigmoid(a + 2) + 1e-3),
        ("normflows sigmoid", AffineSettings.NormflowsSigmoid, a => 1 / Sigmoid(a + 2)),
        ("normflows sigmoid_inv", AffineSettings.NormflowsInverseSigmoid, a => Sigmoid(a + 2)),
        ("glasflow log 2", AffineSettings.GlasflowLog(2), a => Math.Exp(4 * (Sigmoid(a) - 0.5))),
    ];

    public static IEnumerable<string> Forms => _forms.Select(form => form.Name);

    [TestCaseSource(nameof(Forms))]
    public void Scales_are_those_of_the_formula(string name)
    {
        var (_, settings, scale) = _forms.First(form => form.Name == name);
        foreach (var a in new[] { -3.0, -0.5, 0, 0.7, 2.5, 6 })
        {
            var (z, logSlope, back) = Map<double>(settings, a, shift: 0.4, x: 1.3);
            Assert.That(z, Is.EqualTo((1.3 * scale(a)) + 0.4).Within(1e-13), $"a = {a}");
            Assert.That(logSlope, Is.EqualTo(Math.Log(scale(a))).Within(1e-13), $"a = {a}");
            Assert.That(back, Is.EqualTo(1.3).Within(1e-12), $"a = {a}");
        }
    }

    // Beyond the range of exponentials in either precision scales are finite numbers or their limits, and logarithms what the formula says.
    [TestCaseSource(nameof(Forms))]
    public void Logarithms_of_scales_are_numbers_however_far_the_raw_one_is(string name)
    {
        var settings = _forms.First(form => form.Name == name).Settings;
        foreach (var a in new[] { -80.0, -30, 30, 80 })
        {
            var (_, exact, _) = Map<double>(settings, a, 0, 0);
            var (_, single, _) = Map<float>(settings, a, 0, 0);
            Assert.That(double.IsFinite(exact), Is.True, $"a = {a}");
            // A few units of single precision of numbers up to 80.
            Assert.That(single, Is.EqualTo(exact).Within(1e-6 * (1 + Math.Abs(exact))), $"a = {a}");
        }
    }

    [TestCaseSource(nameof(Forms))]
    public void The_start_is_the_identity_or_that_of_the_library(string name)
    {
        var (_, settings, scale) = _forms.First(form => form.Name == name);
        var raw = new double[2];
        new Affine<double>(settings).Start(raw);
        var start = raw[settings.IsScaleFirst ? 0 : 1];
        Assert.That(raw[settings.IsScaleFirst ? 1 : 0], Is.Zero);
        var expected = name switch { "normflows sigmoid" => 1 / Sigmoid(2), "normflows sigmoid_inv" => Sigmoid(2), _ => 1 };
        Assert.That(scale(start), Is.EqualTo(expected).Within(1e-13));
    }

    [Test]
    public void Couplings_of_parameters_by_kind_start_at_the_identity()
    {
        var network = new ResidualNetwork<double>(2, 0, 6, 4, 1, UnaryFunction.Tanh, "net", new RandomStream(1));
        var coupling = new Coupling<double>(
            new Affine<double>(AffineSettings.NflowsCoupling), [true, false, true, false, false], network, order: ParameterOrder.ByKind);
        coupling.StartAtIdentity();
        using var flow = new Flow<double>(new StandardNormal<double>(5), coupling);
        double[] x = [0.3, -1, 2, 0.1, -0.7];
        var (z, logDet) = (new double[5], new double[1]);
        flow.ToNoise(x, z, logDet);
        Assert.That(z, Is.EqualTo(x).Within(1e-14));
        Assert.That(logDet[0], Is.Zero.Within(1e-14));
    }

    [Test]
    public void Halves_are_those_of_torch_chunk()
    {
        Assert.That(Coupling<double>.Halves(5), Is.EqualTo(new[] { true, true, true, false, false }));
        Assert.That(Coupling<double>.Halves(5, first: false), Is.EqualTo(new[] { false, false, false, true, true }));
        Assert.That(Coupling<double>.RandomHalf(5, new RandomStream(3)).Count(pass => pass), Is.EqualTo(3));
        Assert.That(
            Enumerable.Range(0, 50).Select(seed => string.Concat(Coupling<double>.RandomHalf(4, new RandomStream((ulong)seed)).Select(pass => pass ? 1 : 0))).Distinct().Count(),
            Is.EqualTo(6));
    }

    [Test]
    public void A_map_of_what_passes_that_does_not_fit_is_refused()
    {
        var network = new Mlp<double>([1, 2], UnaryFunction.ReLU, "net");
        Assert.That(
            () => new Coupling<double>(new Affine<double>(), [true, false], network, new Elementwise<double>(new Affine<double>(), 2, "alone")),
            Throws.ArgumentException.With.Message.Contains("1 features that pass"));
        Assert.That(() => new Affine<double>(new AffineSettings { Scale = AffineScale.Softplus, Minimum = 0 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Affine<double>(AffineSettings.GlasflowLog(0)), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => new Affine<double>(new AffineSettings { Scale = AffineScale.Softplus, Maximum = 0.5 }), Throws.InstanceOf<ArgumentException>());
    }

    // zuko's tensors have no word for these: written, they would be read as something else.
    [Test]
    public void What_zuko_does_not_have_is_not_written_as_if_it_were_zukos()
    {
        var order = AutoregressiveOrder.Natural(2);
        Refused(new MaskedAutoregressive<double>(new Affine<double>(AffineSettings.NflowsMasked), order, [4], UnaryFunction.ReLU, "t"));
        Refused(new MaskedAutoregressive<double>(
            new RationalQuadraticSpline<double>(new SplineSettings(4) { Parametrization = SplineParametrization.Softmax }), order, [4], UnaryFunction.ReLU, "t"));
        Refused(new Coupling<double>(
            new Affine<double>(1e-3), [true, false], new Mlp<double>([1, 4, 2], UnaryFunction.ReLU, "t.hyper"),
            new Elementwise<double>(new Affine<double>(1e-3), 1, "alone")));
        Refused(new Coupling<double>(
            new Affine<double>(1e-3), [true, false, false], new Mlp<double>([1, 4, 4], UnaryFunction.ReLU, "t.hyper"), order: ParameterOrder.ByKind));
    }

    private static void Refused(Transform<double> transform)
    {
        using var flow = new Flow<double>(new StandardNormal<double>(transform.Features), transform);
        Assert.That(() => StateDictionary.Write(flow), Throws.InstanceOf<NotSupportedException>());
    }

    private static (double Z, double LogSlope, double Back) Map<T>(AffineSettings settings, double raw, double shift, double x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var map = new Elementwise<T>(new Affine<T>(settings), 1, "map");
        var (a, t) = (T.CreateTruncating(raw), T.CreateTruncating(shift));
        map.Parameters[0].Write(settings.IsScaleFirst ? [a, t] : [t, a]);
        using var flow = new Flow<T>(new StandardNormal<T>(1), map);
        var (z, logDet, back) = (new T[1], new T[1], new T[1]);
        flow.ToNoise([T.CreateTruncating(x)], z, logDet);
        flow.FromNoise(z, back, default);
        return (double.CreateTruncating(z[0]), double.CreateTruncating(logDet[0]), double.CreateTruncating(back[0]));
    }

    private static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));

    private static double Softplus(double a) => Math.Max(a, 0) + Math.Log(1 + Math.Exp(-Math.Abs(a)));
}
