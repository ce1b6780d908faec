using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>What a fit has done.</summary>
/// <param name="Training">What the training came to. Its losses are those in the chart's coordinates; of a fit that streams its rows, in the rows' own.</param>
/// <param name="Charts">The constants of the chart in front, feature by feature.</param>
/// <param name="Applied">What was applied, a sentence each.</param>
/// <param name="Suggestions">What the data looks like and was not applied, a sentence each; usually empty.</param>
/// <param name="Warnings">What the caller should know about the data; usually empty.</param>
public sealed record DensityFitResult(
    TrainingResult Training,
    IReadOnlyList<FeatureChart> Charts,
    IReadOnlyList<string> Applied,
    IReadOnlyList<string> Suggestions,
    IReadOnlyList<TrainingWarning> Warnings)
{
    /// <summary>The lowest validation loss in units of the data: the mean of −ln p over the rows that were held out, in nats. NaN where none were.</summary>
    public double ValidationLoss { get; init; } = double.NaN;

    /// <summary>How the training ended, and a line for everything that was applied, suggested and warned of.</summary>
    /// <returns>The lines.</returns>
    public override string ToString() =>
        string.Join(Environment.NewLine, [Training.ToString(), .. Applied, .. Suggestions, .. Warnings.Select(warning => warning.Text)]);
}
