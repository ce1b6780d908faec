namespace FactorizableFlow.Validation;

/// <summary>The energy distance of features and context, in standard deviations of all events. Immutable.</summary>
/// <param name="Events">Events of each sample.</param>
/// <param name="Distance">The energy distance in its unbiased form; 0 on average for equal distributions.</param>
/// <param name="Coefficient">The distance over twice the mean distance between the samples: 0 for equal distributions, at most 1.</param>
/// <param name="P">The share of random relabellings with a distance at least as large, the samples' own labels counted among them.</param>
internal sealed record EnergyResult(int Events, double Distance, double Coefficient, double P);
