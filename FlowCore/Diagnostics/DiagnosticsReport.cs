using System.Globalization;
using System.Text;

namespace FlowCore.Diagnostics;

/// <summary>Everything that events which a model was not trained on say of it: calibration, and its samples against the events. Immutable.</summary>
public sealed record DiagnosticsReport
{
    /// <summary>The calibration, with the loss and the size of the intervals.</summary>
    public required CoverageReport Coverage { get; init; }

    /// <summary>The model's samples against the events, jointly with their conditions; empty for too few events.</summary>
    public required IReadOnlyList<TwoSampleResult> Samples { get; init; }

    /// <summary>The same for each coordinate by itself.</summary>
    public required IReadOnlyList<ColumnTest> Columns { get; init; }

    /// <summary>Which rows were compared with which, or why there was no comparison.</summary>
    public required string SampleRemark { get; init; }

    /// <summary>
    /// All p-values, corrected for their number by Holm's method. What should be uniform stands here with the <see cref="UniformityTest.CombinedP"/> of its four tests.
    /// </summary>
    public IReadOnlyList<CorrectedTest> Corrected => CorrectedTest.Of(
    [
        .. Coverage.PValues(),
        .. Samples.Select(test => ($"samples: {test.Name}", test.PValue)),
        .. Columns.Select(test => ($"samples: Kolmogorov-Smirnov of y{test.Column}", test.PValue)),
    ]);

    /// <summary>Whether no test, corrected for their number, is below a level.</summary>
    /// <param name="level">The chance of a false alarm.</param>
    /// <returns>True for a model that shows no fault.</returns>
    public bool Passes(double level = 0.01) => Corrected.All(test => test.CorrectedP >= level);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(Coverage.Tables());
        text.AppendLine(SampleRemark);
        foreach (var test in Samples)
            text.AppendLine(test.ToString());
        foreach (var test in Columns)
            text.AppendLine(CultureInfo.InvariantCulture, $"samples of y{test.Column}: p = {test.PValue:g3} (D = {test.Distance:0.0000})");
        return text + CorrectedTest.Summary(Corrected);
    }
}
