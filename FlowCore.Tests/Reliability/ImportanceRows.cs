using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Tests.Reliability;

/// <summary>Rows that carry as their weight the density that a model gives them, computed while they are filled.</summary>
/// <param name="rows">The rows, without weights.</param>
/// <param name="model">The model.</param>
/// <param name="onOtherThread">Whether another thread makes the call while the worker waits for it.</param>
internal sealed class ImportanceRows(ITrainingData<double> rows, DensityModel<double> model, bool onOtherThread = false) : ITrainingData<double>
{
    public long? Rows => rows.Rows;

    /// <summary>The weights for log-densities, in place.</summary>
    public static void ToWeights(Span<double> logDensities)
    {
        foreach (ref var number in logDensities)
            number = Math.Exp(number);
    }

    public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights)
    {
        rows.Fill(request, x, context, nuisances, weights);
        if (onOtherThread)
            AskFromOtherThread(x.ToArray(), new double[weights.Length]).CopyTo(weights);
        else
            model.LogDensity(x, weights);
        ToWeights(weights);
    }

    private double[] AskFromOtherThread(double[] x, double[] densities)
    {
        Task.Run(() => model.LogDensity(x, densities)).Wait();
        return densities;
    }
}
