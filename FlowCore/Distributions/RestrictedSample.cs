using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace FlowCore.Distributions;

/// <summary>Samples of a model inside a region.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="X">[n, D].</param>
/// <param name="LogDensity">ln p of the unrestricted model, [n].</param>
/// <param name="AcceptedShare">a, the share of all draws that lay inside: ln p − ln a is the log-density within the region.</param>
public sealed record RestrictedSample<T>(Tensor<T> X, Tensor<T> LogDensity, double AcceptedShare)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LogDensity.FlattenedLength} rows, accepted share {AcceptedShare:g4}");
}
