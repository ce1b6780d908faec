using System.Globalization;

namespace FlowCore.Training;

/// <summary>What a run reports after every step and after every epoch.</summary>
/// <param name="Epoch">The epoch, counted from 0.</param>
/// <param name="Epochs">The epochs of the run, if it is not stopped early.</param>
/// <param name="StepOfEpoch">The steps of this epoch that are done.</param>
/// <param name="StepsPerEpoch">The steps of an epoch.</param>
/// <param name="Step">The steps of the run that are done.</param>
/// <param name="EpochEnded">True for the report that closes an epoch; the two validation numbers and the means over the epoch are fresh in it.</param>
/// <param name="Loss">The loss of the step, or its mean over the epoch where <paramref name="EpochEnded"/>.</param>
/// <param name="ValidationLoss">The loss of the last validation; NaN before the first or without validation.</param>
/// <param name="BestValidationLoss">The lowest loss of all validations; NaN before the first or without validation.</param>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="GradientNorm">The norm of the gradient before clipping, or its mean over the epoch where <paramref name="EpochEnded"/>.</param>
/// <param name="RowsPerSecond">Training rows per second in this epoch.</param>
/// <param name="Elapsed">The time since the run began or was resumed.</param>
public readonly record struct TrainingProgress(
    int Epoch,
    int Epochs,
    int StepOfEpoch,
    int StepsPerEpoch,
    long Step,
    bool EpochEnded,
    double Loss,
    double ValidationLoss,
    double BestValidationLoss,
    double LearningRate,
    double GradientNorm,
    double RowsPerSecond,
    TimeSpan Elapsed)
{
    /// <summary>How the run ended, in its last report; null before.</summary>
    public TrainingOutcome? Outcome { get; init; }

    /// <summary>The metrics of a validated epoch in the report that closes it, in the order of <see cref="TrainingOptions.Metrics"/>; empty else.</summary>
    public IReadOnlyList<MetricRecord> Metrics { get; init; } = [];

    /// <summary>The rows of this epoch so far that lay outside the support of the model and were left out.</summary>
    public long OutsideRows { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {Epoch + 1} of {Epochs}, step {StepOfEpoch} of {StepsPerEpoch}: loss {Loss:g6}, validation {ValidationLoss:g6}, rate {LearningRate:g3}");
}
