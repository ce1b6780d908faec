using FlowCore.Statistics;
using NUnit.Framework;

namespace FlowCore.Tests.Statistics;

/// <summary>L-BFGS and Newton within a trust region on functions of known minima.</summary>
[TestFixture]
public sealed class MinimiserTests
{
    // The distance from the minimum is the gradient over the smallest curvature, 0.4 for Rosenbrock's valley.
    private const double Precision = 1e-7;

    [Test]
    public void Both_follow_the_valley_of_Rosenbrock([Values(2, 10, 40)] int n, [Values] bool newton)
    {
        var function = KnownFunction.Rosenbrock(n);
        var start = new double[n];
        for (var i = 0; i < n; i++)
            start[i] = i % 2 == 0 ? -1.2 : 1;
        if (n > 2)
            Array.Fill(start, 0.5);
        var result = Run(function, start, newton);
        Assert.That(result.Converged, result.ToString());
        Assert.That(result.Point, Is.EqualTo(Enumerable.Repeat(1.0, n)).Within(Precision));
        Assert.That(result.LargestGradient, Is.LessThanOrEqualTo(1e-8));
        Assert.That(result.Evaluations, Is.EqualTo(function.Calls).And.LessThan(newton ? 100 : 800));
    }

    [Test]
    public void Both_solve_quadratic_functions_of_a_bad_condition([Values] bool newton)
    {
        const int n = 50;
        var result = Run(KnownFunction.Quadratic(n, 1e4), new double[n], newton);
        Assert.That(result.End, Is.EqualTo(MinimiserEnd.Gradient), result.ToString());
        Assert.That(result.Point, Is.EqualTo(Enumerable.Range(0, n).Select(i => (double)i)).Within(Precision));
    }

    [Test]
    public void Functions_that_are_minimised_together_take_the_steps_they_take_alone()
    {
        // Rosenbrock's valley from three places, one of them its end.
        const int n = 4;
        double[][] starts = [[-1.2, 1, -1.2, 1], [1, 1, 1, 1], [3, -2, 0.5, 2]];
        var functions = new KnownFunctions(KnownFunction.Rosenbrock(n));
        var together = LimitedMemoryMinimiser.MinimiseAll(functions, [.. starts.SelectMany(start => start)]);
        for (var i = 0; i < starts.Length; i++)
        {
            var alone = LimitedMemoryMinimiser.Minimise(KnownFunction.Rosenbrock(n), starts[i]);
            Assert.That(together[i].Point, Is.EqualTo(alone.Point), $"function {i}");
            Assert.That((together[i].Value, together[i].Evaluations, together[i].End), Is.EqualTo((alone.Value, alone.Evaluations, alone.End)), $"function {i}");
        }

        Assert.That(functions.Evaluations, Is.EqualTo(together.Max(result => result.Evaluations)), "all are evaluated at once");
        Assert.That(() => LimitedMemoryMinimiser.MinimiseAll(functions, new double[5]), Throws.ArgumentException.With.Property("ParamName").EqualTo("starts"));
        Assert.That(LimitedMemoryMinimiser.MinimiseAll(functions, []), Is.Empty);
    }

    [Test]
    public void Newton_takes_a_quadratic_function_of_200_parameters_in_the_steps_of_its_radius()
    {
        const int n = 200;
        var result = TrustRegionMinimiser.Minimise(KnownFunction.Quadratic(n, 1e4), new double[n], new MinimiserOptions { FirstRadius = 1e4 });
        Assert.That(result.Point, Is.EqualTo(Enumerable.Range(0, n).Select(i => (double)i)).Within(Precision));

        // One step, and one for its rounding.
        Assert.That(result.Iterations, Is.LessThanOrEqualTo(2));
    }

