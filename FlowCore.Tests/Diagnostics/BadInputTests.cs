using Calibration;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;
using Reporting;

namespace FlowCore.Tests.Diagnostics;

/// <summary>What input at the edge gives: the table of docs/calibration.md, row by row.</summary>
[TestFixture]
public sealed class BadInputTests
{
    private static readonly CoverageOptions<double> _options = new() { Draws = 31 };

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void Targets_and_contexts_that_are_not_finite_are_refused_by_their_row(double value)
    {
        var problem = new GaussianProblem(2);
        using var model = problem.Model();
        foreach (var inContext in new[] { false, true })
        {
            var (y, context) = problem.Draw(20, new RandomStream(1));
            (inContext ? context : y)[13] = value;
            Assert.That(() => ModelDiagnostics.BaseCoverage<double>(model, y, context), Throws.ArgumentException.With.Message.Contains("row 6"));
            Assert.That(() => ModelDiagnostics.Pit<double>(model, y, context), Throws.ArgumentException.With.Message.Contains("row 6"));
            Assert.That(() => ModelDiagnostics.Coverage(model, y, context, _options), Throws.ArgumentException.With.Message.Contains("row 6"));
            Assert.That(() => ModelDiagnostics.Report<double>(model, y, context), Throws.ArgumentException.With.Message.Contains("row 6"));
        }

        Assert.That(() => TwoSample.Kolmogorov<double>([0, 1], [2, value], 1), Throws.ArgumentException.With.Message.Contains("row 1"));
    }

    [Test]
    public void Where_the_model_lets_them_pass_infinite_targets_are_in_no_region_and_NaN_is_refused_by_its_event()
    {
        using var model = new Flow<double>(new StandardNormal<double>(1), new FixedAffine<double>([1], [0])) { AllowNonFinite = true };
        foreach (var infinite in new[] { double.PositiveInfinity, double.NegativeInfinity })
        {
            var report = ModelDiagnostics.Coverage(model, [infinite, 0.0], options: _options);
            Assert.That(report.Base!.CoverageAt(0.999), Is.EqualTo(0.5));
            Assert.That(report.HighestDensity!.CoverageAt(30 / 32.0), Is.EqualTo(0.5));
            Assert.That(report.NegativeLogDensity, Is.EqualTo(double.PositiveInfinity));

            // A single event, too, which leaves no finite one to make the box of references of.
            Assert.That(ModelDiagnostics.Coverage(model, [infinite], options: _options).Tarp!.CoverageAt(30 / 32.0), Is.Zero);
            Assert.That(ModelDiagnostics.Coverage(model, [infinite, 0.0], options: _options with { HighestDensityGrid = 32 }).HighestDensity!.CoverageAt(0.999), Is.EqualTo(0.5));
        }

        Assert.That(
            () => ModelDiagnostics.Coverage(model, [0.0, 1], options: _options with { References = new[] { 0, double.PositiveInfinity } }),
            Throws.ArgumentException.With.Message.Contains("for event 1"));
        Assert.That(() => ModelDiagnostics.Coverage(model, [0.0, double.NaN], options: _options), Throws.TypeOf<ArithmeticException>().With.Message.Contains("event 1"));
    }

    [Test]
    public void Strata_without_events_have_a_name_and_no_test()
    {
        var problem = new GaussianProblem(1);
        var (y, context) = problem.Draw(50, new RandomStream(2));
        using var model = problem.Model();
        var labels = new int[50];
        labels[7] = 2;
        var report = ModelDiagnostics.Report(model, y, context, new DiagnosticsOptions<double>
        {
            Coverage = _options with { Strata = new Strata(labels, ["most", "none", "one"]) },
            TwoSample = new TwoSampleOptions { Permutations = 9 },
        });
        Assert.That(report.Coverage.StrataNames, Is.EqualTo(new[] { "most", "none", "one" }));
        Assert.That(report.Coverage.Strata.Select(test => test.Name), Has.None.EndsWith("none"));
        Assert.That(report.Coverage.Strata.Where(test => test.Name.EndsWith(", one", StringComparison.Ordinal)).Select(test => test.Events), Has.All.EqualTo(1));
        Assert.That(DiagnosticsPage.Render(report, "strata"), Does.Contain("most; none; one"));
    }

    [Test]
    public void Equal_values_are_ordered_at_random()
    {
        // The sign has two values, so half of the draws are ties; the ranks are uniform all the same.
        using var model = new Flow<double>(new StandardNormal<double>(1), new FixedAffine<double>([1], [0]));
        var y = new double[2000];
        new RandomStream(3).FillNormal<double>(y);
        var report = ModelDiagnostics.Coverage(model, y, options: _options with { Functionals = [("sign", (e, _) => e[0] > 0 ? 1 : 0)] });
        Assert.That(report.Ranks[1].PValue, Is.GreaterThan(1e-4));

        // In samples they form one step, and equal samples have p = 1.
        Assert.That(TwoSample.Kolmogorov<double>([1, 1, 1], [1, 1], 1).Single().Distance, Is.Zero);
        Assert.That(TwoSample.Kolmogorov<double>([1, 1, 1], [1, 1], 1).Single().PValue, Is.EqualTo(1));
    }

    [Test]
    public void One_event_gives_a_report_with_its_numbers_and_no_errors()
    {
        var problem = new GaussianProblem(2);
        var (y, context) = problem.Draw(1, new RandomStream(4));
        using var model = problem.Model();
        var report = ModelDiagnostics.Report(model, y, context, new DiagnosticsOptions<double> { Coverage = _options });
        Assert.That(report.Coverage.NegativeLogDensity, Is.Not.NaN);
        Assert.That(report.Coverage.NegativeLogDensityError, Is.NaN);
        Assert.That(report.Coverage.Pit!.Correlations, Is.Empty);
        Assert.That(report.Corrected.Select(test => test.CorrectedP), Has.All.InRange(0, 1));
        Assert.That(report.Samples, Is.Empty);
    }

    [Test]
    public void Weights_of_zero_leave_rows_out_and_weights_that_are_all_zero_are_refused()
    {
        var without = TwoSample.Kolmogorov<double>([0.1, 0.7], [0.3, 0.4, 0.9], 1).Single();
        var with = TwoSample.Kolmogorov<double>([0.1, 5, 0.7], [0.3, 0.4, 0.9], 1, [1, 0, 1]).Single();
        Assert.That((with.Distance, with.PValue), Is.EqualTo((without.Distance, without.PValue)));
        Assert.That(() => TwoSample.Kolmogorov<double>([0.1, 0.7], [0.3, 0.4], 1, [0, 0]), Throws.ArgumentException.With.Message.Contains("above 0"));
        Assert.That(() => TwoSample.Kolmogorov<double>([0.1, 0.7], [0.3, 0.4], 1, [double.NaN, 1]), Throws.ArgumentException.With.Message.Contains("row 0"));
    }

    [Test]
    public void Constant_columns_and_conditions_are_no_fault()
    {
        var problem = new GaussianProblem(2);
        using var model = problem.Model();
        var y = new double[2 * 200];
        new RandomStream(5).FillNormal<double>(y);

        // A row of zeros for every event instead of one for all.
        var report = ModelDiagnostics.Report(model, y, new double[y.Length], new DiagnosticsOptions<double>
        {
            Coverage = _options,
            TwoSample = new TwoSampleOptions { Permutations = 99 },
        });
        Assert.That(report.Passes(1e-3), Is.True, report.ToString());
    }
}
