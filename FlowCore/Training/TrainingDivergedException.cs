using System.Globalization;
using System.Text;

namespace FlowCore.Training;

/// <summary>A loss or a gradient became NaN or infinite: the training stopped before this step changed the model.</summary>
/// <remarks>The checkpoint file, where there is one, is the last good one.</remarks>
public sealed class TrainingDivergedException : ArithmeticException
{
    private const int RowsInMessage = 8;

    /// <summary>Creates an exception without particulars.</summary>
    public TrainingDivergedException()
        : this("The training diverged.")
    {
    }

    /// <summary>Creates an exception without particulars.</summary>
    /// <param name="message">The message.</param>
    public TrainingDivergedException(string message)
        : base(message) => (Rows, DataRows) = ([], []);

    /// <summary>Creates an exception without particulars.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingDivergedException(string message, Exception? innerException)
        : base(message, innerException) => (Rows, DataRows) = ([], []);

    internal TrainingDivergedException(
        string what, BatchPurpose purpose, int epoch, long step, IReadOnlyList<int> rows, IReadOnlyList<long> dataRows, int batchRows, string? checkpoint)
        : base(Describe(what, purpose, epoch, step, rows, dataRows, batchRows, checkpoint))
    {
        Purpose = purpose;
        Epoch = epoch;
        Step = step;
        Rows = rows;
        DataRows = dataRows;
        CheckpointPath = checkpoint;
    }

    /// <summary>Whether it was a training step or the validation.</summary>
    public BatchPurpose Purpose { get; }

    /// <summary>The epoch, counted from 0.</summary>
    public int Epoch { get; }

    /// <summary>The step within the epoch, or the batch within the validation set, counted from 0.</summary>
    public long Step { get; }

    /// <summary>The rows of the batch whose loss is not finite; empty where all losses are finite and the gradient is not.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>The same rows as the caller knows them, numbered as in the arrays that were given; empty for a source that has no numbers.</summary>
    public IReadOnlyList<long> DataRows { get; }

    /// <summary>The file of the last good checkpoint; null where none was written.</summary>
    public string? CheckpointPath { get; }

    private static string Describe(
        string what, BatchPurpose purpose, int epoch, long step, IReadOnlyList<int> rows, IReadOnlyList<long> dataRows, int batchRows, string? checkpoint)
    {
        var culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.Append(culture, $"The training diverged: {what} in epoch {epoch}, ");
        text.Append(culture, $"{(purpose == BatchPurpose.Training ? "step" : "validation batch")} {step}");
        if (rows.Count > 0)
        {
            text.Append(culture, $"; the loss of {rows.Count} of {batchRows} rows is not finite: ");
            for (var i = 0; i < rows.Count && i < RowsInMessage; i++)
                text.Append(culture, $"{(i == 0 ? "row " : ", ")}{(dataRows.Count == rows.Count ? dataRows[i] : rows[i])}");
            if (rows.Count > RowsInMessage)
                text.Append(", ...");
            if (dataRows.Count == rows.Count)
                text.Append(" of the data");
        }

        text.Append(checkpoint is null ? "." : $". The last good checkpoint is '{checkpoint}'.");
        return text.ToString();
    }
}
