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
    IReadOnlyList<TrainingWarning> Warnings);
