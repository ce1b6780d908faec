using System.Globalization;

namespace FlowCore.Diagnostics;

/// <summary>How well a classifier tells two samples apart on rows that it was not trained on. Immutable.</summary>
/// <param name="PValue">Of the area under the curve in the first fold, by random relabellings of its rows: exact.</param>
/// <param name="FirstRows">Rows of the first sample.</param>
/// <param name="SecondRows">Rows of the second one.</param>
/// <param name="Detail">How it was computed.</param>
/// <param name="Area">The area under the curve of efficiencies, the mean of the folds: ½ for equal distributions. It is the statistic, too.</param>
/// <param name="AreaSignificance">(Area − ½) in standard errors of one fold, whose square is (n + m + 1)/(12nm): cautious, as the mean of the folds has a smaller one.</param>
/// <param name="Accuracy">The mean share of both samples that is told rightly: ½ ± 1/(2√N) at most for equal distributions and N held-out rows of a fold in equal parts.</param>
/// <param name="AccuracySignificance">(Accuracy − ½) in standard errors of one fold.</param>
/// <param name="LogRatio">ln(p/q) of each row as learnt without it, of the first sample's rows, then of the second's: where they differ.</param>
public sealed record ClassifierResult(
    double PValue, int FirstRows, int SecondRows, string Detail, double Area, double AreaSignificance, double Accuracy, double AccuracySignificance, float[] LogRatio)
    : TwoSampleResult("classifier", Area, PValue, FirstRows, SecondRows, Detail)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: area {Area:0.0000} ({AreaSignificance:0.0} sigma), accuracy {Accuracy:0.0000} ({AccuracySignificance:0.0} sigma), p = {PValue:g3} ({FirstRows} and {SecondRows} rows, {Detail})");
}
