using System.Globalization;

namespace FlowCore.Diagnostics;

/// <summary>Whether two samples have one distribution. Immutable.</summary>
/// <param name="Name">The test.</param>
/// <param name="Statistic">Its statistic.</param>
/// <param name="PValue">The probability of a statistic this large or larger if they have.</param>
/// <param name="FirstRows">Rows of the first sample that were used.</param>
/// <param name="SecondRows">Rows of the second one that were used.</param>
/// <param name="Detail">How it was computed.</param>
public record TwoSampleResult(string Name, double Statistic, double PValue, int FirstRows, int SecondRows, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}: {Statistic:g5}, p = {PValue:g3} ({FirstRows} and {SecondRows} rows, {Detail})");
}
