using FlowCore.Random;

namespace FlowCore.Training;

/// <summary>Which rows of which batch a data source is asked for.</summary>
/// <remarks>
/// A batch is asked for in several pieces, in any order and from several threads at once. What a piece holds must depend
/// on this request alone, and a row must not depend on how the batch is cut: that is what makes a run end in the same
/// bits for any number of threads and after any interruption.
/// </remarks>
/// <param name="Purpose">Training or validation.</param>
/// <param name="Epoch">The epoch, counted from 0. A validation request always says 0: its rows are the same in every epoch.</param>
/// <param name="Step">The batch within the epoch (or within the validation set), counted from 0.</param>
/// <param name="BatchSize">The rows of a full batch; the last batch of a finite source may be smaller.</param>
/// <param name="FirstRow">The first wanted row, counted within the batch.</param>
/// <param name="RowCount">How many rows, at least 1.</param>
/// <param name="Stream">The run's random numbers for this purpose; training and validation have different ones.</param>
public readonly record struct BatchRequest(
    BatchPurpose Purpose,
    int Epoch,
    int Step,
    int BatchSize,
    int FirstRow,
    int RowCount,
    RandomStream Stream)
{
    /// <summary>The position of the first wanted row in the epoch: Step · BatchSize + FirstRow.</summary>
    public long FirstRowOfEpoch => ((long)Step * BatchSize) + FirstRow;

    /// <summary>
    /// Random numbers of this batch alone, the same for all its pieces: a generator that needs k numbers a row takes
    /// those of row r at offset k · r, with r counted within the batch.
    /// </summary>
    /// <returns>The substream of epoch and step.</returns>
    public RandomStream BatchStream() => Stream.Substream((ulong)Epoch).Substream((ulong)Step);

    /// <summary>Random numbers of this batch for an objective, none of which a data source has. Epochs count from 0, so the last substream is nobody's.</summary>
    internal RandomStream ObjectiveStream() => Stream.Substream(ulong.MaxValue).Substream((ulong)Epoch).Substream((ulong)Step);
}
