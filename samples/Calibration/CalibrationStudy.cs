using System.Globalization;
using FlowCore.Compute;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Random;

namespace Calibration;

/// <summary>What the diagnostics say of right and of broken models, as tables.</summary>
internal static class CalibrationStudy
{
    // p-values of the p-values: a table of some forty tests has one below 10⁻⁴ in four studies of a thousand.
    private const double Threshold = 1e-4;

    private static readonly (string Name, double Scale, double Shift)[] _coverageFaults = [("scale × 0.8", 0.8, 0), ("scale × 1.25", 1.25, 0), ("shift 0.5", 1, 0.5)];
    private static readonly int[] _dimensions = [1, 2, 3, 10];

    /// <summary>The p-values of each diagnostic for the truth as model: they have to be uniform.</summary>
    /// <param name="settings">How much.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>The test of each diagnostic's p-values.</returns>
    public static List<UniformityTest> Null(StudySettings settings, TextWriter output)
    {
        var problem = new GaussianProblem(2, Correlation: 0.5);
        var sets = PValues(problem, device => problem.Model(device: device), settings);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Truth as model: p-values of {settings.Repetitions} repetitions, {settings.Events} events, {settings.Draws} draws each"));
        output.WriteLine($"{"diagnostic",-46}{"mean p",10}{"p < 0.05",10}{"p < 0.01",10}{"KS of p",10}");
        var tests = new List<UniformityTest>();
        for (var i = 0; i < sets[0].Count; i++)
        {
            double[] values = [.. sets.Select(set => set[i].P)];
            var test = UniformityTest.Of(sets[0][i].Name, values);
            tests.Add(test);

            // Too uniform is a fault, too: p-values that share their numbers.
            var verdict = test.PValue < Threshold ? "  not uniform" : test.PValue > 1 - Threshold ? "  too uniform" : "";
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{test.Name,-46}{values.Average(),10:0.000}{test.CoverageAt(0.05),10:0.000}{test.CoverageAt(0.01),10:0.000}{test.PValue,10:0.0000}{verdict}"));
        }

        return tests;
    }

    /// <summary>How often each diagnostic finds a fault at p &lt; 0.01.</summary>
    /// <param name="settings">How much.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>For each diagnostic the share of each fault, in the order of the table.</returns>
    public static IReadOnlyList<(string Name, double[] Shares)> Power(StudySettings settings, TextWriter output)
    {
        var problem = new GaussianProblem(2, Correlation: 0.5);
        var faults = new (string Name, Func<Device, Flow<double>> Model)[]
        {
            ("scale × 0.8", device => problem.Model(scale: 0.8, device: device)),
            ("scale × 1.25", device => problem.Model(scale: 1.25, device: device)),
            ("shift 0.5", device => problem.Model(shift: 0.5, device: device)),
            ("no correlation", device => problem.Model(correlation: 0, device: device)),
            ("prior as model", device => new GaussianProblem(2, 0.25).Model(scale: Math.Sqrt(2), slope: 0, device: device)),
        };
        var sets = Array.ConvertAll(faults, fault => PValues(problem, fault.Model, settings));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Share of {settings.Repetitions} repetitions with p < 0.01, {settings.Events} events, {settings.Draws} draws each"));
        output.WriteLine($"{"diagnostic",-46}{string.Concat(faults.Select(fault => $"{fault.Name,16}"))}");
        var rows = new List<(string, double[])>();
        for (var i = 0; i < sets[0][0].Count; i++)
        {
            var shares = Array.ConvertAll(sets, set => (double)set.Count(repetition => repetition[i].P < 0.01) / settings.Repetitions);
            rows.Add((sets[0][0][i].Name, shares));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{rows[^1].Item1,-46}{string.Concat(shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share,16:0.00}")))}"));
        }

        return rows;
    }

    /// <summary>The coverage of the region of 68.27 % of broken models, on 100,000 events.</summary>
    /// <param name="output">Where the table goes.</param>
    public static void Coverage(TextWriter output)
    {
        output.WriteLine("Observed base coverage of the region of 68.27 %, 100,000 events");
        output.WriteLine($"{"fault",-20}{string.Concat(_dimensions.Select(dimension => $"{$"D = {dimension}",12}"))}");
        foreach (var (name, scale, shift) in _coverageFaults)
        {
            var shares = Array.ConvertAll(_dimensions, dimension =>
            {
                var problem = new GaussianProblem(dimension);
                var (y, context) = problem.Draw(100_000, new RandomStream(1));
                using var model = problem.Model(scale, shift);
                return ModelDiagnostics.BaseCoverage<double>(model, y, context).Nominal[0].Observed;
            });
            output.WriteLine($"{name,-20}{string.Concat(shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share,12:0.000}")))}");
        }
    }

    // Repetitions side by side, each on one thread: nothing depends on how many there are.
    private static List<(string Name, double P)>[] PValues(GaussianProblem problem, Func<Device, Flow<double>> model, StudySettings settings)
    {
        var sets = new List<(string Name, double P)>[settings.Repetitions];
        var threads = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, settings.Repetitions, threads, Open, Repeat, Close);
        return sets;

        (CpuDevice Device, Flow<double> Model) Open()
        {
            var device = new CpuDevice(1);
            return (device, model(device));
        }

        (CpuDevice Device, Flow<double> Model) Repeat(int repetition, ParallelLoopState state, (CpuDevice Device, Flow<double> Model) own)
        {
            sets[repetition] = DiagnosticPValues.Of(problem, own.Model, settings.Events, settings.Draws, settings.Seed + (ulong)repetition, settings.Classifier);
            return own;
        }

        static void Close((CpuDevice Device, Flow<double> Model) own)
        {
            own.Model.Dispose();
            own.Device.Dispose();
        }
    }
}
