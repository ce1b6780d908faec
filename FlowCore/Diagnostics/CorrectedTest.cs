using System.Globalization;

namespace FlowCore.Diagnostics;

/// <summary>A test among others.</summary>
/// <param name="Name">What was tested.</param>
/// <param name="PValue">Its own p-value.</param>
/// <param name="CorrectedP">The p-value corrected for the number of tests by <see cref="MultipleTests.Holm"/>.</param>
public sealed record CorrectedTest(string Name, double PValue, double CorrectedP)
{
    /// <summary>Corrects the p-values of tests.</summary>
    internal static CorrectedTest[] Of(IReadOnlyList<(string Name, double PValue)> tests)
    {
        var corrected = MultipleTests.Holm(tests.Select(test => test.PValue).ToArray());
        return [.. tests.Select((test, i) => new CorrectedTest(test.Name, test.PValue, corrected[i]))];
    }

    /// <summary>A line on the smallest p-value.</summary>
    internal static string Summary(IReadOnlyList<CorrectedTest> tests) =>
        tests.MinBy(test => test.CorrectedP) is { } smallest ? $"smallest p-value of {tests.Count}: {smallest}{Environment.NewLine}" : "";

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: p = {PValue:g3}, corrected {CorrectedP:g3}");
}
