using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Statistics;

namespace FactorizableFlow.Validation;

/// <summary>The quantiles of events under a model: u_j = Φ(w_j) of the noise made standard normal.</summary>
internal static class EventQuantiles
{
    /// <summary>Computes them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="features">Events, row-major.</param>
    /// <param name="conditions">Their conditions.</param>
    /// <returns>A column of numbers for each feature.</returns>
    /// <exception cref="NotSupportedException">The distribution functions of the model's noise are not known.</exception>
    public static double[][] Of(DensityModel<float> model, ReadOnlySpan<float> features, Conditions<float> conditions)
    {
        var noise = ModelDiagnostics.WhiteNoise(model, features, conditions);
        var columns = new double[model.NoiseFeatures][];
        for (var j = 0; j < columns.Length; j++)
        {
            columns[j] = new double[noise.Length / columns.Length];
            for (var i = 0; i < columns[j].Length; i++)
                columns[j][i] = NormalDistribution.Cdf(noise[(i * columns.Length) + j]);
        }

        return columns;
    }
}
