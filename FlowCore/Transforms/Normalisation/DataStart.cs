using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Transforms;

/// <summary>Starts the layers of a flow that start from data, in their order, each from what reaches it.</summary>
/// <remarks>
/// Salimans and Kingma 2016, "Weight normalization", section 3, and Kingma and Dhariwal 2018, "Glow", section 3.1. Run it once before training, on the first
/// batch or on all rows. Not thread-safe: nobody may use the flow meanwhile.
/// </remarks>
public static class DataStart
{
    /// <summary>Starts every layer that has not been started yet.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Row-major [n, D], at least one row.</param>
    /// <param name="conditions">Row-major [n, C]; left out where the flow has none.</param>
    /// <returns>How many layers were started.</returns>
    /// <exception cref="ArgumentException">A length is wrong, or a layer is reached by numbers that are not finite.</exception>
    public static int Run<T>(Flow<T> flow, ReadOnlySpan<T> x, ReadOnlySpan<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = 0;
        TransformWalk<T>.Run(flow, x, conditions, (part, rows, inverse) =>
        {
            if (part is not IDataStarted<T> { IsStarted: false } started)
                return;
            started.Start(rows, inverse);
            count++;
        }, (normalization, rows) =>
        {
            if (normalization.IsStarted)
                return;
            normalization.Follow(rows, 1);
            count++;
        });
        return count;
    }
}
