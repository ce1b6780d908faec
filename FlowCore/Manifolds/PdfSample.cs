using System.Numerics.Tensors;

namespace FlowCore.Manifolds;

/// <summary>Points that a pdf drew.</summary>
/// <param name="X">The points, [n, columns]; always inside the support.</param>
/// <param name="BasePoint">The Gaussian base points, [n, base columns].</param>
/// <param name="LogDensity">ln p, [n].</param>
/// <param name="LogBase">ln of the normal density of the base points, [n].</param>
/// <typeparam name="T">The number type.</typeparam>
public sealed record PdfSample<T>(Tensor<T> X, Tensor<T> BasePoint, Tensor<T> LogDensity, Tensor<T> LogBase)
{
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(PdfSample<>)} of {LogDensity.FlattenedLength} points";
}
