using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Continuous;

/// <summary>The exact divergence, its estimate, and the gradients of both.</summary>
[TestFixture]
internal sealed class DivergenceTests
{
    [Test]
    public void The_estimate_is_right_in_the_mean_and_has_the_variance_of_the_symmetric_part()
    {
        const int Rows = 40_000;
        double[] a = [0.2, 0.7, -0.1, -0.3, -0.4, 0.5, 0.6, 0.1, 0.3];
        using var flow = Fields.Linear(a, [0, 0, 0], new ContinuousSettings { Steps = 4 });
        var x = new double[3 * Rows];
        var exact = new double[1];
        flow.LogDensity([0, 0, 0], exact);
        var estimates = flow.LogDensityEstimate(Fields.Rows(x, 3), seed: 11).ToArray();
        var mean = estimates.Average();
        var variance = estimates.Sum(value => (value - mean) * (value - mean)) / (Rows - 1);
        var expected = 0.0;
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                expected += i == j ? 0 : 2 * Math.Pow((a[(3 * i) + j] + a[(3 * j) + i]) / 2, 2);
        }

        TestContext.Out.WriteLine($"variance {variance:f5} of {expected:f5}, mean {mean:f5} of {exact[0]:f5}");
        Assert.That(variance, Is.EqualTo(expected).Within(0.05 * expected));
        Assert.That(mean, Is.EqualTo(exact[0]).Within(4.5 * Math.Sqrt(expected / Rows)));
    }

    [Test]
    public void An_estimate_belongs_to_the_seed_and_the_row()
    {
        using var flow = Fields.Random<double>(3, 0, new ContinuousSettings { Steps = 3 });
        var x = Fields.Normal(3 * 600, 4);
        var all = flow.LogDensityEstimate(Fields.Rows(x, 3), seed: 1).ToArray();
        Assert.That(flow.LogDensityEstimate(Fields.Rows(x[..30], 3), seed: 1).ToArray(), Is.EqualTo(all[..10]));
        Assert.That(flow.LogDensityEstimate(Fields.Rows(x, 3), seed: 2).ToArray(), Is.Not.EqualTo(all));
    }

    [Test]
    public void In_one_dimension_the_estimate_is_exact()
    {
        using var flow = Fields.Random<double>(1, 0, new ContinuousSettings { Steps = 5 });
        var (x, exact) = (Fields.Normal(9, 4), new double[9]);
        flow.LogDensity(x, exact);

        // ε² = 1; what differs is the order of a product.
        Assert.That(flow.LogDensityEstimate(x, seed: 1).ToArray(), Is.EqualTo(exact).Within(1e-13));
    }

    [Test]
    public void Estimates_on_the_sphere_are_right_in_the_mean()
    {
        const int Rows = 20_000;
        using var flow = Fields.Random<double>(3, 0, new ContinuousSettings { Steps = 4, Space = FlowSpace.Sphere });
        var (x, exact) = (new double[3 * Rows], new double[1]);
        for (var row = 0; row < Rows; row++)
            (x[3 * row], x[(3 * row) + 1], x[(3 * row) + 2]) = (0.36, 0.48, 0.8);
        flow.LogDensity(x.AsSpan(0, 3), exact);
        var estimates = flow.LogDensityEstimate(Fields.Rows(x, 3), seed: 3).ToArray();
        var mean = estimates.Average();
        var deviation = Math.Sqrt(estimates.Sum(value => (value - mean) * (value - mean)) / (Rows - 1));
        Assert.That(mean, Is.EqualTo(exact[0]).Within(4.5 * deviation / Math.Sqrt(Rows)));
    }

    [Test]
    public void The_gradient_through_the_steps_is_that_of_differences([Values] FlowSolver solver, [Values] FlowSpace space)
    {
        using var flow = Fields.Random<double>(space == FlowSpace.Torus ? 2 : 3, 1, new ContinuousSettings { Steps = 3, Solver = solver, Space = space }, width: 4);
        var features = flow.Features;
        var check = new GradientCheck(2).Block(Points(features, space), features).Block([0.4, -1.1], 1).Parameters(flow.Parameters);
        var deviation = check.Run((_, leaves) => flow.LogDensity(leaves[0], leaves[1]));

        TestContext.Out.WriteLine($"{solver}, {space}: {deviation}");

        // On the sphere the differences leave it, where the guard against such points has its say only further out.
        Assert.That(deviation.Relative, Is.LessThan(1e-8), deviation.ToString());
    }

    [Test]
    public void The_gradient_of_an_estimate_with_penalties_is_that_of_differences()
    {
        using var flow = Fields.Random<double>(3, 1, new ContinuousSettings { Steps = 3 }, width: 4);
        var check = new GradientCheck(2).Block(Fields.Normal(6, 1), 3).Block([0.4, -1.1], 1).Parameters(flow.Parameters);
        var deviation = check.Run((tape, leaves) =>
        {
            var epsilon = tape.Input([1, -1, 1, -1, -1, 1], 3);
            var logDensity = ContinuousPaths.LogDensity(flow, leaves[0], leaves[1], epsilon, 3, out var squares);
            return VariableFunctions.Concatenate(logDensity, squares);
        });
        Assert.That(deviation.Relative, Is.LessThan(1e-8), deviation.ToString());
    }

    [Test]
    public void A_field_without_tangents_of_its_own_has_the_gradient_too()
    {
        using var flow = new ContinuousFlow<double>(new StandardNormal<double>(2), new ContinuousTransform<double>(new GaussianVelocity(2, 0.3, 0.6), new ContinuousSettings { Steps = 4 }));
        var deviation = new GradientCheck(3).Block(Fields.Normal(6, 1), 2).Run((_, leaves) => flow.LogDensity(leaves[0]));
        Assert.That(deviation.Relative, Is.LessThan(1e-8), deviation.ToString());
    }

    [Test]
    public void The_adjoint_equation_has_the_gradient_that_fine_steps_have([Values] FlowSolver solver)
    {
        var error = new double[2];
        for (var i = 0; i < 2; i++)
        {
            var settings = new ContinuousSettings { Steps = 8 << i, Solver = solver };
            using var discrete = Fields.Random<double>(2, 1, settings);
            using var adjoint = Fields.Random<double>(2, 1, settings with { Gradient = FlowGradient.Adjoint });
            double[] x = [0.3, -0.7, 1.2, 0.1, -0.4, 0.5];
            double[] c = [0.4, -1.1, 0.2];
            var (expected, got) = (discrete.LossGradient(Fields.Rows(x, 2), c), adjoint.LossGradient(Fields.Rows(x, 2), c));
            Assert.That(got.Loss, Is.EqualTo(expected.Loss).Within(1e-15));
            foreach (var (name, gradient) in expected.Gradients)
            {
                var other = got.Gradients[name].ToArray();
                error[i] = Math.Max(error[i], gradient.ToArray().Zip(other, (a, b) => Math.Abs(a - b)).Max());
            }

            var (dx, dy) = (new double[6], new double[6]);
            var (dc, dd) = (new double[3], new double[3]);
            discrete.LogDensityGradient(x, new Conditions<double>(c), default, dx, dc);
            adjoint.LogDensityGradient(x, new Conditions<double>(c), default, dy, dd);
            error[i] = Math.Max(error[i], dx.Zip(dy, (a, b) => Math.Abs(a - b)).Max());
            error[i] = Math.Max(error[i], dc.Zip(dd, (a, b) => Math.Abs(a - b)).Max());
        }

        TestContext.Out.WriteLine($"{solver}: adjoint against discrete {error[0]:g2}, with twice the steps {error[1]:g2}");

        // Both differ by the error of the steps, of which twice as many leave a sixteenth or less.
        Assert.That(error[0], Is.LessThan(1e-4));
        Assert.That(error[1], Is.LessThan(error[0] / 10).Or.LessThan(1e-12));
        Assert.That(error[0], Is.GreaterThan(0));
    }

    [Test]
    public void Nothing_is_allocated_once_warm([Values] FlowGradient gradient)
    {
        using var device = new CpuDevice(1);
        using var flow = Fields.Random<float>(3, 0, new ContinuousSettings { Steps = 4, Gradient = gradient }, device: device);
        var (x, values, gradients) = (new float[3 * 300], new float[300], new float[900]);
        Assert.That(WarmCall.Allocated(() => flow.LogDensity(x, values)), Is.Zero);
        Assert.That(WarmCall.Allocated(() => flow.LogDensityGradient(x, default, values, gradients)), Is.Zero);
    }

    private static double[] Points(int features, FlowSpace space)
    {
        var points = Fields.Normal(2 * features, 6);
        for (var row = 0; space == FlowSpace.Sphere && row < 2; row++)
        {
            var length = Math.Sqrt(points.Skip(row * features).Take(features).Sum(value => value * value));
            for (var j = 0; j < features; j++)
                points[(row * features) + j] /= length;
        }

        return points;
    }
}
