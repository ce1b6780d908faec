using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Inference;

/// <summary>Expectations against closed forms. Estimates may be 4.5 of their standard errors away: a false alarm in 150,000 runs with other seeds.</summary>
[TestFixture]
internal sealed class ExpectationTests
{
    private const double Sigmas = 4.5;

    private static readonly ExpectationOptions _few = new() { Count = 20_000, Seed = 3 };

    [Test]
    public void The_entropy_of_an_affine_flow_is_exact()
    {
        using var flow = Gaussians.OneDimensional(2, 1);
        var entropy = flow.Entropy(_few);
        // ½ ln 2πe + ln 2; the log-determinant is the same for all rows, so only summation rounds.
        Assert.That(entropy.Value, Is.EqualTo(2.1120857137646178).Within(1e-12));
        Assert.That(entropy.StandardError, Is.LessThan(1e-12));
    }

    [Test]
    public void The_entropy_of_a_linear_flow_is_that_of_its_determinant()
    {
        using var flow = Gaussians.Linear([2, 0, 0, 0.5, 0.7, 0, -1, 3, 1.5], [1, 2, 3]);
        Assert.That(flow.Entropy(_few).Value, Is.EqualTo((1.5 * Math.Log(2 * Math.PI * Math.E)) + Math.Log(2 * 0.7 * 1.5)).Within(1e-12));
    }

    [Test]
    public void Moments_of_an_affine_flow_are_those_of_a_normal_distribution()
    {
        const double a = 2, b = 1;
        using var flow = Gaussians.OneDimensional(a, b);
        var moments = flow.Moments(_few);
        AssertNear(moments.Mean(0), b);
        AssertNear(moments.Raw(2, 0), (a * a) + (b * b));
        AssertNear(moments.Raw(3, 0), (b * b * b) + (3 * a * a * b));
        AssertNear(moments.Raw(4, 0), Math.Pow(b, 4) + (6 * a * a * b * b) + (3 * Math.Pow(a, 4)));
        AssertNear(moments.Variance(0), a * a);
        AssertNear(moments.Central(3, 0), 0);
        AssertNear(moments.Central(4, 0), 3 * Math.Pow(a, 4));
        AssertNear(moments.Quantile(0.9, 0), b + (a * 1.2815515655446004));

        // The errors are those of theory: √(2/N) σ² of a variance, a/√N of the mean. They are known to √(1/2N) = 0.5 %, of the fourth power's variance to a few times that.
        Assert.That(moments.Mean(0).StandardError, Is.EqualTo(a / Math.Sqrt(20_000)).Within(0.03 * a / Math.Sqrt(20_000)));
        Assert.That(moments.Variance(0).StandardError, Is.EqualTo(a * a * Math.Sqrt(2.0 / 20_000)).Within(0.05 * a * a * Math.Sqrt(2.0 / 20_000)));
        // √(p (1 − p)/N) / density; two order statistics that far apart are known to about a tenth.
        Assert.That(moments.Quantile(0.9, 0).StandardError, Is.EqualTo(0.3 / Math.Sqrt(20_000) / (0.17549833 / a)).Within(30).Percent);
    }

    [Test]
    public void Covariances_and_correlations_come_with_their_errors()
    {
        using var flow = Gaussians.Linear([1, 0, 0.6, 0.8], [0, 5]);
        var moments = flow.Moments(_few);
        AssertNear(moments.Covariance(0, 1), 0.6);
        AssertNear(moments.Correlation(0, 1), 0.6);
        // (1 − ρ²)/√N.
        Assert.That(moments.Correlation(0, 1).StandardError, Is.EqualTo(0.64 / Math.Sqrt(20_000)).Within(0.03 * 0.64 / Math.Sqrt(20_000)));
    }

    [Test]
    public void The_standard_errors_are_the_spread_of_repetitions()
    {
        using var flow = Gaussians.OneDimensional(1.5, 0.5);
        const int repetitions = 200;
        double squares = 0, errors = 0;
        for (ulong seed = 0; seed < repetitions; seed++)
        {
            var fourth = flow.Moments(new ExpectationOptions { Count = 2000, Seed = 100 + seed }).Central(4, 0);
            squares += Math.Pow(fourth.Value - (3 * Math.Pow(1.5, 4)), 2) / repetitions;
            errors += fourth.StandardError / repetitions;
        }

        // The spread of 200 numbers is known to 5 %; the error itself is low by a few percent at so few draws.
        Assert.That(errors / Math.Sqrt(squares), Is.InRange(0.75, 1.25));
    }

    [Test]
    public void A_log_normal_density_has_its_entropy_and_moments()
    {
        const double mu = 0.3, sigma = 0.4;
        // ln x is normal: the exponential behind an affine flow.
        var map = new TriangularLinear<double>(1, "map");
        map.Parameters[0].Write([sigma]);
        map.Parameters[1].Write([mu]);
        using var normal = new Flow<double>(new StandardNormal<double>(1), new Inverted<double>(map));
        var exponential = RowFunctional.Of(
            (in TapeSample<double> sample) =>
            {
                var x = sample.X.Exp();
                // ln q(x) of the exponentials is that of the normal minus ln x.
                return VariableFunctions.Concatenate(sample.X - sample.LogDensity, x, x * x, x * x * x);
            },
            columns: 4);
        var values = Expectation.Values(normal, exponential, _few);
        AssertNear(values[0], mu + (0.5 * Math.Log(2 * Math.PI * Math.E * sigma * sigma)));
        for (var n = 1; n <= 3; n++)
            AssertNear(values[n], Math.Exp((n * mu) + (n * n * sigma * sigma / 2)));
    }

