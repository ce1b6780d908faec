using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Golden;

/// <summary>The splines and the Bernstein polynomial against the vectors of nflows, normflows and zuko, with the raw parameters that those libraries' networks give.</summary>
[TestFixture]
internal sealed class SplineGoldenTests
{
    private const int Rows = 64;
    private const int Features = 3;
    private const int Hidden = 16;
    private const int Bins = 8;

    private static readonly SplineSettings _nflows = new(Bins, 3) { Parametrization = SplineParametrization.Softmax };

    [TestCase("nflows_maf_rqs_tb3")]
    [TestCase("nflows_maf_quad_tb3")]
    [TestCase("nflows_maf_cubic_unit")]
    public void Masked_splines_of_nflows(string name)
    {
        Univariate<double> univariate = name switch
        {
            "nflows_maf_rqs_tb3" => new RationalQuadraticSpline<double>(_nflows),
            "nflows_maf_quad_tb3" => new QuadraticSpline<double>(new BinnedSplineSettings(Bins, 3), EdgeRule.NFlows),
            _ => new CubicSpline<double>(BinnedSplineSettings.Unit(Bins)),
        };
        var vectors = ZooVectors.Load(name);
        var x = vectors["x"];
        var raw = NflowsNetworks.Run(vectors, "autoregressive_net", x, Features, Hidden, 2);
        var (y, logDet) = Apply(univariate, x, raw, Features, inverse: false);
        AssertClose(y, vectors["y"], 1e-11, "y");
        AssertClose(logDet, vectors["logabsdet"], 1e-11, "ℓ");
        var (back, inverseLogDet) = Apply(univariate, vectors["y"], raw, Features, inverse: true);
        AssertClose(back, x, 1e-10, "x");
        AssertClose(inverseLogDet, vectors["inv_logabsdet"], 1e-10, "inverse ℓ");
    }

    [TestCase("nflows_rqs_coupling_tb3_uncond", 1e-10)]
    [TestCase("nflows_cubic_coupling_tb3", 1e-4)]
    [TestCase("nflows_linear_coupling_tb3", 2e-5)]
    public void Spline_couplings_of_nflows(string name, double inverseLogDetTolerance)
    {
        // The last tolerance: nflows inverts a cubic by a closed formula, and moves a knot of the linear spline; our own ℓ is
        // compared with its forward value below.
        const double LogitScale = 0.25;
        Univariate<double> univariate = name switch
        {
            "nflows_rqs_coupling_tb3_uncond" => new RationalQuadraticSpline<double>(_nflows with { LogitScale = LogitScale }),
            "nflows_cubic_coupling_tb3" => new CubicSpline<double>(new BinnedSplineSettings(Bins, 3) { LogitScale = LogitScale }),
            _ => new LinearSpline<double>(new BinnedSplineSettings(Bins, 3)),
        };
        var vectors = ZooVectors.Load(name);
        var (passing, taken) = (Columns(vectors["param/identity_features"]), Columns(vectors["param/transform_features"]));
        var (x, expected) = (vectors["x"], vectors["y"]);
        var raw = NflowsNetworks.Run(vectors, "transform_net", Pick(x, passing), passing.Length, Hidden, 2);
        var (y, logDet) = Apply(univariate, Pick(x, taken), raw, taken.Length, inverse: false);
        AssertClose(y, Pick(expected, taken), 1e-11, "y");
        var (back, inverseLogDet) = Apply(univariate, Pick(expected, taken), raw, taken.Length, inverse: true);
        AssertClose(back, Pick(x, taken), 1e-10, "x");
        AssertClose(inverseLogDet, Array.ConvertAll(logDet, value => -value), 1e-9, "ℓ there and back");
        if (name == "nflows_rqs_coupling_tb3_uncond")
        {
            // The passing feature has a spline of its own, whose raw sizes nobody divides.
            var own = vectors["param/unconditional_transform.unnormalized_widths"]
                .Concat(vectors["param/unconditional_transform.unnormalized_heights"]).Concat(vectors["param/unconditional_transform.unnormalized_derivatives"]);
            var shared = Enumerable.Repeat(own, Rows).SelectMany(row => row).ToArray();
            var (first, firstLogDet) = Apply(new RationalQuadraticSpline<double>(_nflows), Pick(x, passing), shared, 1, inverse: false);
            AssertClose(first, Pick(expected, passing), 1e-11, "the passing feature");
            logDet = [.. logDet.Zip(firstLogDet, (a, b) => a + b)];
            (_, firstLogDet) = Apply(new RationalQuadraticSpline<double>(_nflows), Pick(expected, passing), shared, 1, inverse: true);
            inverseLogDet = [.. inverseLogDet.Zip(firstLogDet, (a, b) => a + b)];
        }

        AssertClose(logDet, vectors["logabsdet"], 1e-11, "ℓ");
        AssertClose(inverseLogDet, vectors["inv_logabsdet"], inverseLogDetTolerance, "inverse ℓ");
    }

