using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Transforms;

/// <summary>Rows outside of a support count for nothing, whichever of their features is outside; and what a map leads to is what it says.</summary>
[TestFixture]
internal sealed class SupportTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void A_row_outside_has_no_gradient_in_any_feature_or_parameter(bool boxIsBase)
    {
        // The second feature of row 1 is outside; the first one alone has a density.
        double[] x = [0.3, 0.4, 0.2, 1.5, 0.6, 0.7];
        using var all = Flow(boxIsBase);
        using var inside = Flow(boxIsBase);
        var (density, gradient, parameters) = Gradients(all, x);
        Assert.That(density[1], Is.EqualTo(double.NegativeInfinity));
        Assert.That((gradient[2], gradient[3]), Is.EqualTo((0.0, 0.0)));
        var (other, otherGradient, otherParameters) = Gradients(inside, [.. x[..2], .. x[4..]]);
        Assert.That((density[0], density[2]), Is.EqualTo((other[0], other[1])));
        Assert.That((double[])[.. gradient[..2], .. gradient[4..]], Is.EqualTo(otherGradient));

        // Sums over the rows, of which one adds zeros.
        Assert.That(parameters, Is.EqualTo(otherParameters).Within(1e-15));
        Assert.That(parameters, Has.Some.Not.Zero);
    }

    [Test]
    public void A_squeezed_gaussianization_leads_to_an_interval_that_counts_as_the_line()
    {
        var squeezed = new Gaussianization<double>(3, squeeze: 1e-6);
        var end = 4.891638475698586;
        Assert.That(squeezed.Codomain.IsReal, Is.False);
        Assert.That((squeezed.Codomain.Lower, squeezed.Codomain.Upper), Is.EqualTo((-end, end)).Within(1e-9));
        Assert.That(squeezed.Codomain.Covers(Axis.Real), Is.True);
        Assert.That(Axis.Interval(-end, end).Covers(Axis.Real), Is.False);
        Assert.That(new Gaussianization<double>(3).Codomain.IsReal, Is.True);

        // As a layer of zuko's flows it stands in front of a rotation and of a normal distribution.
        using var flow = GaussianizationFlow.Create<double>(new GaussianizationFlowSettings { Features = 2, Squeeze = 1e-6 });
        Assert.That(((Flow<double>)flow).Transform.Codomain.Axes![0].IsNearlyReal, Is.True);
    }

    [Test]
    public void A_circular_shift_takes_angles_of_any_turn()
    {
        using var flow = new Flow<double>(new UniformBox<double>([-Math.PI], [Math.PI]), new Elementwise<double>(new CircularShift<double>(), 1));
        double[] x = [0.5, 0.5 + (2 * Math.PI), 0.5 - (6 * Math.PI), -Math.PI, Math.PI];
        var (z, density) = (new double[x.Length], new double[x.Length]);
        flow.ToNoise(x, z, default);
        flow.LogDensity(x, density);
        Assert.That(z[..3], Is.All.EqualTo(0.5 - Math.PI).Within(1e-14));
        Assert.That(z[3..], Is.All.Zero);
        Assert.That(density, Is.All.EqualTo(-Math.Log(2 * Math.PI)).Within(1e-14));
    }

    [TestCase(2, false)]
    [TestCase(3, false)]
    [TestCase(5, false)]
    [TestCase(3, true)]
    public void A_rotation_starts_as_the_principal_axes_of_what_reaches_it(int features, bool inverted)
    {
        var rotation = new RotationLinear<double>(features, "r", isStarted: false);
        using var flow = new Flow<double>(new StandardNormal<double>(features), inverted ? new Inverted<double>(rotation) : rotation);
        const int Rows = 400;
        var normal = new double[Rows * features];
        new RandomStream(5).FillNormal<double>(normal);
        var x = new double[normal.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var (row, j) = (i / features, i % features);
            for (var k = 0; k <= j; k++)
                x[i] += normal[(row * features) + k] * (k == j ? 1 + j : 0.7);
        }

        Assert.That(DataStart.Run<double>(flow, x), Is.EqualTo(1));
        Assert.That(DataStart.Run<double>(flow, x), Is.Zero);
        var (z, logDet) = (new double[x.Length], new double[Rows]);
        flow.ToNoise(x, z, logDet);
        Assert.That(logDet, Is.All.Zero);
        for (var i = 0; i < features; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (first, second) = (Column(z, i), Column(z, j));
                var (a, b) = (first.Average(), second.Average());
                Assert.That(first.Zip(second, (u, v) => (u - a) * (v - b)).Average(), Is.Zero.Within(1e-11), $"covariance of {i} and {j}");
            }
        }

        // Each axis keeps the name of the feature that it is nearest to: for these data the identity is not far.
        Assert.That(Enumerable.Range(0, features).Count(j => Column(z, j).Zip(Column(x, j), (u, v) => u * v).Sum() > 0), Is.GreaterThanOrEqualTo(features - 1));

        double[] Column(double[] rows, int j) => [.. rows.Where((_, i) => i % features == j)];
    }

    [Test]
    public void A_gaussianization_flow_rotates_by_data_where_it_is_set_and_a_file_keeps_it()
    {
        using var flow = GaussianizationFlow.Create<double>(new GaussianizationFlowSettings { Features = 2, RotatesByData = true });
        var x = new double[600];
        new RandomStream(6).FillNormal<double>(x);
        for (var i = 0; i < x.Length; i += 2)
            x[i + 1] += 2 * x[i];
        using var copy = flow.ConvertTo<double>();

        // Three maps and two rotations.
        Assert.That(DataStart.Run<double>(copy, x), Is.EqualTo(5));
        using var again = copy.ConvertTo<double>();
        Assert.That(DataStart.Run<double>(again, x), Is.Zero);
        using var random = GaussianizationFlow.Create<double>(new GaussianizationFlowSettings { Features = 2 });
        Assert.That(DataStart.Run<double>(random, x), Is.EqualTo(3));
        var (started, fresh) = (new double[300], new double[300]);
        copy.LogDensity(x, started);
        random.LogDensity(x, fresh);
        Assert.That(started.Average(), Is.GreaterThan(fresh.Average()));
    }

    private static Flow<double> Flow(bool boxIsBase)
    {
        var masked = new MaskedAutoregressive<double>(new Affine<double>(1e-3), AutoregressiveOrder.Natural(2), [4], UnaryFunction.Tanh, "masked", new RandomStream(3));
        return boxIsBase
            ? new Flow<double>(new UniformBox<double>([-1, -1], [1, 1]), new ActNorm<double>(2, "norm"))
            : new Flow<double>(new StandardNormal<double>(2), new Composition<double>(2, new Box<double>([0, 0], [1, 1], "box"), masked));
    }

    private static (double[] Density, double[] Gradient, double[] Parameters) Gradients(Flow<double> flow, double[] x)
    {
        var rows = x.Length / 2;
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(flow.Parameters.Length);
        tape.Begin(rows, flow.Parameters, gradients);
        var input = tape.Input(x, 2, requiresAdjoint: true);
        var density = flow.LogDensity(input);
        tape.Backward(density, [.. Enumerable.Repeat(1.0, rows)]);
        var (values, adjoint, parameters) = (new double[rows], new double[x.Length], new double[flow.Parameters.Length]);
        tape.ReadValue(density, values);
        tape.ReadAdjoint(input, adjoint);
        kernels.Read(gradients, 0, parameters);
        return (values, adjoint, parameters);
    }
}
