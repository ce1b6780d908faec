using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Training;

/// <summary>An objective whose row losses take random numbers of their own: a time and a noise for each event, a direction of an estimate.</summary>
/// <remarks>
/// The trainer gives each batch a stream that depends on the seed, the epoch and the step, so a seed gives the same bits for any number of threads and after any
/// interruption. Row r takes numbers at offsets that are a multiple of <c>firstRow + r</c>, as <see cref="Tape{T}.Draw"/> does. Validation has the same numbers every time.
/// Thread-safe.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface IRandomObjective<T> : IObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Records the loss of each row of a block.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">[rows, features], as the data source filled it.</param>
    /// <param name="conditions">[rows, context features + nuisances], or "no variable".</param>
    /// <param name="stream">The random numbers of the batch.</param>
    /// <param name="firstRow">Which row of the batch the block's first is; a multiple of <see cref="Matrix{T}.RowQuantum"/>.</param>
    /// <returns>[rows, 1].</returns>
    Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions, RandomStream stream, ulong firstRow);

    /// <inheritdoc/>
    Variable<T> IObjective<T>.RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions) =>
        throw new NotSupportedException("The loss takes random numbers, which a trainer gives it.");
}
