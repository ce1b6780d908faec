using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>A loss of a whole batch that is no mean over its rows: a distance of two samples, a contrast of rows with each other.</summary>
/// <remarks>
/// The batch is one block on one tape, so the loss may add up over the rows (<c>SumRows</c>) and combine the sums as it likes; one worker computes it, whatever the device
/// has, and the memory of a block is that of the batch. The loss of an epoch is the mean over its batches, and that of a validation the mean over batches of the
/// same size. Thread-safe.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface IBatchObjective<T> : IObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Records the loss of a batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">[rows, features], as the data source filled it.</param>
    /// <param name="conditions">[rows, context features + nuisances], or "no variable".</param>
    /// <param name="weights">[rows, 1], or "no variable" for ones.</param>
    /// <returns>One number, shared: [1, 1].</returns>
    Variable<T> BatchLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions, Variable<T> weights);

    /// <inheritdoc/>
    Variable<T> IObjective<T>.RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions) =>
        throw new NotSupportedException("The loss is one of a whole batch; its rows have none of their own.");
}
