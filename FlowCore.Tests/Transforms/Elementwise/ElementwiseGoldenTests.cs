using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Tests.Golden;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Elementwise;

/// <summary>Elementwise maps give the numbers of other libraries (tolerances: Golden/zoo/README.md).</summary>
[TestFixture]
internal sealed class ElementwiseGoldenTests
{
    private const double Value = 1e-11;
    private const double Inverse = 1e-10;
    private const double Gradient = 1e-9;

    [Test]
    public void Log_tanh_is_that_of_nflows()
    {
        var vectors = ZooVectors.Load("nflows_logtanh");
        var (x, y, rows) = (vectors["x"], vectors["y"], vectors["logabsdet"].Length);
        var features = x.Length / rows;
        using var flow = new Flow<double>(new StandardNormal<double>(features), new Elementwise<double>(LogTanh<double>.Nflows(), features));
        var (z, logDet, back, inverse) = (new double[x.Length], new double[rows], new double[x.Length], new double[rows]);
        flow.ToNoise(x, z, logDet);
        flow.FromNoise(y, back, inverse);
        Compare("value", z, y, Value);
        Compare("log-det", logDet, vectors["logabsdet"], Value);
        Compare("inverse", back, x, Inverse);
        Compare("inverse log-det", inverse, vectors["inv_logabsdet"], Inverse);

        // The vectors hold the gradient of the mean over the rows.
        var (density, gradient) = (new double[rows], new double[x.Length]);
        flow.LogDensityGradient(x, default, density, gradient, default, default);
        var expected = vectors["grad_x"];
        var largest = expected.Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.That(gradient[i] / rows, Is.EqualTo(expected[i]).Within(Gradient * largest), $"gradient {i}");
    }

    [Test]
    public void Softclip_is_that_of_zuko()
    {
        var vectors = ZooVectors.Load("zuko_T_Softclip");
        CompareNumberByNumber(new Softclip<double>(vectors["raw/0"][0]), vectors, _ => []);
    }

    [Test]
    public void Signed_power_is_that_of_zuko()
    {
        var vectors = ZooVectors.Load("zuko_T_SignedPower");
        var alpha = vectors["raw/0"];
        CompareNumberByNumber(new SignedPower<double>(), vectors, i => [alpha[i]]);
    }

    // Every number of the vectors has its own parameters and its own logarithm of the slope.
    private static void CompareNumberByNumber(Univariate<double> univariate, ZooVectors vectors, Func<int, double[]> parametersAt)
    {
        var (x, y, slopes) = (vectors["x"], vectors["y"], vectors["ladj"]);
        var transform = new Elementwise<double>(univariate, 1, "t");
        using var store = transform.Parameters.Count == 0 ? null : new ParameterStore<double>(Device.Cpu, transform.Parameters);
        using var evaluation = new TransformEvaluation<double>(transform, Device.Cpu, 1);
        Assert.That(slopes, Has.Length.EqualTo(x.Length));
        for (var i = 0; i < x.Length; i++)
        {
            if (store is not null)
                transform.Parameters[0].Write(parametersAt(i));
            var (value, slope) = evaluation.Apply(inverse: false, [x[i]], default);
            var (back, backSlope) = evaluation.Apply(inverse: true, [y[i]], default);
            Compare($"value {i}", value, [y[i]], Value);
            Compare($"slope {i}", slope, [slopes[i]], Value);
            Compare($"inverse {i}", back, [x[i]], Inverse);
            Compare($"inverse slope {i}", backSlope, [-slopes[i]], Inverse);
        }
    }

    private static void Compare(string what, double[] actual, double[] expected, double tolerance)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length), what);
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(tolerance * (1 + Math.Abs(expected[i]))), $"{what}, number {i}");
    }
}
