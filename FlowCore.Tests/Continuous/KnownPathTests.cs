using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Continuous;

/// <summary>Equations whose solutions are known in closed form.</summary>
[TestFixture]
internal sealed class KnownPathTests
{
    // A rotation with growth: e^A = e^0.3 (cos 0.9, sin 0.9; −sin 0.9, cos 0.9).
    private static readonly double[] _spiral = [0.3, 0.9, -0.9, 0.3];

    [Test]
    public void A_linear_field_is_the_exponential_of_its_matrix_with_its_trace([Values] FlowSolver solver, [Values] bool dataFirst)
    {
        using var flow = Fields.Linear(_spiral, [0, 0], new ContinuousSettings { Steps = solver == FlowSolver.Classical ? 200 : 60, Solver = solver, DataFirst = dataFirst });
        double[] z = [0.7, -0.4, -1.2, 0.5];
        var (x, logDet) = (new double[4], new double[2]);
        flow.FromNoise(z, x, logDet);

        // From noise to data time runs forward, or back where data are first.
        var (growth, angle) = dataFirst ? (Math.Exp(-0.3), -0.9) : (Math.Exp(0.3), 0.9);
        for (var row = 0; row < 2; row++)
        {
            var (a, b) = (z[2 * row], z[(2 * row) + 1]);
            Assert.That(x[2 * row], Is.EqualTo(growth * ((Math.Cos(angle) * a) + (Math.Sin(angle) * b))).Within(1e-10));
            Assert.That(x[(2 * row) + 1], Is.EqualTo(growth * ((Math.Cos(angle) * b) - (Math.Sin(angle) * a))).Within(1e-10));

            // The divergence is a constant: the weights of the method add up to 1.
            Assert.That(logDet[row], Is.EqualTo(dataFirst ? -0.6 : 0.6).Within(1e-13));
        }
    }

    [TestCase(FlowSolver.Classical, 4)]
    [TestCase(FlowSolver.DormandPrince, 5)]
    public void Halving_the_steps_shows_the_order(FlowSolver solver, int order)
    {
        var errors = new double[3];
        for (var i = 0; i < errors.Length; i++)
        {
            using var flow = Fields.Linear(_spiral, [0, 0], new ContinuousSettings { Steps = 4 << i, Solver = solver });
            var x = new double[2];
            flow.FromNoise([1, 0], x, default);
            errors[i] = Math.Sqrt(
                Math.Pow(x[0] - (Math.Exp(0.3) * Math.Cos(0.9)), 2) + Math.Pow(x[1] + (Math.Exp(0.3) * Math.Sin(0.9)), 2));
        }

        TestContext.Out.WriteLine($"order of {solver}: {Math.Log2(errors[0] / errors[1]):f3}, {Math.Log2(errors[1] / errors[2]):f3}");

        // The next term of the error is one step smaller.
        Assert.That(Math.Log2(errors[0] / errors[1]), Is.EqualTo(order).Within(0.2));
        Assert.That(Math.Log2(errors[1] / errors[2]), Is.EqualTo(order).Within(0.1));
    }

    [Test]
    public void The_velocity_between_normal_densities_makes_the_density_it_should()
    {
        const double M = 0.8;
        const double S = 0.4;
        using var flow = new ContinuousFlow<double>(new StandardNormal<double>(2), new ContinuousTransform<double>(new GaussianVelocity(2, M, S), new ContinuousSettings { Steps = 80 }));
        double[] x = [0.8, 0.8, 0.1, 1.9, 1.3, -0.2];
        var logDensity = new double[3];
        flow.LogDensity(x, logDensity);
        for (var row = 0; row < 3; row++)
        {
            var squares = Math.Pow((x[2 * row] - M) / S, 2) + Math.Pow((x[(2 * row) + 1] - M) / S, 2);
            Assert.That(logDensity[row], Is.EqualTo(-(0.5 * squares) - Math.Log(2 * Math.PI * S * S)).Within(1e-8));
        }
    }

    [TestCase(1.0)]
    [TestCase(0.4)]
    public void The_least_loss_of_flow_matching_is_s_times_half_a_turn(double s)
    {
        const int Rows = 200_000;
        using var flow = new ContinuousFlow<double>(new StandardNormal<double>(1), new ContinuousTransform<double>(new GaussianVelocity(1, -0.5, s)));
        var x = Fields.Normal(Rows, 5);
        for (var i = 0; i < Rows; i++)
            x[i] = (s * x[i]) - 0.5;
        var loss = flow.Loss(x, objective: new FlowMatching<double>());

        TestContext.Out.WriteLine($"least loss at s = {s}: {loss:f5} of {s * Math.PI / 2:f5}");

        // Given t the residual is normal with variance V(t) = s²/((1 − t)² + t²s²), whose mean is sπ/2. Var of the square: E 3V² − (sπ/2)², V ≤ max(1, s²)·2 makes
        // it below 3·(1 + s²)·sπ/2.
        var error = Math.Sqrt(3 * (1 + (s * s)) * s * Math.PI / 2 / Rows);
        Assert.That(loss, Is.EqualTo(s * Math.PI / 2).Within(4.5 * error));
    }