    [Test]
    public void Linear_and_circular_splines_of_normflows()
    {
        // Both take 3K + 1 numbers: the linear feature leaves its outer slopes out, the circular one its last. The wrapper's
        // direction from noise to data is the inverse of the spline's.
        var vectors = ZooVectors.Load("normflows_circular_coupled_rqs");
        var (passing, taken) = (Columns(vectors["param/prqct.identity_features"])[0], Columns(vectors["param/prqct.transform_features"])[0]);
        var (z, x) = (vectors["z"], vectors["x"]);
        var own = vectors["param/prqct.unconditional_transform.unnormalized_widths"]
            .Concat(vectors["param/prqct.unconditional_transform.unnormalized_heights"]).Concat(vectors["param/prqct.unconditional_transform.unnormalized_derivatives"]);
        var network = NflowsNetworks.Run(vectors, "prqct.transform_net", Pick(x, [passing]), 1, Hidden, 2);
        var logDet = new double[Rows];
        Check(passing, [.. Enumerable.Repeat(own, Rows).SelectMany(row => row)], 1);
        Check(taken, network, 0.25);
        AssertClose(Array.ConvertAll(logDet, value => -value), vectors["log_det"], 1e-10, "ℓ");

        void Check(int feature, double[] raw, double scale)
        {
            var isCircular = feature == 1;
            var settings = new SplineSettings(Bins, isCircular ? Math.PI : 5) { Parametrization = SplineParametrization.Softmax, LogitScale = scale };
            if (isCircular)
                settings = settings with { Ends = SplineEnds.Tied, Tails = SplineTails.Circular };
            const int All = (3 * Bins) + 1;
            int[] columns = isCircular ? [.. Enumerable.Range(0, All - 1)] : [.. Enumerable.Range(0, 2 * Bins), .. Enumerable.Range((2 * Bins) + 1, Bins - 1)];
            var kept = Enumerable.Range(0, Rows).SelectMany(row => columns.Select(column => raw[(row * All) + column])).ToArray();
            Univariate<double> univariate = isCircular ? new CircularSpline<double>(settings, SplineShift.None) : new RationalQuadraticSpline<double>(settings);
            var (noise, forwardLog) = Apply(univariate, Pick(x, [feature]), kept, 1, inverse: false);
            AssertClose(noise, Pick(z, [feature]), 1e-10, $"z of feature {feature}");
            var (data, _) = Apply(univariate, Pick(z, [feature]), kept, 1, inverse: true);
            AssertClose(data, Pick(x, [feature]), 1e-10, $"x of feature {feature}");
            for (var row = 0; row < Rows; row++)
                logDet[row] += forwardLog[row];
        }
    }

    [Test]
    public void The_free_Bernstein_polynomial_of_zuko()
    {
        var vectors = ZooVectors.Load("zuko_T_Bernstein");
        var univariate = new BernsteinPolynomial<double>(new BernsteinSettings(16) { IsBounded = false, TailOffset = 1e-6 });
        var (y, logDet) = Apply(univariate, vectors["x"], vectors["raw/0"], 1, inverse: false);
        AssertClose(y, vectors["y"], 1e-11, "y");
        AssertClose(logDet, vectors["ladj"], 1e-11, "ℓ");
        var (back, _) = Apply(univariate, vectors["y"], vectors["raw/0"], 1, inverse: true);
        AssertClose(back, vectors["x"], 1e-10, "x");
    }

    private static int[] Columns(double[] numbers) => Array.ConvertAll(numbers, value => (int)value);

    private static double[] Pick(double[] values, int[] columns)
    {
        var width = values.Length / Rows;
        return [.. Enumerable.Range(0, Rows).SelectMany(row => columns.Select(column => values[(row * width) + column]))];
    }

    private static (double[] Y, double[] LogDet) Apply(Univariate<double> univariate, double[] x, double[] raw, int features, bool inverse)
    {
        var rows = x.Length / features;
        using var tape = new Tape<double>(Device.Cpu.CreateKernels<double>(), rows);
        tape.Begin(rows, record: false);
        var map = new UnivariateMap<double>(univariate, UnivariateMap<double>.Natural(features), inverse);
        var parameters = features * univariate.ParametersPerFeature;
        var y = map.Apply(tape, tape.Input(x, features), tape.Input(raw, parameters), out var logDet);
        var (values, logs) = (new double[x.Length], new double[rows]);
        tape.ReadValue(y, values);
        tape.ReadValue(logDet, logs);
        return (values, logs);
    }

    private static void AssertClose(double[] actual, double[] expected, double tolerance, string what)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (var i = 0; i < actual.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(tolerance * (1 + Math.Abs(expected[i]))), $"{what}, number {i}");
    }
}
