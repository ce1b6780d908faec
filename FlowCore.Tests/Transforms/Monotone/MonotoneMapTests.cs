using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms.Monotone;

/// <summary>What is particular to maps without a closed inverse: tails, squeezes, starts, networks of the features' own.</summary>
[TestFixture]
internal sealed class MonotoneMapTests
{
    [Test]
    public void One_component_is_an_affine_map_however_far_out()
    {
        // z = Φ⁻¹(Φ(t)) = t: here both have long underflowed or are 1 in double.
        double[] x = [-1e6, -300, -41.5, -9, -0.3, 0, 1e-9, 0.7, 8.3, 38, 39, 1e3, 1e6];
        using var flow = Elementwise(new Gaussianization<double>(1), 1, [0.25, Math.Log(1.5)]);
        var (z, logDet, back, inverse) = (new double[x.Length], new double[x.Length], new double[x.Length], new double[x.Length]);
        flow.ToNoise(x, z, logDet);
        flow.FromNoise(z, back, inverse);
        Assert.Multiple(() =>
        {
            for (var i = 0; i < x.Length; i++)
            {
                var t = (1.5 * x[i]) + 0.25;
                Assert.That(z[i], Is.EqualTo(t).Within(4e-15 * (1 + Math.Abs(t))), $"{x[i]}");

                // t²/2 and z²/2 cancel.
                Assert.That(logDet[i], Is.EqualTo(Math.Log(1.5)).Within(1e-14 * (1 + (t * t))), $"{x[i]}");
                Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-14 * (1 + Math.Abs(x[i]))), $"{x[i]}");
            }
        });
    }

    [Test]
    public void Tails_in_single_precision_do_not_underflow()
    {
        float[] x = [-60, -20, -14, 14, 20, 60];
        double[] raw = [0.4, -0.7, 1.1, 0.1, -0.3, 0.2];
        using var exact = Elementwise(new Gaussianization<double>(3), 1, raw);
        using var flow = Elementwise(new Gaussianization<float>(3), 1, raw);
        var (z, expected) = (new float[x.Length], new double[x.Length]);
        flow.ToNoise(x, z, default);
        exact.ToNoise(Array.ConvertAll(x, value => (double)value), expected, default);
        for (var i = 0; i < x.Length; i++)
            Assert.That(z[i], Is.EqualTo(expected[i]).Within(2e-6 * Math.Abs(expected[i])));
    }

    [Test]
    public void Noise_beyond_a_squeeze_has_no_origin_and_leaves_its_neighbours_alone()
    {
        double[] raw = [0.4, -0.7, 0.1, -0.3];
        using var flow = Elementwise(new Gaussianization<double>(2, 1e-6), 1, raw);
        double[] outside = [0.3, 5, -4.95, 4.88];
        double[] inside = [0.3, 0, 0, 4.88];
        var (x, logDet, other, otherLogDet) = (new double[4], new double[4], new double[4], new double[4]);
        flow.FromNoise(outside, x, logDet);
        flow.FromNoise(inside, other, otherLogDet);
        Assert.Multiple(() =>
        {
            Assert.That(logDet[1], Is.EqualTo(double.NegativeInfinity));
            Assert.That(logDet[2], Is.EqualTo(double.NegativeInfinity));
            Assert.That(x, Is.All.Matches<double>(double.IsFinite));
            Assert.That((x[0], x[3], logDet[0], logDet[3]), Is.EqualTo((other[0], other[3], otherLogDet[0], otherLogDet[3])));
        });
    }

    [Test]
    public void Noise_without_an_origin_gives_no_gradient()
    {
        using var flow = Elementwise(new Gaussianization<double>(2, 1e-6), 1, [0.4, -0.7, 0.1, -0.3]);
        using var kernels = flow.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(flow.Parameters.Length);
        tape.Begin(1, flow.Parameters, gradients);
        var z = tape.Input([6.0], 1, requiresAdjoint: true);
        var x = flow.Transform.Inverse(z, out var logDet);
        tape.Backward(x + logDet, [1.0]);
        var (adjoint, gradient) = (new double[1], new double[4]);
        tape.ReadAdjoint(z, adjoint);
        kernels.Read(gradients, flow.Parameters.Parameters[0].Offset, gradient);
        Assert.That(adjoint, Is.All.Zero);
        Assert.That(gradient, Is.All.Zero);
    }

    [Test]
    public void Quadrature_is_exact_for_polynomials([Values(1, 2, 3, 5, 8, 32)] int count)
    {
        var (nodes, weights) = GaussLegendre.OnUnitInterval(count);
        for (var degree = 0; degree < 2 * count; degree++)
        {
            var sum = nodes.Zip(weights, (node, weight) => weight * Math.Pow(node, degree)).Sum();
            Assert.That(sum, Is.EqualTo(1.0 / (degree + 1)).Within(1e-14), $"degree {degree}");
        }

        Assert.That(nodes, Is.Ordered);
    }

    [Test]
    public void A_sum_of_squares_is_its_polynomial()
    {
        // p = 1 + a₀ + a₁ v with v = x/10: ∫ p² = (1 + a₀)² x + (1 + a₀) a₁ x²/10 + a₁² x³/300.
        const double A0 = 0.3, A1 = -0.8, C = 0.4;
        double[] x = [-25, -3, -0.1, 0, 2, 40];
        using var flow = Elementwise(new SumOfSquares<double>(1, 1), 1, [A0, A1, C]);
        var (z, logDet) = (new double[x.Length], new double[x.Length]);
        flow.ToNoise(x, z, logDet);
        for (var i = 0; i < x.Length; i++)
        {
            var b = 1 + A0;
            var expected = (b * b * x[i]) + (b * A1 * x[i] * x[i] / 10) + (A1 * A1 * x[i] * x[i] * x[i] / 300) + (1e-3 * x[i]) + C;
            var p = b + (A1 * x[i] / 10);
            Assert.That(z[i], Is.EqualTo(expected).Within(1e-13 * (1 + Math.Abs(expected))));
            Assert.That(logDet[i], Is.EqualTo(Math.Log((p * p) + 1e-3)).Within(1e-12));
        }
    }

    [Test]
    public void Fresh_maps_are_near_the_identity()
    {
        double[] x = [-2, -1, -0.3, 0, 0.5, 1, 2];
        var z = new double[x.Length];
        foreach (var map in (Univariate<double>[])[new Gaussianization<double>(8), new SumOfSquares<double>(3, 4)])
        {
            using var flow = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(map, 1, "t"));
            flow.ToNoise(x, z, default);
            for (var i = 0; i < x.Length; i++)
                Assert.That(z[i], Is.EqualTo(x[i]).Within(0.15), map.GetType().Name);
        }
    }

    [Test]
    public void A_Gaussianization_flow_starts_from_data()
    {
        // Two lumps and an exponential: what comes out of the first map has the moments of normal noise, roughly.
        const int Rows = 4000;
        var numbers = new double[2 * Rows];
        new RandomStream(5).FillUniform<double>(numbers);
        for (var row = 0; row < Rows; row++)
        {
            numbers[2 * row] = 300 + (numbers[2 * row] < 0.4 ? 20 * numbers[2 * row] : 50 + (5 * numbers[2 * row]));
            numbers[(2 * row) + 1] = -1e-3 * Math.Log(numbers[(2 * row) + 1]);
        }

        var settings = new GaussianizationFlowSettings { Features = 2, Transforms = 1 };
        using var flow = GaussianizationFlow.Create<double>(settings);
        Assert.That(DataStart.Run(flow, numbers), Is.EqualTo(1));
        Assert.That(DataStart.Run(flow, numbers), Is.Zero);
        var z = new double[numbers.Length];
        flow.ToNoise(numbers, z, default);
        var mean = DataMoments.Mean<double>(z, 2);
        Assert.That(mean, Is.All.EqualTo(0).Within(0.2));
        Assert.That(DataMoments.Variance<double>(z, mean), Is.All.EqualTo(1).Within(0.3));

        // Files keep that it was started.
        var copy = (Composition<double>)flow.Transform.ConvertTo<double>();
        Assert.That(((IDataStarted<double>)copy.Parts[0]).IsStarted, Is.True);
    }

    [Test]
    public void Constant_features_do_not_break_the_start()
    {
        using var flow = GaussianizationFlow.Create<double>(new GaussianizationFlowSettings { Features = 1, Transforms = 1 });
        double[] rows = [3, 3, 3];
        DataStart.Run(flow, rows);
        var z = new double[3];
        flow.ToNoise(rows, z, default);
        Assert.That(z, Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Maps_with_parameters_of_their_own_serve_their_number_of_features_only()
    {
        var map = new MonotoneNetwork<double>(3, "t", 2, [4], new RandomStream(1));
        Assert.Multiple(() =>
        {
            Assert.That(() => new Elementwise<double>(map, 2, "t"), Throws.ArgumentException.With.Message.Contains("for 2 features, got one with parameters of its own for 3"));
            Assert.That(() => new Conditional<double>(map, 2, 1, [4], UnaryFunction.Tanh, "t"), Throws.ArgumentException.With.Message.Contains("its own for 3"));
            Assert.That(
                () => new MaskedAutoregressive<double>(map, AutoregressiveOrder.Natural(4), [4], UnaryFunction.Tanh, "t"),
                Throws.ArgumentException.With.Message.Contains("its own for 3"));
            Assert.That(
                () => new Coupling<double>(map, Coupling<double>.Alternating(4), 0, [4], UnaryFunction.Tanh, "t"),
                Throws.ArgumentException.With.Message.Contains("its own for 3"));
        });
    }

    [Test]
    public void A_map_with_parameters_of_its_own_obeys_the_laws_under_every_conditioner() =>
        new UnivariateCheck(
            new MonotoneNetwork<double>(2, "t", 2, [4], new RandomStream(2)), new TransformCheckOptions { Rows = 5, GradientRows = 1, Tolerance = 1e-8, ParameterReach = 0.1 }).Run().ThrowIfFailed();

    [TestCase(60, 1e-6, 1e-5)]
    [TestCase(150, 1e-6, 1e-5)]
    [TestCase(1500, 1e-13, 1e-5)]
    public void A_monotone_network_on_its_flat_side_has_a_slope_that_does_not_underflow(double flat, double tolerance, double gradientTolerance)
    {
        // Two layers of two units: p₁ = x − b and, turned, −p₂ = −x − b; then q₁ = h₁ + h₂ − b and −q₂ = −(h₁ + h₂) − b with h₁ + h₂ = e^{x − b} − e^{−x − b}, below all roundings.
        // ∂z/∂x = (e^{x − b} + e^{−x − b}) 2 e^{−b}.
        double[] x = [-1.5, -0.25, 0, 0.5, 2];
        if (flat < 700)
            Check<float>();
        Check<double>();

        void Check<T>()
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var map = new MonotoneNetwork<T>(1, "t.univariate", 1, [2, 2], new RandomStream(1));
            double[][] numbers = [[1, 0, -1, 0], [-flat, flat], [1, -1, 1, 1], [-flat, flat], [1, 1], [0]];
            for (var i = 0; i < numbers.Length; i++)
                map.Parameters[i].Write(Array.ConvertAll(numbers[i], T.CreateChecked));
            using var flow = new Flow<T>(new StandardNormal<T>(1), new Elementwise<T>(map, 1, "t"));
            using var kernels = flow.Device.CreateKernels<T>();
            using var tape = new Tape<T>(kernels);
            using var gradients = kernels.Allocate(flow.Parameters.Length);
            tape.Begin(x.Length, flow.Parameters, gradients);
            var input = tape.Input(Array.ConvertAll(x, T.CreateChecked), 1, requiresAdjoint: true);
            _ = flow.Transform.Forward(input, out var logDet);
            tape.Backward(logDet, [.. x.Select(_ => T.One)]);
            var (log, adjoint) = (new T[x.Length], new T[x.Length]);
            tape.ReadValue(logDet, log);
            tape.ReadAdjoint(input, adjoint);
            for (var i = 0; i < x.Length; i++)
            {
                var expected = Math.Log(2 * Math.Cosh(x[i])) + Math.Log(2) - (2 * flat);
                Assert.That(double.CreateChecked(log[i]), Is.EqualTo(expected).Within(tolerance * 2 * flat));

                // The roundings of x − b, which is far larger than x, are those of its derivative.
                Assert.That(double.CreateChecked(adjoint[i]), Is.EqualTo(Math.Tanh(x[i])).Within(gradientTolerance));
            }
        }
    }

    [Test]
    public void Constants_out_of_range_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => new Gaussianization<double>(0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new Gaussianization<double>(2, 1), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new Gaussianization<double>(2, double.NaN), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new SumOfSquares<double>(0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new SumOfSquares<double>(1, -1), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new MonotoneNetwork<double>(1, "t", 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new MonotoneNetwork<double>(1, "t", 1, []), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new IntegratedNetwork<double>(1, "t", nodes: 0), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new IntegratedNetwork<double>(0, "t"), Throws.InstanceOf<ArgumentException>());
        });
    }

    private static Flow<T> Elementwise<T>(Univariate<T> map, int features, double[] raw)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var transform = new Elementwise<T>(map, features, "t");
        transform.Parameters[0].Write(Array.ConvertAll(raw, T.CreateTruncating));
        return new Flow<T>(new StandardNormal<T>(features), transform);
    }
}