    [Test]
    public void A_field_along_an_axis_of_the_sphere_moves_heights_as_velocities_add()
    {
        const double Kappa = 0.8;
        var tau = Math.Tanh(Kappa);
        using var flow = Fields.Linear([0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, Kappa], new ContinuousSettings { Steps = 60, Space = FlowSpace.Sphere });
        var (z, x, logDet) = (Unit(0.3, -0.5, 0.2), new double[3], new double[1]);
        flow.FromNoise(z, x, logDet);
        Assert.That(x[2], Is.EqualTo((z[2] + tau) / (1 + (tau * z[2]))).Within(1e-9));
        Assert.That(Math.Atan2(x[1], x[0]), Is.EqualTo(Math.Atan2(z[1], z[0])).Within(1e-12));
        foreach (var point in (double[][])[x, Unit(0, 0, 1), Unit(0, 0, -1), Unit(1, 0, 0), Unit(-0.4, 0.9, -0.6)])
        {
            var logDensity = new double[1];
            flow.LogDensity(point, logDensity);
            var expected = Math.Log((1 - (tau * tau)) / (4 * Math.PI * Math.Pow(1 - (tau * point[2]), 2)));
            Assert.That(logDensity[0], Is.EqualTo(expected).Within(1e-8));
        }
    }

    [Test]
    public void A_point_off_the_sphere_has_no_density()
    {
        using var flow = Fields.Linear([0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1], new ContinuousSettings { Steps = 4, Space = FlowSpace.Sphere });
        var logDensity = new double[2];
        flow.LogDensity([0.6, 0, 0.8, 0.6, 0.1, 0.8], logDensity);
        Assert.That(double.IsFinite(logDensity[0]), Is.True);
        Assert.That(logDensity[1], Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void A_sine_on_the_circle_stretches_half_angles()
    {
        // dθ/dt = κ sin θ: tan(θ/2) grows by e^κ, so p(θ) = w / (2π (cos² θ/2 + w² sin² θ/2)), w = e^−κ.
        const double Kappa = 0.7;
        var w = Math.Exp(-Kappa);
        using var flow = Fields.Linear([Kappa, 0], [0], new ContinuousSettings { Steps = 60, Space = FlowSpace.Torus });
        double[] x = [-3.1, -1.5, 0, 0.4, 2.2, Math.PI];
        var logDensity = new double[x.Length];
        flow.LogDensity(x, logDensity);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = Math.Log(w / (2 * Math.PI * (Math.Pow(Math.Cos(x[i] / 2), 2) + Math.Pow(w * Math.Sin(x[i] / 2), 2))));
            Assert.That(logDensity[i], Is.EqualTo(expected).Within(1e-9));
        }
    }

    [Test]
    public void Noise_that_leaves_the_circle_comes_back_on_the_other_side()
    {
        using var flow = Fields.Linear([0, 0], [2], new ContinuousSettings { Steps = 4, Space = FlowSpace.Torus });
        var x = new double[2];
        flow.FromNoise([3, -3], x, default);
        Assert.That(x, Is.EqualTo((double[])[5 - (2 * Math.PI), -1]).Within(1e-12));
    }

    [Test]
    public void The_integral_of_the_squares_is_that_of_the_path()
    {
        // v = b: |v|² is 5 for one unit of time; v = Ax has ‖A‖² whatever the path.
        using var flow = Fields.Linear([0.1, 0.2, -0.3, 0.4], [1, 2], new ContinuousSettings { Steps = 30 });
        using var still = Fields.Linear([0, 0, 0, 0], [1, 2], new ContinuousSettings { Steps = 3 });
        double[] x = [0.2, 0.1, -0.4, 0.9];
        var plain = flow.Loss(Fields.Rows(x, 2));
        Assert.That(flow.Loss(Fields.Rows(x, 2), objective: new ContinuousLikelihood<double>(kinetic: 0, jacobian: 1)) - plain, Is.EqualTo(0.01 + 0.04 + 0.09 + 0.16).Within(1e-12));
        Assert.That(still.Loss(Fields.Rows(x, 2), objective: new ContinuousLikelihood<double>(kinetic: 2, jacobian: 0)) - still.Loss(Fields.Rows(x, 2)), Is.EqualTo(10).Within(1e-12));
        Assert.That(flow.Loss(Fields.Rows(x, 2), objective: new ContinuousLikelihood<double>(0, 0)), Is.EqualTo(plain).Within(1e-13));
    }

    private static double[] Unit(double x, double y, double z)
    {
        var length = Math.Sqrt((x * x) + (y * y) + (z * z));
        return [x / length, y / length, z / length];
    }
}
