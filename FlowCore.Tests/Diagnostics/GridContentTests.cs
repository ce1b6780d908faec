using Calibration;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Diagnostics;

/// <summary>The coverage of the highest density by quadrature, against contents in closed form.</summary>
[TestFixture]
public sealed class GridContentTests
{
    private const double Tolerance = 1e-3;

    private static readonly CoverageOptions<double> _grid = new() { Draws = 0, HighestDensityGrid = 64 };

    // Lognormal(0, 1): the region of highest density of 68.27 % is [0.0827, 1.6373], the central one [0.368, 2.718].
    [TestCase(0.2, 0.294, 0.892)]
    [TestCase(0.0827, 0.6827, 0.98732)]
    [TestCase(1.6373, 0.6827, 0.37801)]
    [TestCase(0.36788, 0, 0.68269)]
    [TestCase(2.71828, 0.83999, 0.68269)]
    public void Of_one_feature_it_is_the_content_in_closed_form_and_that_of_the_base_another(double x, double highest, double central)
    {
        using var model = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new LogUnivariate(), 1, "log"));
        Assert.That(Content(ModelDiagnostics.Coverage(model, [x], options: _grid).HighestDensity!), Is.EqualTo(highest).Within(Tolerance));
        Assert.That(Content(ModelDiagnostics.BaseCoverage<double>(model, [x])), Is.EqualTo(central).Within(Tolerance));
    }

    [Test]
    public void Of_two_normal_features_it_is_that_of_the_base_with_and_without_conditions_of_each_event()
    {
        var problem = new GaussianProblem(2, Correlation: 0.7);
        var (y, context) = problem.Draw(60, new RandomStream(1));
        using var model = problem.Model(scale: 0.8);
        for (var i = 0; i < 10; i++)
        {
            // A condition that all events share costs one grid; both ways agree.
            var one = y.AsSpan(2 * i, 2);
            var given = context.AsSpan(2 * i, 2);
            Assert.That(
                Content(ModelDiagnostics.Coverage<double>(model, one, given, _grid).HighestDensity!),
                Is.EqualTo(Content(ModelDiagnostics.BaseCoverage<double>(model, one, given))).Within(Tolerance));
        }

        var report = ModelDiagnostics.Coverage(model, y, context, _grid);
        var (grid, exact) = (report.HighestDensity!, ModelDiagnostics.BaseCoverage<double>(model, y, context));
        Assert.That(report.HighestDensityRemark, Does.StartWith("Highest density on a grid of 64 intervals; half as many change contents by 0.01"));
        Assert.That(grid.KolmogorovDistance, Is.EqualTo(exact.KolmogorovDistance).Within(Tolerance));
        Assert.That(grid.CramerVonMises, Is.EqualTo(exact.CramerVonMises).Within(60 * Tolerance));
    }

    [Test]
    public void Of_two_lognormal_features_it_is_that_of_a_fine_quadrature()
    {
        // ln q = −|u|²/2 − u₁ − u₂ with u = ln x is highest at u = (−1, −1), and q > q₀ is a disc around it.
        using var model = new Flow<double>(new StandardNormal<double>(2), new Elementwise<double>(new LogUnivariate(), 2, "log"));
        foreach (var (u, v) in new[] { (-1.0, 0.0), (0.5, 0.2), (-2.5, -1.5), (1.0, -2.0) })
        {
            var radius = Math.Sqrt(((u + 1) * (u + 1)) + ((v + 1) * (v + 1)));
            Assert.That(
                Content(ModelDiagnostics.Coverage(model, [Math.Exp(u), Math.Exp(v)], options: _grid).HighestDensity!),
                Is.EqualTo(Disc(radius)).Within(Tolerance));
        }
    }

    [TestCase("mixture")]
    [TestCase("student")]
    [TestCase("box")]
    public void Other_bases_have_uniform_contents_flat_ones_too(string kind)
    {
        BaseDistribution<double> noise = kind switch
        {
            "mixture" => new NormalMixture<double>(2, 2),
            "student" => new StudentT<double>(2, 3),
            _ => new UniformBox<double>([0, 1], [2, 4]),
        };
        if (noise is NormalMixture<double>)
            noise.Parameters[1].Write([-1.2, 0, 1.2, 0.7]);
        using var model = new Flow<double>(noise, new FixedAffine<double>([1, 1], [0, 0]));
        var y = new double[2 * 3000];
        model.Sample(new RandomStream(2), 0, y, default);
        Assert.That(ModelDiagnostics.Coverage(model, y, options: _grid).HighestDensity!.PValue, Is.GreaterThan(1e-4));
    }

    [Test]
    public void It_agrees_with_many_draws()
    {
        using var model = new Flow<double>(new StudentT<double>(2, 3), new FixedAffine<double>([1, 2], [0, 0]));
        double[] y = [0.4, 1.1];
        var draws = ModelDiagnostics.Coverage(model, y, options: new CoverageOptions<double> { Draws = 40_000 }).HighestDensity!;

        // 4.5 errors of 40,000 draws.
        Assert.That(Content(ModelDiagnostics.Coverage(model, y, options: _grid).HighestDensity!), Is.EqualTo(Content(draws)).Within(4.5 * 0.0025));
    }

    [Test]
    public void What_it_cannot_do_is_refused_in_words()
    {
        using var three = new GaussianProblem(3).Model();
        Assert.That(() => ModelDiagnostics.Coverage(three, new double[3], new double[3], _grid), Throws.ArgumentException.With.Message.Contains("one or two features"));
        using var one = new GaussianProblem(1).Model();
        Assert.That(
            () => ModelDiagnostics.Coverage(one, [0.0], new double[1], _grid with { HighestDensityGrid = 17 }),
            Throws.ArgumentException.With.Message.Contains("even number"));
    }

    // The one number of a test of one event.
    private static double Content(UniformityTest test)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 40; i++)
        {
            var middle = 0.5 * (low + high);
            (low, high) = test.CoverageAt(middle) > 0 ? (low, middle) : (middle, high);
        }

        return high;
    }

    // The content of a disc around (−1, −1) under the standard normal distribution: slices of it.
    private static double Disc(double radius)
    {
        const int slices = 20_000;
        var sum = 0.0;
        for (var i = 0; i < slices; i++)
        {
            var u = -radius + (2 * radius * (i + 0.5) / slices);
            var half = Math.Sqrt(Math.Max(0, (radius * radius) - (u * u)));
            var density = Math.Exp(-0.5 * (u - 1) * (u - 1)) / Math.Sqrt(2 * Math.PI);
            sum += 2 * radius / slices * density * (NormalDistribution.Cdf(-1 + half) - NormalDistribution.Cdf(-1 - half));
        }

        return sum;
    }
}
