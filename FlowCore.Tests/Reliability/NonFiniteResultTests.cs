using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using FlowCore.Tests.Training;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Finite numbers that leave the range of the type: constants are refused, and rows are counted.</summary>
[TestFixture]
internal sealed class NonFiniteResultTests
{
    // Beyond it a square is infinite in float.
    private const float Large = 3.4e38f;

    [Test]
    public void Rows_with_a_result_that_is_not_finite_are_counted_whatever_the_call([Values(1, 2)] int threads)
    {
        using var device = new CpuDevice(threads);
        using var model = Models.Spline<float>(2, 0, device);
        // 700 rows in three blocks; every hundredth is far out.
        const int Rows = 700;
        var x = Models.Rows<float>(Rows, 2, 21);
        for (var row = 50; row < Rows; row += 100)
            x[2 * row] = Large;
        var (numbers, values) = (new float[Rows], new float[2 * Rows]);

        model.LogDensity(x, numbers);
        Assert.That(model.NonFiniteResults, Is.EqualTo(7));
        Assert.That(numbers.Count(number => !float.IsFinite(number)), Is.EqualTo(7));

        // The box of a spline ends long before: both directions are the identity there, and nothing is lost.
        model.ToNoise(x, values, numbers);
        model.FromNoise(x, values, numbers);
        model.Sample(new RandomStream(1), 0, values, numbers);
        Assert.That(model.NonFiniteResults, Is.EqualTo(7));

        // Density and gradient of a row are one loss.
        model.LogDensityGradient(x, default, numbers, values);
        Assert.That(model.NonFiniteResults, Is.EqualTo(14));
    }

    [Test]
    public void Far_nuisances_are_counted_in_every_direction()
    {
        using var model = Models.Factorizable<float>(2, 1, 1);
        const int Rows = 300;
        var x = Models.Rows<float>(Rows, 2, 22);
        var context = new float[Rows];
        var nuisances = new float[3 * Rows];
        nuisances[3 * 17] = 1e9f;
        nuisances[(3 * 290) + 2] = -1e9f;
        var (nominal, logDet, density) = (new float[2 * Rows], new float[Rows], new float[Rows]);
        long counted = 0;
        model.ToNominal(x, new(context, nuisances), nominal, logDet);
        Count([.. Enumerable.Range(0, Rows).Where(row => !float.IsFinite(nominal[2 * row] * 0 + nominal[(2 * row) + 1] * 0 + logDet[row]))], "to nominal");
        model.LogDensity(x, new(context, nuisances), density);
        Count([.. Enumerable.Range(0, Rows).Where(row => !float.IsFinite(density[row]))], "log-density");

        void Count(int[] lost, string call)
        {
            Assert.That(lost, Is.SubsetOf((int[])[17, 290]).And.Not.Empty, call);
            Assert.That(model.NonFiniteResults - counted, Is.EqualTo(lost.Length), call);
            counted = model.NonFiniteResults;
        }
    }

    [Test]
    public void Rows_that_were_given_as_not_finite_are_not_counted()
    {
        using var model = Models.Spline<float>(2, 0);
        model.AllowNonFinite = true;
        float[] x = [0.5f, 0.5f, float.NaN, 0, 1, Large, float.PositiveInfinity, Large];
        var density = new float[4];
        model.LogDensity(x, density);
        Assert.That(density.Select(float.IsFinite), Is.EqualTo((bool[])[true, false, false, false]));
        Assert.That(model.NonFiniteResults, Is.EqualTo(1));
    }

    [Test]
    public void A_point_outside_a_bounded_noise_counts()
    {
        using var model = new Flow<double>(new UniformBox<double>([0], [1]), new FlowCore.Transforms.Elementwise<double>(new FlowCore.Transforms.Affine<double>(), 1, "a"));
        var density = new double[3];
        model.LogDensity([0.5, 2, 0.25], density);
        Assert.That(density, Is.EqualTo((double[])[0, double.NegativeInfinity, 0]));
        Assert.That(model.NonFiniteResults, Is.EqualTo(1));
    }

    [Test]
    public void Constants_that_float_does_not_hold_are_refused_and_double_takes_them()
    {
        Assert.Multiple(() =>
        {
            Refused(() => new Elementwise<float>(new RationalQuadraticSpline<float>(new SplineSettings(4, 1e300)), 1, "s"), "The bound 1E+300 is too large for float.");
            Refused(() => new SplineOperation<float>(new SplineSettings(4, 3e38), [0]), "The spline's interval of length 6E+38 is too large for float.");
            Refused(() => new SplineOperation<float>(new SplineSettings(4, 1e-300), [0]), "The bound 1E-300 is too small for float.");
            Refused(() => NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 2, Bound = 1e300 }), "too large for float.");
            Refused(() => new DiagonalNormal<float>([1e300], [1]), "The location 1E+300 is too large for float.");
            Refused(() => new DiagonalNormal<float>([0], [1e300]), "The scale 1E+300 is too large for float.");
            Refused(() => new DiagonalNormal<float>([0], [1e-300]), "The scale 1E-300 is too small for float.");
            Refused(() => new UniformBox<float>([0], [1e300]), "The upper bound 1E+300 is too large for float.");
            Refused(() => new UniformBox<float>([-1e300], [0]), "The lower bound -1E+300 is too large for float.");
            Refused(() => new Standardization<float>(new LocationScale([1e300], [1]), "s"), "The location 1E+300 is too large for float.");
            Refused(() => new Standardization<float>(new LocationScale([0], [1e-300]), "s"), "The scale 1E-300 is too small for float.");
            Refused(() => Residual<float>(1e300, 1, 0.1), "The central value 1E+300 is too large for float.");
            Refused(() => Residual<float>(0, 1e-300, 0.1), "The scale 1E-300 is too small for float.");
            Refused(() => Residual<float>(0, 1, 1e300), "The quadratic damping 1E+300 is too large for float.");
        });
        using var ownDevice = new CpuDevice(1);
        using var flow = NeuralSplineFlow.Create<double>(new NeuralSplineFlowSettings { Features = 2, Bound = 1e100, HiddenSizes = [4] }, ownDevice);
        Assert.That(() => Residual<double>(1e300, 1e-300, 0.1), Throws.Nothing);
        Assert.That(() => flow.ConvertTo<float>(), Throws.ArgumentException.With.Message.Contains("too large for float"));
    }

    [Test]
    public void Rates_that_the_type_does_not_hold_are_refused()
    {
        using var model = Models.Affine<float>(2, 0);
        Refused(() => Train(OptimiserSettings.Sgd(1e300)), "The learning rate 1E+300 is too large for float.");
        Refused(() => Train(OptimiserSettings.AdamW(1e-3, weightDecay: 1e300)), "The weight decay 1E+300 is too large for float.");
        Refused(() => Train(OptimiserSettings.Adam(1e-3, epsilon: 1e-300)), "The epsilon 1E-300 is too small for float.");

        TrainingResult Train(OptimiserSettings settings) =>
            model.Fit(new NormalRows<float>(2), new TrainingOptions { BatchSize = 8, StepsPerEpoch = 1, Epochs = 1, Optimiser = settings });
    }

    private static PolynomialResidual<T> Residual<T>(double central, double scale, double damping)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => new(new PolynomialResidualSettings
        {
            Features = 2,
            Nuisances = 1,
            Layers = 1,
            HiddenSizes = [4],
            CentralValues = [central],
            Scales = [scale],
            QuadraticDamping = damping,
        });

    private static void Refused(Func<object> make, string sentence) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(sentence));
}
