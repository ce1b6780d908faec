using System.Numerics;
using System.Numerics.Tensors;

namespace FlowCore.Factorizable;

/// <summary>
/// The residual at given points as what it is there: nominal_d = e^LogScale_d · observed_d + Shift_d, feature by feature.
/// </summary>
/// <remarks>
/// With several layers the log-scales of a feature add up along its way and its shifts are scaled by the layers after them.
/// The additive part comes from the terms of one nuisance alone, the cross part from pairs; both are taken along the same
/// way, so they add up to the whole. Every number is computed from the coefficients, not by differences.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="LogScale">[n, D].</param>
/// <param name="Shift">[n, D].</param>
/// <param name="AdditiveLogScale">[n, D].</param>
/// <param name="AdditiveShift">[n, D].</param>
/// <param name="CrossLogScale">[n, D].</param>
/// <param name="CrossShift">[n, D].</param>
public sealed record LocalResponses<T>(
    Tensor<T> LogScale, Tensor<T> Shift, Tensor<T> AdditiveLogScale, Tensor<T> AdditiveShift, Tensor<T> CrossLogScale, Tensor<T> CrossShift)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string ToString() => $"local responses of {LogScale.Lengths[0]} rows";
}
