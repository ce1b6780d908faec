using Calibration;
using FlowCore.Compute;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Diagnostics;

/// <summary>Diagnostics of models whose calibration is known: the truth passes, each fault is found where it can be, with the size that it has.</summary>
[TestFixture]
public sealed class ModelDiagnosticsTests
{
    // Share of the events within the region of 68.27 %, of a scale or a shift that is wrong.
    private static readonly (int Features, double Scale, double Shift, double Coverage)[] _broken =
    [
        (1, 0.8, 0, 0.576), (2, 0.8, 0, 0.520), (3, 0.8, 0, 0.479), (10, 0.8, 0, 0.311),
        (1, 1.25, 0, 0.789), (2, 1.25, 0, 0.834), (3, 1.25, 0, 0.862), (10, 1.25, 0, 0.945),
        (1, 1, 0.5, 0.625), (2, 1, 0.5, 0.638), (3, 1, 0.5, 0.646), (10, 1, 0.5, 0.662),
    ];

    [Test]
    public void Base_coverage_of_broken_models_is_the_calculated_one([ValueSource(nameof(_broken))] (int Features, double Scale, double Shift, double Coverage) broken)
    {
        const int events = 40_000;
        var problem = new GaussianProblem(broken.Features);
        var (y, context) = problem.Draw(events, new RandomStream(1));
        using var model = problem.Model(broken.Scale, broken.Shift);
        var test = ModelDiagnostics.BaseCoverage<double>(model, y, context);

        // 4.5 standard errors, and the digits of the table.
        var error = (4.5 * Math.Sqrt(broken.Coverage * (1 - broken.Coverage) / events)) + 0.0005;
        Assert.That(test.Nominal[0].Observed, Is.EqualTo(broken.Coverage).Within(error));
        Assert.That(test.PValue, Is.LessThan(1e-6));
    }

    [Test]
    public void The_truth_passes_every_diagnostic_with_p_values_that_are_uniform()
    {
        var settings = new StudySettings { Repetitions = 60, Events = 120, Draws = 31, Seed = 5 };
        foreach (var test in CalibrationStudy.Null(settings, TextWriter.Null))
        {
            // Limit distributions are a little off on few events; too uniform is a fault, too.
            Assert.That(test.PValue, Is.InRange(1e-4, 1 - 1e-4), test.ToString());
        }
    }

    [Test]
    public void A_model_that_ignores_its_context_passes_ranks_and_blind_references_but_not_references_at_the_context()
    {
        var problem = new GaussianProblem(2);
        var (y, context) = problem.Draw(1500, new RandomStream(2));
        using var model = problem.Model(scale: Math.Sqrt(2), slope: 0);
        var options = new CoverageOptions<double> { Draws = 63, Seed = 3 };
        var blind = ModelDiagnostics.Coverage(model, y, context, options);
        Assert.That(blind.Tarp!.PValue, Is.GreaterThan(1e-4));
        Assert.That(blind.Ranks.Select(test => test.PValue), Has.All.GreaterThan(1e-4));
        Assert.That(blind.Base!.PValue, Is.GreaterThan(1e-4));
        Assert.That(blind.Passes(1e-4), Is.True, blind.ToString());
        var given = ModelDiagnostics.Coverage(model, y, context, options with { References = context });
        Assert.That(given.Tarp!.PValue, Is.LessThan(1e-9));

        // It is seen where events are divided by their context, too.
        var divided = ModelDiagnostics.Coverage(model, y, context, options with { Strata = Strata.ByColumn<double>(context, 2, 0, 4) });
        Assert.That(divided.Strata.Where(test => test.Name.StartsWith("rank of y0", StringComparison.Ordinal)).Min(test => test.PValue), Is.LessThan(1e-9));
        Assert.That(divided.Strata.Sum(test => test.Name.StartsWith("rank of y0", StringComparison.Ordinal) ? test.Events : 0), Is.EqualTo(1500));

        // Calibrated is not informative: the right model has the smaller intervals and the smaller loss.
        using var right = problem.Model();
        var better = ModelDiagnostics.Coverage(right, y, context, options);
        Assert.That(better.NegativeLogDensity, Is.LessThan(blind.NegativeLogDensity - 0.5));
        Assert.That(better.IntervalSize[0], Is.EqualTo(2).Within(0.1));
        Assert.That(blind.IntervalSize[0], Is.EqualTo(2 * Math.Sqrt(2)).Within(0.15));
    }

