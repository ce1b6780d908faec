namespace Plotting;

/// <summary>A sample of a <see cref="PairPlot"/>.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Variables">One array per variable, all of one length.</param>
/// <param name="Weights">One finite weight per event; null for unit weights.</param>
public sealed record PairSample(string Label, IReadOnlyList<double[]> Variables, double[]? Weights = null);
