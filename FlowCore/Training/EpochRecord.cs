namespace FlowCore.Training;

/// <summary>One epoch of a run.</summary>
/// <param name="Epoch">The epoch, counted from 0.</param>
/// <param name="Step">The steps of the run that were done at its end.</param>
/// <param name="TrainLoss">The weighted mean loss of its steps, each taken before its update.</param>
/// <param name="ValidationLoss">The loss on the validation set at its end; NaN without one.</param>
/// <param name="LearningRate">The rate of its last step.</param>
/// <param name="GradientNorm">The mean norm of the gradient before clipping.</param>
/// <param name="Seconds">The wall time of its steps, without validation and checkpoint.</param>
/// <param name="RowsPerSecond">Training rows per second of that time.</param>
public readonly record struct EpochRecord(
    int Epoch,
    long Step,
    double TrainLoss,
    double ValidationLoss,
    double LearningRate,
    double GradientNorm,
    double Seconds,
    double RowsPerSecond)
{
    /// <summary>How many of its rows lay outside the support of the model, where the log-density is −∞, and were left out of the loss.</summary>
    public long OutsideRows { get; init; }

    /// <summary>How many rows of the validation did.</summary>
    public long ValidationOutsideRows { get; init; }
}
