using System.Globalization;
using CommandLine;
using FlowCore.Distributions;
using FlowCore.Fields;

namespace LognormalFields;

/// <summary>The tables that the verbs print.</summary>
internal static class FieldTables
{
    private const int ReferenceFields = 2000;

    /// <summary>KL(truth ‖ model) of flows, and of what knows the two-point function or the histogram alone.</summary>
    public static void Divergences(ConsoleReporter reporter, LognormalToy toy, Flow<float> exact, ulong seed, IReadOnlyList<(string Name, FieldJudgement Judgement)> flows)
    {
        using var gaussian = toy.Gaussian<float>();
        using var independent = toy.Independent<float>();
        List<(string, FieldJudgement)> all =
        [
            ("correlated Gaussian", FieldJudgement.Of(toy, exact, gaussian, ReferenceFields, seed)),
            ("independent lognormal pixels", FieldJudgement.Of(toy, exact, independent, ReferenceFields, seed)),
            .. flows,
        ];
        reporter.Line("");
        reporter.Line("KL(truth || model) in nats a pixel, and the worst ring of the power spectrum of its samples:");
        reporter.Table(
            ["model", "KL", "error", "worst |P/P_exact - 1|"],
            all.Select(row => (IReadOnlyList<string>)
                [row.Item1, Text(row.Item2.Divergence, "F5"), Text(row.Item2.DivergenceError, "F5"), $"{Text(100 * row.Item2.WorstPower, "F1")} %"]));
    }

    /// <summary>Spectrum, covariance, bispectrum and pixels.</summary>
    public static void Statistics(ConsoleReporter reporter, FieldJudgement judgement)
    {
        var (flow, truth) = (judgement.Power, judgement.PowerOfTruth);
        var rings = flow.Power.Length;
        reporter.Line("");
        reporter.Line($"{flow.Fields} fields each: power spectrum by rings, its deviation between fields, and the equilateral bispectrum:");
        reporter.Table(
            ["ring", "modes", "P exact", "P flow / exact", "error", "deviation of P, flow / truth", "B truth", "B flow"],
            Enumerable.Range(0, rings).Select(ring => (IReadOnlyList<string>)
            [
                Text(ring, "F0"),
                Text(flow.Modes[ring], "F0"),
                Text(judgement.ExactPower[ring], "F4"),
                Text(flow.Power[ring] / judgement.ExactPower[ring], "F4"),
                Text(flow.Errors[ring] / judgement.ExactPower[ring], "F4"),
                Text(flow.Errors[ring] / truth.Errors[ring], "F3"),
                ring < judgement.BispectrumOfTruth.Length ? Text(judgement.BispectrumOfTruth[ring], "F4") : "",
                ring < judgement.Bispectrum.Length ? Text(judgement.Bispectrum[ring], "F4") : "",
            ]));
        reporter.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Mean correlation of the power of neighbouring rings: truth {Off(truth):F3}, flow {Off(flow):F3} (a Gaussian field: 0)."));
        reporter.Line("");
        reporter.Table(
            ["pixels", "mean", "variance", "skewness", "kurtosis"], [Row("truth", judgement.MomentsOfTruth), Row("flow", judgement.Moments)]);

        static IReadOnlyList<string> Row(string name, PixelMoments moments) =>
            [name, Text(moments.Mean, "F4"), Text(moments.Variance, "F4"), Text(moments.Skewness, "F3"), Text(moments.Kurtosis, "F2")];
    }

    /// <summary>Mean square errors beside the Wiener filter's.</summary>
    public static void Denoising(ConsoleReporter reporter, DenoisingProblem problem, IReadOnlyList<(string Name, DenoisingAnswers Answers)> flows)
    {
        using var exact = problem.Toy.Exact<float>();
        var (side, radius) = (problem.Toy.Side, problem.Toy.Side / 7.0);
        var share = (double)problem.Hidden.Count(hidden => hidden) / problem.Toy.Pixels;
        var rows = new List<IReadOnlyList<string>>();
        List<(string, DenoisingAnswers)> all = [.. flows, ("exact density", DenoisingAnswers.Of(problem, exact, hasMean: false))];
        foreach (var (name, answers) in all)
        {
            rows.Add(Row($"{name}: MAP in y", answers.InFields));
            rows.Add(Row($"{name}: MAP in z", answers.InNoise));
            if (answers.Mean is { } mean)
                rows.Add(Row($"{name}: posterior mean", mean));
        }

        rows.Add(Row($"{all[0].Item1}: MAP in y beyond k = {Text(radius, "F1")}, Wiener below", FourierSplit.Join(problem.Wiener, all[0].Item2.InFields, side, side, radius)));
        rows.Add(Row("Wiener filter", problem.Wiener));
        reporter.Line("");
        reporter.Line($"{problem.Truth.Length / problem.Toy.Pixels} fields, noise of {Text(1 / Math.Sqrt(problem.Noise.InverseVariances.ToArray().Max()) / problem.Toy.Deviation, "F2")} deviations, {Text(100 * share, "F0")} % of the pixels hidden: mean square error over the Wiener filter's:");
        reporter.Table(["answer", "all pixels", "error", "seen", "hidden", "k > n/4", "r(k = 2)", "r(k = 8)", "P(k = 8) / truth"], rows);

        IReadOnlyList<string> Row(string name, double[] fields)
        {
            var (ratio, error) = problem.Ratio(fields);
            var correlation = PowerSpectrum.CrossCorrelation<double>(fields, problem.Truth, side, side);
            var eighth = PowerSpectrum.Of<double>(fields, side, side).Power[side / 4] / PowerSpectrum.Of<double>(problem.Truth, side, side).Power[side / 4];
            return
            [
                name, Text(ratio, "F3"), Text(error, "F3"), Text(problem.Ratio(fields, pixel => !problem.Hidden[pixel]).Ratio, "F3"),
                share > 0 ? Text(problem.Ratio(fields, pixel => problem.Hidden[pixel]).Ratio, "F3") : "", Text(problem.RatioBeyond(fields, side / 4.0), "F3"),
                Text(correlation[Math.Min(2, correlation.Length - 1)], "F3"), Text(correlation[side / 4], "F3"), Text(eighth, "F3"),
            ];
        }
    }

    /// <summary>Known answers: what should come out, and what does.</summary>
    public static void Answers(ConsoleReporter reporter, IReadOnlyList<KnownAnswer> answers)
    {
        reporter.Line("Known answers:");
        reporter.Table(
            ["what", "expected", "got", "tolerance", ""],
            answers.Select(answer => (IReadOnlyList<string>)
                [answer.What, Text(answer.Expected, "G5"), Text(answer.Got, "G5"), Text(answer.Tolerance, "G2"), answer.Holds ? "holds" : "FAILS"]));
    }

    // The mean of the correlations of neighbouring rings that are whole, without the mean.
    private static double Off(PowerSpectrum power)
    {
        var (bins, correlation, sum) = (power.Power.Length, power.Correlation, 0.0);
        var whole = bins * 2 / 3;
        for (var ring = 1; ring + 1 < whole; ring++)
            sum += correlation[(ring * bins) + ring + 1] / (whole - 2);
        return sum;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
