using System.Globalization;

namespace FlowCore.Diagnostics;

/// <summary>The comparison of one column of two samples by Kolmogorov and Smirnov.</summary>
/// <param name="Column">Which column.</param>
/// <param name="Distance">The largest difference of the (weighted) distribution functions.</param>
/// <param name="PValue">Its p-value.</param>
/// <param name="CorrectedP">The p-value corrected for the number of columns by <see cref="MultipleTests.Holm"/>.</param>
public sealed record ColumnTest(int Column, double Distance, double PValue, double CorrectedP)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"column {Column}: D = {Distance:0.0000}, p = {PValue:g3}, corrected {CorrectedP:g3}");
}
