using System.Globalization;

namespace FlowCore.Training;

/// <summary>What a run came to.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Epochs">The epochs that were done, over all resumed parts.</param>
/// <param name="Steps">The steps that were done, over all resumed parts.</param>
/// <param name="BestEpoch">The epoch of the lowest validation loss, or the latest that is not told apart from it, counted from 0; null without validation.</param>
/// <param name="BestValidationLoss">The lowest validation loss; NaN without validation.</param>
/// <param name="History">Epoch by epoch.</param>
/// <param name="Warnings">What the caller should know about the data and the run; usually empty.</param>
public sealed record TrainingResult(
    TrainingOutcome Outcome,
    int Epochs,
    long Steps,
    int? BestEpoch,
    double BestValidationLoss,
    TrainingHistory History,
    IReadOnlyList<TrainingWarning> Warnings)
{
    /// <summary>How many rows of the last complete epoch lay outside the support of the model and were left out of its loss.</summary>
    public long OutsideRows => History.Epochs.Count == 0 ? 0 : History.Epochs[^1].OutsideRows;

    /// <summary>How many rows of the last validation did.</summary>
    public long ValidationOutsideRows => History.LastValidated?.ValidationOutsideRows ?? 0;

    /// <summary>The mean training loss of the last complete epoch; NaN where there is none.</summary>
    public double TrainLoss => History.Epochs.Count == 0 ? double.NaN : History.Epochs[^1].TrainLoss;

    /// <summary>The loss of the last validation; NaN where there was none.</summary>
    public double ValidationLoss => History.LastValidated?.ValidationLoss ?? double.NaN;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Outcome} after {Epochs} epochs and {Steps} steps: loss {TrainLoss:g6}, validation {ValidationLoss:g6}, best {BestValidationLoss:g6}{(Warnings.Count == 0 ? "" : $"; {Warnings.Count} warnings")}");
}
