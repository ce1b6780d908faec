using System.Globalization;

namespace FlowCore.Statistics;

/// <summary>What a minimisation came to. Immutable.</summary>
/// <param name="Point">The best point.</param>
/// <param name="Value">The function there.</param>
/// <param name="Gradient">The gradient there.</param>
/// <param name="Iterations">Steps that were taken.</param>
/// <param name="Evaluations">Evaluations of the function and its gradient.</param>
/// <param name="End">Why it ended.</param>
public sealed record MinimiserResult(double[] Point, double Value, double[] Gradient, int Iterations, int Evaluations, MinimiserEnd End)
{
    /// <summary>Whether the point is a minimum as far as the function's arithmetic can tell.</summary>
    public bool Converged => End != MinimiserEnd.Iterations;

    /// <summary>The largest component of the gradient.</summary>
    public double LargestGradient => Gradient.Max(Math.Abs);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Value:g10} after {Iterations} iterations and {Evaluations} evaluations, largest gradient {LargestGradient:g3} ({End})");
}