    [Test]
    public void The_entropy_of_a_spline_flow_is_that_of_quadrature_in_one_dimension()
    {
        using var flow = NeuralSplineFlow.Create<double>(1, seed: 5);
        const int points = 40_001;
        var x = new double[points];
        for (var i = 0; i < points; i++)
            x[i] = -10 + (20.0 * i / (points - 1));
        AssertQuadrature(flow, x, 20.0 / (points - 1));
    }

    [Test]
    public void The_entropy_of_a_spline_flow_is_that_of_quadrature_in_two_dimensions()
    {
        using var flow = NeuralSplineFlow.Create<double>(2, seed: 6);
        const int side = 321;
        var x = new double[2 * side * side];
        for (var i = 0; i < side * side; i++)
        {
            x[2 * i] = -8 + (16.0 * (i / side) / (side - 1));
            x[(2 * i) + 1] = -8 + (16.0 * (i % side) / (side - 1));
        }

        AssertQuadrature(flow, x, Math.Pow(16.0 / (side - 1), 2));
    }

    [Test]
    public void Antithetic_pairs_take_the_variance_out_of_odd_functions_of_an_affine_flow()
    {
        using var flow = Gaussians.OneDimensional(2, 1);
        var pairs = flow.Moments(_few with { Antithetic = true });
        // a z + b and −a z + b: the mean is b up to rounding.
        Assert.That(pairs.Mean(0).Value, Is.EqualTo(1).Within(1e-12));
        Assert.That(pairs.Mean(0).StandardError, Is.LessThan(1e-12));
        // Even functions have √2 the error of as many independent rows, and the errors say so.
        AssertNear(pairs.Variance(0), 4);
        Assert.That(pairs.Variance(0).StandardError / flow.Moments(_few).Variance(0).StandardError, Is.EqualTo(Math.Sqrt(2)).Within(0.1));
        Assert.That(() => flow.Moments(new ExpectationOptions { Count = 7, Antithetic = true }), Throws.ArgumentException);
        using var bounded = new Flow<double>(new UniformBox<double>([0], [2]), new Elementwise<double>(new Affine<double>(), 1, "map"));
        Assert.That(bounded.Moments(_few with { Antithetic = true }).Mean(0).Value, Is.EqualTo(1).Within(1e-12), "u and 1 − u");
    }

    [Test]
    public void A_seed_gives_the_rows_of_Sample_and_the_same_bits_on_any_number_of_threads()
    {
        using var flow = NeuralSplineFlow.Create<double>(2, seed: 1);
        var x = flow.Sample(1000, seed: 3);
        double sum = 0;
        for (var i = 0; i < 1000; i++)
            sum += x[i, 1];
        var mean = flow.Moments(new ExpectationOptions { Count = 1000, Seed = 3 }).Mean(1);
        Assert.That(mean.Value, Is.EqualTo(sum / 1000).Within(1e-12));
        Assert.That(GradientOn(1), Is.EqualTo(GradientOn(3)));

        static double[] GradientOn(int threads)
        {
            using var device = new CpuDevice(threads);
            using var flow = NeuralSplineFlow.Create<double>(2, seed: 1, device: device);
            var gradient = Expectation.Gradient(flow, RowFunctional.Moment<double>(2), new ExpectationOptions { Count = 6000 });
            return [gradient.Value.Value, .. gradient.Parameters.Values.SelectMany(tensor => tensor)];
        }
    }