    [Test]
    public void A_missing_correlation_passes_the_ranks_and_fails_base_coverage_and_the_correlations_of_the_PIT()
    {
        var problem = new GaussianProblem(2, Correlation: 0.7);
        var (y, context) = problem.Draw(3000, new RandomStream(4));
        using var model = problem.Model(correlation: 0);
        var report = ModelDiagnostics.Coverage(model, y, context, new CoverageOptions<double> { Draws = 63 });
        Assert.That(report.Ranks.Select(test => test.PValue), Has.All.GreaterThan(1e-4));
        Assert.That(report.Pit!.Columns.Select(test => test.PValue), Has.All.GreaterThan(1e-4));
        Assert.That(report.Pit.Correlations.Single().Correlation, Is.EqualTo(0.7).Within(0.05));
        Assert.That(report.Pit.Correlations.Single().PValue, Is.LessThan(1e-9));
        Assert.That(report.Base!.PValue, Is.LessThan(1e-9));
        Assert.That(report.HighestDensity!.PValue, Is.LessThan(1e-9));
        Assert.That(report.Passes(), Is.False);
    }

    [Test]
    public void Regions_of_the_base_and_of_highest_density_hold_the_same_probability_and_are_others()
    {
        // Lognormal(0, 1) at x = 0.2: the central region that ends there has 0.892, the region of highest density 0.294.
        using var model = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new LogUnivariate(), 1, "log"));
        Assert.That(ModelDiagnostics.BaseCoverage<double>(model, [0.2]).CoverageAt(0.8923), Is.Zero);
        Assert.That(ModelDiagnostics.BaseCoverage<double>(model, [0.2]).CoverageAt(0.8926), Is.EqualTo(1));

        // Of 20,000 draws the share differs by 4.5 · 0.0032 at most.
        var density = ModelDiagnostics.Coverage(model, [0.2], options: new CoverageOptions<double> { Draws = 20_000 }).HighestDensity!;
        Assert.That(density.CoverageAt(0.294 - 0.0145), Is.Zero);
        Assert.That(density.CoverageAt(0.294 + 0.0145), Is.EqualTo(1));
    }

    [TestCase("student")]
    [TestCase("box")]
    [TestCase("mixed")]
    [TestCase("full")]
    [TestCase("diagonal")]
    public void Bases_that_are_normal_or_products_are_mapped_by_their_own_distribution_functions(string kind)
    {
        BaseDistribution<double> noise = kind switch
        {
            "student" => new StudentT<double>(2, 1.5),
            "box" => new UniformBox<double>([-1, 2], [1, 5]),
            "mixed" => new UniformNormal<double>([true, false], [3, 0.4]),
            "full" => FullNormal<double>.FromData([1.0, 2, 3, 1, 0, 5, 2, 2], 2),
            _ => new DiagonalNormal<double>([1, 2], [0.3, 7]),
        };
        using var model = new Flow<double>(noise, new FixedAffine<double>([1, 1], [0, 0]));
        var y = new double[2 * 4000];
        model.Sample(new RandomStream(7), 0, y, default);
        var pit = ModelDiagnostics.Pit<double>(model, y);
        Assert.That(ModelDiagnostics.BaseCoverage<double>(model, y).PValue, Is.GreaterThan(1e-4));
        Assert.That(pit.Columns.Select(test => test.PValue), Has.All.GreaterThan(1e-4), pit.ToString());
        Assert.That(pit.Correlations.Single().PValue, Is.GreaterThan(1e-4));
    }

    [TestCase("diagonal")]
    [TestCase("full")]
    [TestCase("given")]
    [TestCase("spherical")]
    [TestCase("normal")]
    public void Mixtures_and_conditional_bases_are_mapped_feature_by_feature(string kind)
    {
        const int events = 4000;
        BaseDistribution<double> noise = kind switch
        {
            "diagonal" => new NormalMixture<double>(2, 3, isDiagonal: true),
            "full" => new NormalMixture<double>(2, 3),
            "given" => new NormalMixture<double>(2, 3, Encoder(3 * (1 + 2 + 2 + 1))),
            "spherical" => new NormalMixture<double>(2, 3, Encoder(3 * (1 + 2 + 1)), isDiagonal: true, isSpherical: true),
            _ => new ConditionalNormal<double>(Encoder(4)),
        };

        // Numbers that are far from a single normal distribution: components apart, of different sizes.
        ulong seed = 20;
        foreach (var parameter in noise.Parameters)
        {
            var values = new double[parameter.Length];
            new RandomStream(seed++).FillNormal<double>(values);
            parameter.Write(values);
        }

        using var model = new Flow<double>(noise, new FixedAffine<double>([2, 1], [0, 3]));
        var context = new double[noise.ConditionColumns * events];
        new RandomStream(6).FillNormal<double>(context);
        var y = new double[2 * events];
        model.Sample(new RandomStream(7), 0, context, y, default);
        var pit = ModelDiagnostics.Pit(model, y, context);
        Assert.That(ModelDiagnostics.BaseCoverage(model, y, context).PValue, Is.GreaterThan(1e-4));
        Assert.That(pit.Columns.Select(test => test.PValue), Has.All.GreaterThan(1e-4), pit.ToString());
        Assert.That(pit.Correlations.Single().PValue, Is.GreaterThan(1e-4));

        // The density of standard normal points times the slopes of the map is that of the model, here by differences.
        var (white, log) = (ModelDiagnostics.WhiteNoise(model, y, context), new double[events]);
        model.LogDensity(y, context, log);
        const double step = 1e-5;
        for (var i = 0; i < 20; i++)
        {
            var own = noise.ConditionColumns == 0 ? [] : context.AsSpan(i * noise.ConditionColumns, noise.ConditionColumns).ToArray();
            double[] at = [y[2 * i], y[(2 * i) + 1]];
            var first = ModelDiagnostics.WhiteNoise(model, [at[0] + step, at[1], at[0] - step, at[1]], own);
            var second = ModelDiagnostics.WhiteNoise(model, [at[0], at[1] + step, at[0], at[1] - step], own);
            var (w0, w1) = (white[2 * i], white[(2 * i) + 1]);
            var slopes = Math.Log((first[0] - first[2]) / (2 * step)) + Math.Log((second[1] - second[3]) / (2 * step));

            // Differences of second order at a step of 1e-5: 1e-10 of the third derivative, and rounding of 1e-16 / 1e-5.
            Assert.That(slopes - (0.5 * ((w0 * w0) + (w1 * w1))) - Math.Log(2 * Math.PI), Is.EqualTo(log[i]).Within(1e-6));
        }

        static Mlp<double> Encoder(int outputs) => new([2, outputs], UnaryFunction.Identity, "encoder");
    }

    [Test]
    public void A_base_without_distribution_functions_is_refused_alone_and_named_in_a_report()
    {
        var noise = new MixtureOfFlows<double>([new StandardNormal<double>(2), new StandardNormal<double>(2)], [new FixedAffine<double>([1, 1], [0, 0]), new FixedAffine<double>([2, 1], [3, 0])]);
        using var model = new Flow<double>(noise, new FixedAffine<double>([1, 1], [0, 0]));
        var y = new double[2 * 300];
        model.Sample(new RandomStream(7), 0, y, default);
        Assert.That(() => ModelDiagnostics.BaseCoverage<double>(model, y), Throws.TypeOf<NotSupportedException>().With.Message.Contains("MixtureOfFlows"));
        var report = ModelDiagnostics.Coverage<double>(model, y, options: new CoverageOptions<double> { Draws = 63 });
        Assert.That(report.Base, Is.Null);
        Assert.That(report.BaseRemark, Does.Contain("MixtureOfFlows"));
        Assert.That(report.HighestDensity!.PValue, Is.GreaterThan(1e-4));
    }

    [Test]
    public void Flat_densities_have_random_ranks_and_events_outside_of_the_density_the_largest()
    {
        using var model = new Flow<double>(new UniformBox<double>([0], [1]), new FixedAffine<double>([1], [0]));
        var y = new double[2000];
        new RandomStream(8).FillUniform<double>(y);
        var options = new CoverageOptions<double> { Draws = 31 };
        Assert.That(ModelDiagnostics.Coverage<double>(model, y, options: options).HighestDensity!.PValue, Is.GreaterThan(1e-4));
        var outside = ModelDiagnostics.Coverage<double>(model, [1.5], options: options);
        Assert.That(outside.HighestDensity!.CoverageAt(31 / 32.0), Is.Zero);
        Assert.That(outside.Base!.CoverageAt(0.999999), Is.Zero);
        Assert.That(outside.NegativeLogDensity, Is.EqualTo(double.PositiveInfinity));
        Assert.That(outside.Pit!.Correlations, Is.Empty);
        Assert.That(outside.ToString(), Does.Contain("1 events"));
    }

    [Test]
    public void Functionals_are_ranked_beside_the_coordinates()
    {
        var problem = new GaussianProblem(2);
        var (y, context) = problem.Draw(1500, new RandomStream(9));
        using var model = problem.Model(scale: 0.8);
        var report = ModelDiagnostics.Coverage(model, y, context, new CoverageOptions<double>
        {
            Draws = 63,
            Functionals = [("distance", (e, c) => Math.Pow(e[0] - c[0], 2) + Math.Pow(e[1] - c[1], 2)), ("y0", (e, _) => e[0]), ("constant", (_, _) => 1)],
        });
        Assert.That(report.Ranks.Select(test => test.Name), Is.EqualTo(new[] { "rank of y0", "rank of y1", "rank of distance", "rank of y0", "rank of constant" }));

        // The distance from the mean is that of the base: its ranks have the coverage of the base, 0.520, to 4.5 errors and a rank.
        Assert.That(report.Ranks[2].Nominal[0].Observed, Is.EqualTo(0.520).Within(0.07));

        // Equal numbers are ordered at random.
        Assert.That(report.Ranks[4].PValue, Is.GreaterThan(1e-4));
    }

    [Test]
    public void A_seed_gives_the_same_report_on_any_number_of_threads()
    {
        var reports = new List<string>();
        foreach (var threads in new[] { 1, 3 })
        {
            using var device = new CpuDevice(threads);
            var problem = new GaussianProblem(3, 0.3);
            var (y, context) = problem.Draw(3000, new RandomStream(10));
            using var model = problem.Model(device: device);
            var report = ModelDiagnostics.Coverage(model, y, context, new CoverageOptions<double> { Draws = 63, Seed = 11 });
            reports.Add(report + string.Join(" ", report.IntervalSize.Concat(report.Pit!.Correlations.Select(pair => pair.Correlation)).Select(BitConverter.DoubleToInt64Bits)));
        }

        Assert.That(reports[1], Is.EqualTo(reports[0]));
    }

    [Test]
    public void Bad_input_is_refused_in_words()
    {
        var problem = new GaussianProblem(2);
        var (y, context) = problem.Draw(10, new RandomStream(1));
        using var model = problem.Model();
        Assert.That(() => ModelDiagnostics.Coverage<double>(model, [], context), Throws.ArgumentException.With.Message.Contains("at least one event"));
        Assert.That(() => ModelDiagnostics.BaseCoverage<double>(model, y.AsSpan(0, 3), context), Throws.ArgumentException.With.Message.Contains("2 numbers"));
        Assert.That(() => ModelDiagnostics.BaseCoverage<double>(model, y, context.AsSpan(0, 4)), Throws.ArgumentException);
        Assert.That(
            () => ModelDiagnostics.Coverage(model, y, context, new CoverageOptions<double> { References = new double[3] }),
            Throws.ArgumentException.With.Message.Contains("reference"));
        Assert.That(
            () => ModelDiagnostics.Coverage(model, y, context, new CoverageOptions<double> { Strata = new Strata([0], ["all"]) }),
            Throws.ArgumentException.With.Message.Contains("strata of 10 events"));
        Assert.That(
            () => ModelDiagnostics.Coverage(model, y, context, new CoverageOptions<double> { Functionals = [("none", (_, _) => double.NaN)] }),
            Throws.TypeOf<ArithmeticException>().With.Message.Contains("event 0"));

        // A stratum without events has no test.
        var report = ModelDiagnostics.Coverage(model, y, context, new CoverageOptions<double> { Draws = 0, Strata = new Strata(new int[10], ["all", "none"]) });
        Assert.That(report.Strata.Select(test => test.Name), Is.EqualTo(new[] { "base coverage, all" }));
        y[3] = double.NaN;
        Assert.That(() => ModelDiagnostics.BaseCoverage<double>(model, y, context), Throws.ArgumentException.With.Message.Contains("row 1"));
        model.AllowNonFinite = true;
        Assert.That(() => ModelDiagnostics.BaseCoverage<double>(model, y, context), Throws.TypeOf<ArithmeticException>().With.Message.Contains("event 1"));
        Assert.That(() => ModelDiagnostics.Coverage<double>(model, y, context), Throws.TypeOf<ArithmeticException>().With.Message.Contains("event 1"));
    }
}