    [Test]
    public void Both_shorten_steps_that_leave_the_domain_of_the_function([Values] bool newton)
    {
        // The first step of Newton from 9 leads to −63.
        double[] start = [9, 9, 9];
        var result = Run(KnownFunction.Barrier(3), start, newton, new MinimiserOptions { FirstRadius = 100 });
        Assert.That(result.Converged, result.ToString());
        Assert.That(result.Point, Is.EqualTo(new[] { 1.0, 2, 3 }).Within(Precision));
    }

    [Test]
    public void Newton_leaves_a_saddle_along_the_direction_of_negative_curvature()
    {
        // The gradient has nothing along x: what is called the hard case.
        var result = TrustRegionMinimiser.Minimise(KnownFunction.TwoValleys(), [0, 0.5]);
        Assert.That(result.Value, Is.EqualTo(-0.25).Within(1e-15));
        Assert.That(Math.Abs(result.Point[0]), Is.EqualTo(1).Within(Precision));
    }

    [Test]
    public void A_step_within_the_region_is_the_best_one_of_its_length()
    {
        // Against all directions of the plane, for a definite, an indefinite and a hard matrix.
        foreach (var (h, g) in new[]
        {
            (new double[] { 3, 1, 1, 2 }, new double[] { 1, -2 }), (new double[] { 1, 2, 2, -3 }, new double[] { 0.3, 0.1 }), (new double[] { 2, 0, 0, -1 }, new double[] { 1, 0 }),
        })
        {
            const double radius = 0.4;
            var step = new TrustRegionStep(2);
            h.CopyTo(step.Hessian, 0);
            step.CompleteHessian();
            var fall = step.Solve(g, radius);
            Assert.That(double.Hypot(step.Step[0], step.Step[1]), Is.LessThanOrEqualTo(radius * 1.0011));
            var best = 0.0;
            for (var i = 0; i < 10_000; i++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * i / 10_000);
                var (x, y) = (radius * cosine, radius * sine);
                best = Math.Max(best, -(g[0] * x) - (g[1] * y) - (0.5 * ((h[0] * x * x) + (2 * h[1] * x * y) + (h[3] * y * y))));
            }

            // The best on the circle; the length may be wrong by a thousandth.
            Assert.That(fall, Is.GreaterThanOrEqualTo(best * (1 - 3e-3)));
        }
    }

    [Test]
    public void A_minimum_in_the_rounding_of_a_large_constant_is_found_by_its_gradient([Values] bool newton)
    {
        var quadratic = KnownFunction.Quadratic(4, 10);
        var function = new KnownFunction(4, (x, g) => quadratic.Evaluate(x, g) + 1e9, quadratic.Hessian);
        var result = Run(function, new double[4], newton);
        Assert.That(result.Converged, result.ToString());

        // Values differ by less than 10⁻⁷ nearer than 5·10⁻⁴; the slopes lead nearer.
        Assert.That(result.Point, Is.EqualTo(new[] { 0.0, 1, 2, 3 }).Within(1e-6));
    }

    [Test]
    public void What_cannot_be_minimised_is_refused_in_words()
    {
        var function = KnownFunction.Barrier(2);
        Assert.That(
            () => LimitedMemoryMinimiser.Minimise(function, [1.0]),
            Throws.ArgumentException.With.Message.Contains("Expected a start of 2 numbers, got 1"));
        Assert.That(
            () => LimitedMemoryMinimiser.Minimise(function, [-1.0, 1]),
            Throws.ArgumentException.With.Message.Contains("finite"));
        Assert.That(
            () => TrustRegionMinimiser.Minimise(function, [1.0, 1], new MinimiserOptions { FirstRadius = 0 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            LimitedMemoryMinimiser.Minimise(KnownFunction.Rosenbrock(2), [-1.2, 1], new MinimiserOptions { MostIterations = 3 }).Converged, Is.False);
    }

    private static MinimiserResult Run(KnownFunction function, double[] start, bool newton, MinimiserOptions? options = null) =>
        newton ? TrustRegionMinimiser.Minimise(function, start, options) : LimitedMemoryMinimiser.Minimise(function, start, options);
}
