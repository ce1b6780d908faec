using Calibration;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;
using Reporting;

namespace FlowCore.Tests.Diagnostics;

/// <summary>The report of everything as an object, as text and as a page.</summary>
[TestFixture]
public sealed class DiagnosticsReportTests
{
    private static readonly DiagnosticsOptions<double> _quick = new()
    {
        Coverage = new CoverageOptions<double> { Draws = 31 },
        TwoSample = new TwoSampleOptions { Permutations = 99 },
    };

    [Test]
    public void The_first_report_of_the_documents_finds_the_fault_that_is_in_it_and_shows_it()
    {
        var folder = Directory.CreateTempSubdirectory("flowcore-report-").FullName;
        try
        {
            var path = Path.Combine(folder, "report.html");
            var report = FirstReport.Run(path);
            var coverage = report.Coverage;
            Assert.That(report.Passes(), Is.False);

            // 0.520 of 2,000 events, to 4.5 errors.
            Assert.That(coverage.Base!.Nominal[0].Observed, Is.EqualTo(0.520).Within(0.051));
            Assert.That(coverage.Strata.Count(test => test.Name.StartsWith("base coverage", StringComparison.Ordinal)), Is.EqualTo(3));
            Assert.That(report.Corrected.Single(test => test.Name == "base coverage").CorrectedP, Is.LessThan(1e-9));
            Assert.That(report.ToString(), Does.Contain("energy distance").And.Contain("samples of y1").And.Contain("smallest p-value of"));
            var page = File.ReadAllText(path);
            Assert.That(page, Does.Contain("The model is wrong").And.Contain("<td class=\"above\">fault</td>").And.Contain("A model that is too sure"));
            Assert.That(page.Split("<svg").Length - 1, Is.EqualTo(3));
            Assert.That(page, Does.Not.Contain("http://").Or.Contain("http://www.w3.org"));
            Assert.That(page, Does.Not.Contain("src=").And.Not.Contain("<script"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void The_truth_passes_with_and_without_conditions_and_the_page_says_so()
    {
        var problem = new GaussianProblem(2, Correlation: 0.3);
        var (y, context) = problem.Draw(600, new RandomStream(11));
        using var model = problem.Model();
        var report = ModelDiagnostics.Report(model, y, context, _quick);
        Assert.That(report.Passes(), Is.True, report.ToString());
        Assert.That(report.SampleRemark, Does.Contain("300 events and their conditions"));
        Assert.That(report.Samples.Select(test => test.FirstRows), Has.All.EqualTo(300));
        Assert.That(DiagnosticsPage.Render(report, "a <b> title"), Does.Contain("No fault is seen").And.Contain("a &lt;b&gt; title"));
        Assert.That(report.Corrected, Has.Count.EqualTo(report.Coverage.Corrected.Count + 5));

        // One row of context for all is none to compare.
        using var plain = new Flow<double>(new StandardNormal<double>(1), new FixedAffine<double>([1], [0]));
        var normal = new double[400];
        new RandomStream(12).FillNormal<double>(normal);
        var unconditional = ModelDiagnostics.Report(plain, normal, options: _quick);
        Assert.That(unconditional.SampleRemark, Is.EqualTo("Samples: 400 events against 400 draws."));
        Assert.That(unconditional.Passes(), Is.True, unconditional.ToString());
        Assert.That(DiagnosticsPage.Render(unconditional, "one"), Does.Contain("No fault is seen"));
    }

    [Test]
    public void Factors_of_the_noise_and_the_correlations_of_three_columns_are_shown()
    {
        var problem = new GaussianProblem(3);
        var (y, context) = problem.Draw(300, new RandomStream(15));
        using var model = problem.Model();
        var report = ModelDiagnostics.Report(model, y, context, _quick with
        {
            Coverage = new CoverageOptions<double> { Draws = 0, Factors = [new NoiseFactor("plane", 0, 2), new NoiseFactor("line", 2, 1)] },
        });
        Assert.That(report.Coverage.Regions.Select(test => test.Name), Is.EqualTo(new[] { "base coverage", "base coverage of plane", "base coverage of line given the true plane" }));
        Assert.That(report.Coverage.Factors.Select(factor => factor.Test.PValue), Has.All.GreaterThan(1e-4));

        // Coverage, histograms, correlations.
        var page = DiagnosticsPage.Render(report, "three");
        Assert.That(page.Split("<svg").Length - 1, Is.EqualTo(3));
        Assert.That(page, Does.Contain("base coverage of line given the true plane").And.Contain("correlation of z1 and z2"));
    }

    [Test]
    public void A_wrong_dependence_on_the_conditions_is_seen_by_the_samples()
    {
        // Each marginal is right, the joint distribution with the context is not.
        var problem = new GaussianProblem(2);
        var (y, context) = problem.Draw(1000, new RandomStream(13));
        using var model = problem.Model(scale: Math.Sqrt(2), slope: 0);
        var report = ModelDiagnostics.Report(model, y, context, _quick);
        Assert.That(report.Samples.Select(test => test.PValue), Has.All.EqualTo(0.01));
        Assert.That(report.Columns.Select(test => test.PValue), Has.All.GreaterThan(1e-4));
    }

    [Test]
    public void A_report_is_the_same_for_a_seed_and_of_one_event_it_says_what_is_missing()
    {
        var problem = new GaussianProblem(2);
        var (y, context) = problem.Draw(100, new RandomStream(14));
        using var model = problem.Model();
        var text = ModelDiagnostics.Report(model, y, context, _quick).ToString();
        Assert.That(ModelDiagnostics.Report(model, y, context, _quick).ToString(), Is.EqualTo(text));
        var one = ModelDiagnostics.Report<double>(model, y.AsSpan(0, 2), context.AsSpan(0, 2), _quick);
        Assert.That(one.SampleRemark, Does.StartWith("No comparison with samples"));
        Assert.That(one.Samples, Is.Empty);
        Assert.That(DiagnosticsPage.Render(one, "one event"), Does.Contain("No comparison with samples"));
        var three = ModelDiagnostics.Report<double>(model, y.AsSpan(0, 6), context.AsSpan(0, 6), _quick);
        Assert.That(three.SampleRemark, Does.Contain("it takes 4 events"));
    }
}
