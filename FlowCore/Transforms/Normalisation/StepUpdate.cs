using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Transforms;

/// <summary>Lets the layers of a flow follow the data without a gradient: after a step with its batch, or after an epoch with all rows.</summary>
/// <remarks>
/// Layers of the flow and normalisations inside of its networks. Within a step these numbers are constants, so log p stays normalised and a row's result does not depend on its neighbours. The sums run over the rows in their
/// order: the result is the same for any number of threads. Not thread-safe: nobody may use the flow meanwhile.
/// </remarks>
public static class StepUpdate
{
    /// <summary>Moves the numbers of every layer that has such.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="x">Row-major [n, D], at least one row.</param>
    /// <param name="conditions">Row-major [n, C]; left out where the flow has none.</param>
    /// <param name="momentum">How far, in (0, 1]: 0.1 after a step, 1 with all rows after an epoch.</param>
    /// <returns>How many layers there are.</returns>
    /// <exception cref="ArgumentException">A length is wrong, the momentum is out of range, or a layer is reached by numbers that are not finite.</exception>
    public static int Run<T>(Flow<T> flow, ReadOnlySpan<T> x, ReadOnlySpan<T> conditions = default, double momentum = 0.1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (momentum is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, $"Expected a momentum in (0, 1]; {momentum} came.");
        var count = 0;
        TransformWalk<T>.Run(flow, x, conditions, (part, rows, inverse) =>
        {
            if (part is not IStepUpdated<T> updated)
                return;
            updated.Update(rows, momentum, inverse);
            count++;
        }, (normalization, rows) =>
        {
            normalization.Follow(rows, momentum);
            count++;
        });
        return count;
    }
}
