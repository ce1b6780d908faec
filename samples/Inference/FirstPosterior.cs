using FlowCore.Autodiff;
using FlowCore.Flows;
using FlowCore.Inference;

namespace Inference;

/// <summary>A posterior that can be evaluated but not sampled: slope and offset of a line through four points.</summary>
internal static class FirstPosterior
{
    /// <summary>Runs the program.</summary>
    /// <returns>The fit.</returns>
    public static VariationalResult Run()
    {
        double[] t = [0, 1, 2, 3], y = [0.1, 0.4, 1.2, 1.4];
        var target = Target.Of<double>(features: 2, x =>
        {
            var (slope, offset) = (x.Slice(0, 1), x.Slice(1, 1));
            var logPosterior = x.NormalLogDensity();                          // the prior: N(0, 1) for both
            for (var i = 0; i < t.Length; i++)
                logPosterior += ((slope * t[i] + offset - y[i]) * 5.0).NormalLogDensity() + Math.Log(5);
            return logPosterior;                                              // and the likelihood: errors of 0.2
        });
        using var flow = NeuralSplineFlow.Create<double>(features: 2);
        var result = flow.FitTo(target, new VariationalOptions { Steps = 600, Annealing = Annealing.Linear(start: 0.01, until: 0.5) });
        Console.WriteLine(result);                                            // ln Z is the evidence
        var sample = flow.ImportanceSample(target, 100_000, seed: 2);
        var slope = sample.Mean(row => row[0]);                               // weighted: the shape of the flow cancels wherever it draws
        Console.WriteLine($"slope {slope}; {sample}");
        return result;
    }
}
