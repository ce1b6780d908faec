using System.Numerics.Tensors;

namespace FlowCore.Manifolds;

/// <summary>What a pdf says of given points.</summary>
/// <param name="LogDensity">ln p, [n]; −∞ outside the support.</param>
/// <param name="LogBase">ln of the normal density of the base points, [n]; −∞ outside.</param>
/// <param name="BasePoint">The Gaussian base points, [n, base columns]; NaN outside.</param>
/// <param name="FactorLogDensities">ln p of every factor given those before it, [n, factors].</param>
/// <typeparam name="T">The number type.</typeparam>
public sealed record PdfResult<T>(Tensor<T> LogDensity, Tensor<T> LogBase, Tensor<T> BasePoint, Tensor<T> FactorLogDensities)
{
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(PdfResult<>)} of {LogDensity.FlattenedLength} points";
}
