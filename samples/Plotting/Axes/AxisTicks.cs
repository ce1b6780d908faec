namespace Plotting;

/// <summary>The ticks of an axis.</summary>
/// <param name="Major">Values with a label, ascending, and their labels as <see cref="MathText"/> markup.</param>
/// <param name="Minor">Values with a short tick and no label, ascending.</param>
public sealed record AxisTicks(IReadOnlyList<(double Value, string Label)> Major, IReadOnlyList<double> Minor);
