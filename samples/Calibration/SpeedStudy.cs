using System.Diagnostics;
using System.Globalization;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Random;

namespace Calibration;

/// <summary>How long the diagnostics take.</summary>
internal static class SpeedStudy
{
    /// <summary>Measures.</summary>
    /// <param name="output">Where the table goes.</param>
    /// <param name="modelFile">A flow whose base coverage is timed, too; null for none.</param>
    public static void Run(TextWriter output, string? modelFile)
    {
        const int many = 1_000_000;
        const int rows = 100_000;
        var problem = new GaussianProblem(2);
        using var model = problem.Model();
        var (y, context) = problem.Draw(many, new RandomStream(1));
        var (x, other) = (problem.Draw(rows, new RandomStream(2)).Y, problem.Draw(rows, new RandomStream(3)).Y);
        Time("base coverage of 1,000,000 events", () => ModelDiagnostics.BaseCoverage<double>(model, y, context).PValue);
        Time("PIT of 1,000,000 events, 2 columns", () => ModelDiagnostics.Pit<double>(model, y, context).Columns[0].PValue);
        Time("all tests of 1,000 events, 511 draws", () => ModelDiagnostics.Coverage<double>(model, y.AsSpan(0, 2000), context.AsSpan(0, 2000)).Tarp!.PValue);
        Time("energy, 100,000 × 100,000, 1 column", () => TwoSample.Energy<double>(x.AsSpan(0, rows), other.AsSpan(0, rows), 1).PValue);
        Time("energy, 100,000 × 100,000, 2 columns", () => TwoSample.Energy<double>(x, other, 2).PValue);
        Time("MMD, 100,000 × 100,000, 2 columns", () => TwoSample.Mmd<double>(x, other, 2).PValue);
        Time("sliced KS, 100,000 × 100,000", () => TwoSample.SlicedKolmogorov<double>(x, other, 2).PValue);
        if (modelFile is not null)
        {
            using var flow = Flow<float>.Load(modelFile);
            var drawn = new float[many * flow.Features];
            var given = new float[many * flow.ContextFeatures];
            new RandomStream(4).FillNormal<float>(given);
            flow.Sample(new RandomStream(5), 0, given, drawn, default);
            Time($"base coverage of 1,000,000 events, {Path.GetFileName(modelFile)}", () => ModelDiagnostics.BaseCoverage<float>(flow, drawn, given).PValue);
        }

        void Time(string name, Func<double> run)
        {
            run();
            var watch = Stopwatch.StartNew();
            var p = run();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-66}{watch.Elapsed.TotalSeconds,8:0.00} s   p = {p:0.000}"));
        }
    }
}
