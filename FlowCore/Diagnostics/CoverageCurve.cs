using System.Globalization;

namespace FlowCore.Diagnostics;

/// <summary>The observed coverage at many nominal levels, with the bands in which it lies if the model is right.</summary>
/// <param name="Levels">The nominal levels, rising.</param>
/// <param name="Observed">The share of the events inside the region of each level.</param>
/// <param name="PointwiseLower">The binomial band of each level for itself, its lower end.</param>
/// <param name="PointwiseUpper">Its upper end.</param>
/// <param name="SimultaneousHalfWidth">What the whole curve departs from the diagonal at most, with the same probability: a band of Kolmogorov.</param>
/// <param name="Confidence">The probability of both bands.</param>
public sealed record CoverageCurve(
    double[] Levels, double[] Observed, double[] PointwiseLower, double[] PointwiseUpper, double SimultaneousHalfWidth, double Confidence)
{
    /// <summary>Whether the curve leaves the simultaneous band at none of its levels.</summary>
    public bool StaysInBand
    {
        get
        {
            for (var i = 0; i < Levels.Length; i++)
            {
                if (Math.Abs(Observed[i] - Levels[i]) > SimultaneousHalfWidth)
                    return false;
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Levels.Length} levels, {(StaysInBand ? "within" : "outside")} the simultaneous {Confidence:p0} band of half-width {SimultaneousHalfWidth:g3}");
}
