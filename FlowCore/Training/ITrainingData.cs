using System.Numerics;

namespace FlowCore.Training;

/// <summary>Where a training takes its rows from: arrays (<see cref="ArrayData{T}"/>), or a generator that draws them fresh.</summary>
/// <remarks>
/// Thread-safe: the rows of one batch are filled by several workers at once. An implementation that allocates nothing in
/// <see cref="Fill"/> keeps the warm training step free of managed allocation.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many rows an epoch has; null for an endless source, which draws new rows for every step.</summary>
    long? Rows { get; }

    /// <summary>Writes the wanted rows, each row-major.</summary>
    /// <param name="request">Which rows.</param>
    /// <param name="x">[RowCount, features].</param>
    /// <param name="context">[RowCount, context features]; empty where the model takes none.</param>
    /// <param name="nuisances">[RowCount, nuisances]; empty where the model takes none.</param>
    /// <param name="weights">[RowCount], filled with ones beforehand: a source without weights leaves them.</param>
    void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights);

    /// <summary>The number by which the caller knows a row of a batch, counted from 0: what errors name it by.</summary>
    /// <param name="request">The batch, or a piece of it.</param>
    /// <param name="row">The row, counted within the piece.</param>
    /// <returns>The number; null where the source has none, as a generator has not.</returns>
    long? NumberOf(in BatchRequest request, int row) => null;

    /// <summary>Checks once, before the first batch, that the rows have the sizes that the model takes.</summary>
    /// <param name="features">The features of an event.</param>
    /// <param name="contextFeatures">The context features, or 0.</param>
    /// <param name="nuisances">The nuisances, or 0.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    void CheckShape(int features, int contextFeatures, int nuisances)
    {
    }
}
