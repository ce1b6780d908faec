using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Diagnostics;

/// <summary>The whitening of a conditional normal distribution, whose network gives [μ | ln σ] of a row.</summary>
internal sealed class ConditionalWhitening<T>(ConditionalNormal<T> normal) : NoiseWhitening<T>(normal.Features, normal.Encoder)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<T> z, Span<double> white, Span<double> scratch)
    {
        for (var j = 0; j < Features; j++)
        {
            var (location, logScale) = (double.CreateTruncating(z[Features + j]), double.CreateTruncating(z[(2 * Features) + j]));
            white[j] = (double.CreateTruncating(z[j]) - location) * Math.Exp(-logScale);
        }
    }
}
