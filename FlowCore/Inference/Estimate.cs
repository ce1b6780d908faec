using System.Globalization;

namespace FlowCore.Inference;

/// <summary>A number that was estimated by draws.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="StandardError">Its standard error: that of the estimate in repetitions with other seeds. It is itself estimated from the draws, so of heavy tails it is too small.</param>
public readonly record struct Estimate(double Value, double StandardError)
{
    /// <summary>Both numbers.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value:g6} ± {StandardError:g2}");
}
