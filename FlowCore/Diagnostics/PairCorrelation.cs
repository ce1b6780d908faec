using System.Globalization;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>The correlation of two columns of the noise, which a right model leaves at zero.</summary>
/// <param name="First">The first column.</param>
/// <param name="Second">The second one.</param>
/// <param name="Correlation">Pearson's coefficient.</param>
/// <param name="PValue">Two-sided, by Student's distribution of r √((n − 2)/(1 − r²)) with n − 2 degrees of freedom, which is exact for normal numbers.</param>
public sealed record PairCorrelation(int First, int Second, double Correlation, double PValue)
{
    /// <summary>Of a coefficient.</summary>
    internal static PairCorrelation Of(int first, int second, double correlation, long events)
    {
        var t = correlation * Math.Sqrt((events - 2) / Math.Max(1 - (correlation * correlation), 1e-300));
        return new PairCorrelation(first, second, correlation, Math.Min(1, 2 * StudentDistribution.Cdf(-Math.Abs(t), events - 2)));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"correlation of z{First} and z{Second}: {Correlation:0.0000}, p = {PValue:g3}");
}
