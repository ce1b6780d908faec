using System.Globalization;

namespace FlowCore.Diagnostics;

/// <summary>Whether two samples have one distribution, by their energy distance. Immutable.</summary>
/// <param name="Statistic">The distance 2 E|X − Y| − E|X − X′| − E|Y − Y′|, unbiased.</param>
/// <param name="PValue">The probability of a distance this large or larger if they have.</param>
/// <param name="FirstRows">Rows of the first sample that were used.</param>
/// <param name="SecondRows">Rows of the second one that were used.</param>
/// <param name="Detail">How it was computed.</param>
/// <param name="Coefficient">The distance over 2 E|X − Y|: a size that has no unit, 0 for equal distributions and at most 1. A deviation can be significant and small.</param>
public sealed record EnergyDistance(double Statistic, double PValue, int FirstRows, int SecondRows, string Detail, double Coefficient)
    : TwoSampleResult("energy distance", Statistic, PValue, FirstRows, SecondRows, Detail)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name}: {Statistic:g5}, coefficient {Coefficient:g3}, p = {PValue:g3} ({FirstRows} and {SecondRows} rows, {Detail})");

    /// <summary>Of a distance and of twice the mean distance between the samples.</summary>
    internal static EnergyDistance Of(double distance, double across, double pValue, int firstRows, int secondRows, string detail) =>
        new(distance, pValue, firstRows, secondRows, detail, across > 0 ? distance / across : 0);
}
