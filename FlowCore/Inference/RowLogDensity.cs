using System.Numerics;

namespace FlowCore.Inference;

/// <summary>ln p̃ of one row.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="x">The features of the row.</param>
/// <param name="conditions">Context and nuisances of the row; empty for none.</param>
/// <returns>ln p̃; −∞ where there is no density.</returns>
public delegate T RowLogDensity<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> conditions)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
