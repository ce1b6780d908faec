using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Random;

namespace Calibration;

/// <summary>The p-values of every diagnostic for one set of events.</summary>
internal static class DiagnosticPValues
{
    private const int GridEvents = 100;

    /// <summary>Runs all of them.</summary>
    /// <param name="problem">What the events are of.</param>
    /// <param name="model">What is tested.</param>
    /// <param name="events">How many events.</param>
    /// <param name="draws">Draws for each event.</param>
    /// <param name="seed">Of the events and the tests.</param>
    /// <param name="classifier">Whether to train the classifier, too.</param>
    /// <returns>Names and p-values, in a fixed order. Multiples of 1/(B + 1) are spread over their steps.</returns>
    public static List<(string Name, double P)> Of(GaussianProblem problem, Flow<double> model, int events, int draws, ulong seed, bool classifier)
    {
        const int permutations = 99;
        var stream = new RandomStream(seed);
        var (y, context) = problem.Draw(events, stream);
        var options = new CoverageOptions<double> { Draws = draws, Seed = seed };
        var report = ModelDiagnostics.Coverage(model, y, context, options);
        var result = new List<(string, double)>();
        AddAll("base coverage", report.Base!);
        AddAll("highest density", report.HighestDensity!);

        // A grid has 4,225 nodes for each event.
        var some = Math.Min(events, GridEvents) * problem.Features;
        var grid = ModelDiagnostics.Coverage<double>(model, y.AsSpan(0, some), context.AsSpan(0, some), options with { Draws = 0, HighestDensityGrid = 64 });
        AddAll("highest density on a grid", grid.HighestDensity!);
        AddAll("PIT of z0", report.Pit!.Columns[0]);
        if (problem.Features > 1)
            result.Add(("correlation of z0 and z1", report.Pit.Correlations[0].PValue));
        AddAll("rank of y0", report.Ranks[0]);
        AddAll("TARP, blind", report.Tarp!);
        var given = ModelDiagnostics.Coverage(model, y, context, options with { References = context });
        AddAll("TARP at the context", given.Tarp!);

        // The model's own events, jointly with conditions of their own: at the same ones the samples would not be independent.
        var (_, otherContext) = problem.Draw(events, stream.Substream(4));
        var drawn = new double[y.Length];
        model.Sample(stream.Substream(2), 0, otherContext, drawn, default);
        var (first, second) = (Joint(y, context, problem.Features), Joint(drawn, otherContext, problem.Features));
        var how = new TwoSampleOptions { Permutations = permutations, Seed = seed, Device = model.Device };
        var columns = 2 * problem.Features;
        var random = new double[4];
        stream.Substream(3).FillUniform<double>(random);
        Add("energy", TwoSample.Energy<double>(first, second, columns, how), 0);
        Add("MMD", TwoSample.Mmd<double>(first, second, columns, how), 1);
        Add("sliced KS", TwoSample.SlicedKolmogorov<double>(first, second, columns, how), 2);
        result.Add(("two-sample KS of y0", TwoSample.Kolmogorov<double>(y, drawn, problem.Features)[0].PValue));
        if (classifier)
            Add("classifier", TwoSample.Classifier<double>(first, second, columns, how), 3);
        return result;

        void AddAll(string name, UniformityTest test)
        {
            result.Add(($"{name}: KS", test.KolmogorovP));
            result.Add(($"{name}: Cramér-von Mises", test.CramerVonMisesP));
            result.Add(($"{name}: Anderson-Darling", test.AndersonDarlingP));
            result.Add(($"{name}: χ²", test.ChiSquareP));
        }

        void Add(string name, TwoSampleResult test, int index) => result.Add((name, test.PValue - (random[index] / (permutations + 1))));
    }

    private static double[] Joint(double[] y, double[] context, int features)
    {
        var rows = new double[2 * y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var (row, column) = (i / features, i % features);
            rows[(row * 2 * features) + column] = y[i];
            rows[(row * 2 * features) + features + column] = context[i];
        }

        return rows;
    }
}