    [Test]
    public void Divergences_of_normal_distributions_are_known()
    {
        using var q = Gaussians.OneDimensional(1, 0);
        using var p = Gaussians.OneDimensional(2, 1);
        // KL(N(0, 1) ‖ N(1, 2²)) = ln 2 + (1 + 1)/8 − ½.
        var divergence = Math.Log(2) + 0.25 - 0.5;
        AssertNear(q.KullbackLeibler(p, _few), divergence);
        AssertNear(q.CrossEntropy(p, _few), divergence + (0.5 * Math.Log(2 * Math.PI * Math.E)));
        Assert.That(q.KullbackLeibler(q, _few).Value, Is.Zero.Within(1e-12));
        AssertNear(q.JensenShannon(p, _few), JensenShannonByQuadrature());
        Assert.That(q.JensenShannon(q, _few).Value, Is.Zero.Within(1e-12));
        using var far = Gaussians.OneDimensional(1, 1000);
        Assert.That(q.JensenShannon(far, _few).Value, Is.EqualTo(Math.Log(2)).Within(1e-12), "apart: ln 2, without overflow");
        using var wide = Gaussians.Linear([1, 0, 0, 1], [0, 0]);
        Assert.That(() => q.KullbackLeibler(wide), Throws.ArgumentException);

        static double JensenShannonByQuadrature()
        {
            double sum = 0;
            const double step = 0.001;
            for (var x = -14.0; x < 16; x += step)
            {
                var (a, b) = (Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI), Math.Exp(-(x - 1) * (x - 1) / 8) / Math.Sqrt(8 * Math.PI));
                var m = (a + b) / 2;
                sum += step / 2 * ((a > 0 ? a * Math.Log(a / m) : 0) + (b > 0 ? b * Math.Log(b / m) : 0));
            }

            return sum;
        }
    }

    [Test]
    public void Probabilities_of_regions_have_binomial_errors()
    {
        using var flow = Gaussians.OneDimensional(1, 0);
        var probability = flow.Probability(row => row[0] > 1, _few);
        AssertNear(probability, 0.15865525393145707);
        Assert.That(probability.StandardError, Is.EqualTo(Math.Sqrt(0.1587 * 0.8413 / 20_000)).Within(5).Percent);
        Assert.That(flow.Probability(row => row[0] > 100, _few).StandardError, Is.EqualTo(0.5 / 20_000));
        // Smeared by a logistic of width h, whose variance is (πh)²/3: a probability of the sum of both; here at its centre, ½ whatever h is.
        AssertNear(Expectation.Value(flow, RowFunctional.Probability<double>(x => x, 0.3), _few), 0.5);
    }

    [Test]
    public void Mutual_information_and_conditional_entropy_of_a_correlated_pair_are_known()
    {
        const double rho = 0.6;
        using var joint = Gaussians.Linear([1, 0, rho, 0.8], [0, 0]);
        using var marginal = Gaussians.OneDimensional(1, 0);
        AssertNear(joint.MutualInformation(marginal, marginal, _few), -0.5 * Math.Log(1 - (rho * rho)));
        AssertNear(joint.ConditionalEntropy(marginal, _few), 0.5 * Math.Log(2 * Math.PI * Math.E * 0.64));
        Assert.That(() => joint.ConditionalEntropy(joint), Throws.ArgumentException);
    }

    [Test]
    public void The_information_of_a_context_is_nested_and_its_bias_falls_with_the_inner_rows()
    {
        // x = c + z with c ~ N(0, 1): I = ½ ln 2.
        using var flow = ShiftedByContext();
        var contexts = new double[4000];
        new RandomStream(9).FillNormal<double>(contexts);
        var information = flow.ContextInformation<double>(contexts, inner: 32, new ExpectationOptions { Count = 4000, Seed = 2 });
        var truth = 0.5 * Math.Log(2);
        Assert.That(information.Coarse.Value, Is.GreaterThan(information.Fine.Value), "biased upwards, by about 1/M");
        Assert.That(information.Extrapolated, Is.EqualTo(truth).Within(Sigmas * information.Fine.StandardError));
        Assert.That(() => flow.ContextInformation<double>(contexts, inner: 1000), Throws.ArgumentException);
    }

    [Test]
    public void Rows_of_a_context_are_gone_through_in_turn()
    {
        using var flow = ShiftedByContext();
        Conditions<double> rows = new([-3.0, 5.0]);
        var moments = flow.Moments(_few, rows);
        AssertNear(moments.Mean(0), 1);
        // Unit noise and two shifts that are 8 apart.
        AssertNear(moments.Variance(0), 1 + 16);
        Assert.That(flow.Entropy(_few, rows).Value, Is.EqualTo(0.5 * Math.Log(2 * Math.PI * Math.E)).Within(1e-12), "H(X | C)");
        Assert.That(() => flow.Entropy(_few), Throws.ArgumentException.With.Message.Contains("context"));
    }

    /// <summary>x = c + z.</summary>
    internal static Flow<double> ShiftedByContext()
    {
        var network = new FlowCore.Networks.Mlp<double>([1, 2], UnaryFunction.Identity, "mean");
        var flow = new Flow<double>(new StandardNormal<double>(1), new Conditional<double>(new Affine<double>(), 1, network));
        network.Parameters[0].Write([-1, 0]);
        network.Parameters[1].Write(new double[2]);
        return flow;
    }

    private static void AssertQuadrature(Flow<double> flow, double[] x, double cell)
    {
        var density = new double[x.Length / flow.Features];
        flow.LogDensity(x, density);
        double truth = 0;
        foreach (var log in density)
            truth -= cell * Math.Exp(log) * log;
        var entropy = flow.Entropy(new ExpectationOptions { Count = 200_000, Seed = 8 });
        Assert.That(entropy.StandardError, Is.LessThan(1e-3));
        // The trapezoidal sum errs by the square of the cell where the splines have kinks in their slopes: 10⁻⁴.
        Assert.That(entropy.Value, Is.EqualTo(truth).Within((Sigmas * entropy.StandardError) + 1e-4));
    }

    private static void AssertNear(Estimate estimate, double truth)
    {
        Assert.That(estimate.StandardError, Is.GreaterThan(0));
        Assert.That(estimate.Value, Is.EqualTo(truth).Within(Sigmas * estimate.StandardError));
    }
}
