using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FlowCore.Inference;

/// <summary>A Markov chain that took a model's draws as proposals.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="X">Its states, [N, D].</param>
/// <param name="Acceptance">The share of proposals that were accepted.</param>
/// <param name="LongestRejectedRun">The most proposals in a row that were not: where it is a sizable part of the chain, do not trust it.</param>
public sealed record MetropolisChain<T>(Tensor<T> X, double Acceptance, int LongestRejectedRun)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{X.Lengths[0]} states, acceptance {Acceptance:p1}, at most {LongestRejectedRun} rejections in a row");
}
