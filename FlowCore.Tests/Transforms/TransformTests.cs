using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms;

[TestFixture]
public sealed class TransformTests
{
    private const int Features = 3;

    private static readonly string[] _kinds =
        ["permutation", "elementwise affine", "elementwise spline", "standardize", "triangular linear", "inverted autoregressive", "composition", "empty composition"];

    [TestCaseSource(nameof(_kinds))]
    public void Inverse_undoes_forward(string kind)
    {
        using var flow = new Flow<double>(new StandardNormal<double>(Features), Create(kind));
        Models.Enliven(flow);
        MakeInvertible(flow);
        var x = Models.Rows<double>(100, Features, 3);
        var (z, forward, back, inverse) = (new double[x.Length], new double[100], new double[x.Length], new double[100]);
        flow.ToNoise(x, z, forward);
        flow.FromNoise(z, back, inverse);
        for (var i = 0; i < x.Length; i++)
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-9));
        for (var i = 0; i < forward.Length; i++)
            Assert.That(inverse[i], Is.EqualTo(-forward[i]).Within(1e-9));
    }

    [TestCaseSource(nameof(_kinds))]
    public void Log_determinant_is_that_of_central_differences(string kind)
    {
        using var flow = new Flow<double>(new StandardNormal<double>(Features), Create(kind));
        Models.Enliven(flow);
        MakeInvertible(flow);
        const int Rows = 10;
        // Steps of 1e-6 lose ten of sixteen digits to cancellation and 1e-12 to curvature.
        const double Step = 1e-6;
        var x = Models.Rows<double>(Rows, Features, 3);
        var (z, logDet) = (new double[x.Length], new double[Rows]);
        flow.ToNoise(x, z, logDet);
        var jacobian = new double[Rows, Features, Features];
        for (var k = 0; k < Features; k++)
        {
            var (plus, minus) = (Shifted(k, Step), Shifted(k, -Step));
            for (var row = 0; row < Rows; row++)
            {
                for (var j = 0; j < Features; j++)
                    jacobian[row, j, k] = (plus[(row * Features) + j] - minus[(row * Features) + j]) / (2 * Step);
            }
        }

        for (var row = 0; row < Rows; row++)
        {
            double M(int j, int k) => jacobian[row, j, k];
            var determinant = (M(0, 0) * ((M(1, 1) * M(2, 2)) - (M(1, 2) * M(2, 1))))
                - (M(0, 1) * ((M(1, 0) * M(2, 2)) - (M(1, 2) * M(2, 0))))
                + (M(0, 2) * ((M(1, 0) * M(2, 1)) - (M(1, 1) * M(2, 0))));
            Assert.That(logDet[row], Is.EqualTo(Math.Log(Math.Abs(determinant))).Within(1e-7), $"row {row}");
        }

        double[] Shifted(int column, double step)
        {
            var shifted = (double[])x.Clone();
            for (var i = column; i < shifted.Length; i += Features)
                shifted[i] += step;
            var result = new double[x.Length];
            flow.ToNoise(shifted, result, default);
            return result;
        }
    }

    [Test]
    public void A_conditional_transform_has_the_density_of_its_one_feature([Values] bool spline)
    {
        using var flow = spline ? Models.Spline<double>(1, 2) : Models.Affine<double>(1, 2);
        // The trapezoidal rule over ±12 in steps of 0.001; the spline's kinks cost the square of the step.
        const int Steps = 24_001;
        var x = new double[Steps];
        for (var i = 0; i < Steps; i++)
            x[i] = (0.001 * i) - 12;
        var density = new double[Steps];
        flow.LogDensity(x, new([0.4, -0.7]), density);
        Assert.That(density.Sum(Math.Exp) * 0.001, Is.EqualTo(1).Within(1e-5));
        var (z, back, context) = (new double[50], new double[50], Models.Rows<double>(50, 2, 4));
        flow.ToNoise(x.AsSpan(12_000, 50), context, z, default);
        flow.FromNoise(z, context, back, default);
        for (var i = 0; i < 50; i++)
            Assert.That(back[i], Is.EqualTo(x[12_000 + i]).Within(1e-10));
    }

    [Test]
    public void A_permutation_moves_feature_pi_of_j_to_j()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(3), new Permutation<double>([2, 0, 1]));
        var z = new double[3];
        flow.ToNoise([10, 20, 30], z, default);
        Assert.That(z, Is.EqualTo(new double[] { 30, 10, 20 }));
    }

    [Test]
    public void Indices_that_are_no_permutation_are_refused() =>
        Assert.That(() => new Permutation<double>([0, 2, 2]), Throws.ArgumentException.With.Message.Contains("got 2 at 2"));

    [Test]
    public void Standardizing_gives_mean_zero_and_deviation_one()
    {
        var x = Models.Rows<double>(500, 2, 6, scale: 3);
        for (var i = 0; i < x.Length; i += 2)
            x[i] += 1000;
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Standardization<double>(LocationScale.FromData<double>(x, 2), "standardize"));
        var (z, logDet) = (new double[x.Length], new double[500]);
        flow.ToNoise(x, z, logDet);
        var after = LocationScale.FromData<double>(z, 2);
        Assert.That(after.Location, Is.All.EqualTo(0).Within(1e-12));
        Assert.That(after.Scale, Is.All.EqualTo(1).Within(1e-12));
        Assert.That(flow.Parameters.Parameters, Is.Empty, "nothing to train");
    }

    [Test]
    public void A_constant_feature_is_standardized_by_one()
    {
        var (location, scale) = LocationScale.FromData<float>([7, 7, 7], 1);
        Assert.That(location, Is.EqualTo(new[] { 7.0 }));
        Assert.That(scale, Is.EqualTo(new[] { 1.0 }));
    }

    [Test]
    public void Parts_of_other_features_are_refused() => Assert.That(
        () => new Composition<double>(3, Permutation<double>.Reversal(3), Permutation<double>.Reversal(2)),
        Throws.ArgumentException.With.Message.Contains("part 1 to have 3 features, got 2"));

    [Test]
    public void Parts_read_the_leading_columns_of_the_conditions()
    {
        var narrow = Autoregressive(2, 1, "a");
        using var flow = new Flow<double>(new StandardNormal<double>(2), new Composition<double>(2, narrow, Autoregressive(2, 3, "b")));
        Models.Enliven(flow);
        Assert.That(flow.ConditionColumns, Is.EqualTo(3));
        var (first, second) = (new double[2], new double[2]);
        using var alone = new Flow<double>(new StandardNormal<double>(2), narrow.ConvertTo<double>());
        alone.ToNoise([0.3, -0.4], new([0.7]), first, default);
        alone.FromNoise(first, new([0.7]), second, default);
        Assert.That(second, Is.EqualTo(new[] { 0.3, -0.4 }).Within(1e-12));
        flow.ToNoise([0.3, -0.4], new([0.7, 1, 2]), first, default);
        flow.ToNoise([0.3, -0.4], new([0.7, 1, -2]), second, default);
        Assert.That(second, Is.Not.EqualTo(first), "the last column is read by the second part");
    }

    [Test]
    public void A_transform_checks_the_shapes_of_its_arguments()
    {
        var transform = Autoregressive(2, 1, "a");
        using var store = new ParameterStore<double>(Device.Cpu, transform.Parameters);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(2, record: false);
        var x = tape.Input([1, 2, 3, 4], 2);
        Assert.That(() => transform.Forward(tape.Input([1, 2], 1), out _), Throws.ArgumentException.With.Message.Contains("block of 2 columns"));
        Assert.That(() => transform.Forward(x, out _), Throws.ArgumentException.With.Message.Contains("conditions of 1 columns"));
        Assert.That(() => transform.Inverse(x, tape.SharedRow([0.5]), out _), Throws.Nothing);
    }

    private static MaskedAutoregressive<double> Autoregressive(int features, int context, string name) => new(
        new RationalQuadraticSpline<double>(new SplineSettings(4)), AutoregressiveOrder.Natural(features, context), [6], UnaryFunction.ReLU, name, new RandomStream(2));

    private static Transform<double> Create(string kind) => kind switch
    {
        "permutation" => new Permutation<double>([2, 0, 1]),
        "elementwise affine" => new Elementwise<double>(new Affine<double>(1e-2), Features, "affine"),
        "elementwise spline" => new Elementwise<double>(new RationalQuadraticSpline<double>(new SplineSettings(6, 4)), Features, "spline"),
        "standardize" => new Standardization<double>(new LocationScale([1, -2, 30], [0.5, 2, 7]), "standardize"),
        "triangular linear" => new TriangularLinear<double>(Features, "linear"),
        "inverted autoregressive" => new Inverted<double>(Autoregressive(Features, 0, "inner")),
        "composition" => new Composition<double>(
            Features,
            new Standardization<double>(new LocationScale([1, -2, 3], [0.5, 2, 1]), "standardize"),
            Autoregressive(Features, 0, "first"),
            Permutation<double>.Reversal(Features),
            new TriangularLinear<double>(Features, "linear"),
            new Composition<double>(Features, new Elementwise<double>(new RationalQuadraticSpline<double>(new SplineSettings(6, 4)), Features, "spline"))),
        "empty composition" => new Composition<double>(Features),
        _ => throw new ArgumentException(kind),
    };

    /// <summary>Random numbers on a diagonal may be small: it gets ones.</summary>
    private static void MakeInvertible(Flow<double> flow)
    {
        foreach (var parameter in flow.Parameters.Parameters)
        {
            for (var i = 0; parameter.Name == "linear.weight" && i < Features; i++)
                parameter.Values[(i * Features) + i] = 1 + i;
        }
    }
}
