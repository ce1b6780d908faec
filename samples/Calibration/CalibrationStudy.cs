using System.Globalization;
using FlowCore.Diagnostics;

namespace Calibration;

/// <summary>What the diagnostics say of right and of broken models, as tables.</summary>
internal static class CalibrationStudy
{
    /// <summary>The p-values of each diagnostic for the truth as model: they have to be uniform.</summary>
    /// <param name="settings">How much.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>The test of each diagnostic's p-values.</returns>
    public static List<UniformityTest> Null(StudySettings settings, TextWriter output)
    {
        var problem = new GaussianProblem(2, Correlation: 0.5);
        var names = new List<string>();
        var values = new List<List<double>>();
        using var model = problem.Model();
        for (var repetition = 0; repetition < settings.Repetitions; repetition++)
        {
            var pValues = DiagnosticPValues.Of(problem, model, settings.Events, settings.Draws, settings.Seed + (ulong)repetition, settings.Classifier);
            for (var i = 0; i < pValues.Count; i++)
            {
                if (repetition == 0)
                {
                    names.Add(pValues[i].Name);
                    values.Add([]);
                }

                values[i].Add(pValues[i].P);
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Truth as model: p-values of {settings.Repetitions} repetitions, {settings.Events} events, {settings.Draws} draws each"));
        output.WriteLine($"{"diagnostic",-40}{"mean p",10}{"p < 0.05",10}{"p < 0.01",10}{"KS of p",10}");
        var tests = new List<UniformityTest>();
        for (var i = 0; i < names.Count; i++)
        {
            var test = UniformityTest.Of(names[i], values[i].ToArray());
            tests.Add(test);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{names[i],-40}{values[i].Average(),10:0.000}{test.CoverageAt(0.05),10:0.000}{test.CoverageAt(0.01),10:0.000}{test.PValue,10:0.0000}"));
        }

        return tests;
    }

    /// <summary>How often each diagnostic finds a fault at p &lt; 0.01.</summary>
    /// <param name="settings">How much.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Power(StudySettings settings, TextWriter output)
    {
        var problem = new GaussianProblem(2, Correlation: 0.5);
        var faults = new (string Name, Func<FlowCore.Distributions.Flow<double>> Model)[]
        {
            ("scale × 0.8", () => problem.Model(scale: 0.8)), ("scale × 1.25", () => problem.Model(scale: 1.25)), ("shift 0.5", () => problem.Model(shift: 0.5)),
            ("no correlation", () => problem.Model(correlation: 0)), ("prior as model", () => new GaussianProblem(2, 0.25).Model(scale: Math.Sqrt(2), slope: 0)),
        };
        var found = new Dictionary<string, int[]>();
        for (var fault = 0; fault < faults.Length; fault++)
        {
            using var model = faults[fault].Model();
            for (var repetition = 0; repetition < settings.Repetitions; repetition++)
            {
                foreach (var (name, p) in DiagnosticPValues.Of(
                    problem, model, settings.Events, settings.Draws, settings.Seed + (ulong)repetition, settings.Classifier))
                {
                    if (!found.TryGetValue(name, out var counts))
                        found[name] = counts = new int[faults.Length];
                    counts[fault] += p < 0.01 ? 1 : 0;
                }
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Share of {settings.Repetitions} repetitions with p < 0.01, {settings.Events} events, {settings.Draws} draws each"));
        output.WriteLine($"{"diagnostic",-40}{string.Concat(faults.Select(fault => $"{fault.Name,16}"))}");
        foreach (var (name, counts) in found)
        {
            var shares = counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{(double)count / settings.Repetitions,16:0.00}"));
            output.WriteLine($"{name,-40}{string.Concat(shares)}");
        }
    }
}
