using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Tests.Inference;

/// <summary>Normal distributions whose mean is linear in the context: exact posteriors and likelihoods of linear problems.</summary>
internal static class LinearGaussian
{
    /// <summary>N(W c, σ²) of each feature.</summary>
    /// <param name="weights">W, row-major [features, context].</param>
    /// <param name="features">D.</param>
    /// <param name="deviation">σ.</param>
    /// <param name="name">The prefix of the names.</param>
    public static Flow<double> Create(double[] weights, int features, double deviation, string name = "map")
    {
        var context = weights.Length / features;
        var network = new Mlp<double>([context, 2 * features], UnaryFunction.Identity, name);
        network.Parameters[0].Write([.. weights, .. new double[weights.Length]]);
        network.Parameters[1].Write([.. new double[features], .. Enumerable.Repeat(Math.Log(deviation), features)]);
        return new Flow<double>(new StandardNormal<double>(features), new ConditionalTriangular<double>(features, network, isDiagonal: true, slope: 0));
    }
}
