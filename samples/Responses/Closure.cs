using FactorizableFlow.Validation;
using FlowCore.Distributions;

namespace Responses;

/// <summary>KL(truth ‖ model) of a model on fresh events.</summary>
internal static class Closure
{
    // No file has it.
    private const ulong FreshSeed = 77;

    private const int BlockRows = 8192;

    /// <summary>KL in nats and its standard error.</summary>
    /// <param name="problem">The truth.</param>
    /// <param name="truth">ν of the events.</param>
    /// <param name="model">The model.</param>
    /// <param name="at">ν of the model; empty for a base.</param>
    /// <param name="events">How many events.</param>
    public static (double Kl, double Error) Of(ResponseProblem problem, double[] truth, DensityModel<float> model, double[] at, int events)
    {
        var x = new float[BlockRows * problem.Columns.Length];
        var context = new float[BlockRows * problem.Context.Length];
        var (density, expected) = (new float[BlockRows], new double[BlockRows]);
        var nuisances = Array.ConvertAll(at, value => (float)value);
        var sums = new ClosureSums();
        for (var first = 0; first < events; first += BlockRows)
        {
            var rows = Math.Min(BlockRows, events - first);
            var features = x.AsSpan(0, rows * problem.Columns.Length);
            var conditions = context.AsSpan(0, rows * problem.Context.Length);
            problem.Fill(truth, FreshSeed, first, features, conditions);
            model.LogDensity(features, new Conditions<float>(conditions, nuisances), density.AsSpan(0, rows));
            problem.LogDensity(truth, features, conditions, expected.AsSpan(0, rows));
            sums.Add(expected.AsSpan(0, rows), density.AsSpan(0, rows));
        }

        var row = sums.Row(problem.Name, truth);
        return (row.Kl, row.KlSe);
    }
}
