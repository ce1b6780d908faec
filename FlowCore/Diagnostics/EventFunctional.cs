using System.Numerics;

namespace FlowCore.Diagnostics;

/// <summary>A number of an event whose rank among the model's draws is tested: a distance, a physics observable. Called from several threads at once.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="y">The event or a draw, [D].</param>
/// <param name="conditions">Its context and nuisances, [C + K].</param>
/// <returns>The number, not NaN; equal numbers are ordered at random.</returns>
public delegate double EventFunctional<T>(ReadOnlySpan<T> y, ReadOnlySpan<T> conditions)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
