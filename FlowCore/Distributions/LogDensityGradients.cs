using System.Numerics;
using System.Numerics.Tensors;

namespace FlowCore.Distributions;

/// <summary>ln p of rows and its gradients.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="LogDensity">ln p, [n].</param>
/// <param name="X">∂ ln p / ∂x, [n, D].</param>
/// <param name="Context">∂ ln p / ∂context, [n, C].</param>
/// <param name="Nuisances">∂ ln p / ∂nuisances, [n, K].</param>
public sealed record LogDensityGradients<T>(Tensor<T> LogDensity, Tensor<T> X, Tensor<T> Context, Tensor<T> Nuisances)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string ToString() => $"log-densities and gradients of {LogDensity.FlattenedLength} rows";
}
