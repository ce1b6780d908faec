using FlowCore.Diagnostics;
using FlowCore.Random;
using Reporting;

namespace Calibration;

/// <summary>The report on a model whose deviations are a fifth too small.</summary>
internal static class FirstReport
{
    /// <summary>Runs the program.</summary>
    /// <param name="page">Where the page goes.</param>
    /// <returns>The report.</returns>
    public static DiagnosticsReport Run(string page)
    {
        var problem = new GaussianProblem(Features: 2);
        var (y, context) = problem.Draw(2000, new RandomStream(1));
        using var model = problem.Model(scale: 0.8);
        var options = new DiagnosticsOptions<double>
        {
            Coverage = new CoverageOptions<double>
            {
                Draws = 255,
                Functionals = [("radius", (e, _) => double.Hypot(e[0], e[1]))],
                Strata = Strata.ByColumn<double>(context, columns: 2, column: 0, count: 3),
            },
        };
        var report = ModelDiagnostics.Report(model, y, context, options);
        Console.WriteLine(report);
        DiagnosticsPage.Save(page, report, "A model that is too sure");
        return report;
    }
}
