using System.Globalization;
using FlowCore.Diagnostics;

namespace FlowCore.Templates;

/// <summary>How far the response closes on one template: on rows that the training has not seen, features and context jointly. Immutable.</summary>
/// <remarks>
/// Three comparisons of samples of one size stand beside each other: of the template with draws of the model at its ν, with draws at ν = 0, and of two halves of the
/// template itself, which differ by chance alone. Rows that have weights are thinned to equal weights first, so that all of them are tests of plain samples.
/// </remarks>
/// <param name="Name">The template.</param>
/// <param name="Nuisances">ν.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="EffectiveRows">(Σw)²/Σw².</param>
/// <param name="Yield">Σw over that of the nominal events; NaN without them. The response is one of shapes: this ratio is not in it.</param>
/// <param name="Compared">How many rows each sample of the comparisons has.</param>
/// <param name="Gain">⟨ln p(x | ν) − ln p(x | 0)⟩ over the unseen rows, in nats: what an event says about the response. Below 0 the response does harm.</param>
/// <param name="GainError">Its standard error.</param>
/// <param name="Model">Template against model.</param>
/// <param name="FromNominal">Template against the model at ν = 0: what there was to learn.</param>
/// <param name="Halves">Template against itself.</param>
/// <param name="Classifier">How well a classifier tells template and model apart.</param>
/// <param name="NominalClassifier">How well one tells template and ν = 0 apart.</param>
/// <param name="Columns">Each feature of all rows, with their weights, against draws of the model at ν: what a column alone shows of a misfit, which few unseen rows do not.</param>
public sealed record TemplateClosure(
    string Name,
    IReadOnlyList<double> Nuisances,
    int Rows,
    double EffectiveRows,
    double Yield,
    int Compared,
    double Gain,
    double GainError,
    EnergyDistance Model,
    EnergyDistance FromNominal,
    EnergyDistance Halves,
    ClassifierResult Classifier,
    ClassifierResult NominalClassifier,
    IReadOnlyList<ColumnTest> Columns)
{
    /// <summary>The share of the distance from nominal that is left, 0 for a response that closes; NaN where there was no distance.</summary>
    public double Left => FromNominal.Statistic > 0 ? Math.Max(Model.Statistic, 0) / FromNominal.Statistic : double.NaN;

    /// <summary>The features of which a hundredth of the events at least lies on the wrong side of some value, and not by chance.</summary>
    public IReadOnlyList<ColumnTest> Departures => [.. Columns.Where(column => column.CorrectedP < 0.01 && column.Distance > 0.01)];

    /// <summary>Whether no feature departs, and what is left cannot be told from chance or is a hundredth of the distance at most.</summary>
    public bool Closes => (Model.PValue > 0.01 || Left <= 0.01) && Departures.Count == 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Template '{Name}': energy distance {Model.Statistic:g3} (p = {Model.PValue:g2}) to the model, {FromNominal.Statistic:g3} to nominal, {Halves.Statistic:g3} between its halves; "
        + $"classifier {Classifier.Accuracy:p1} right, {NominalClassifier.Accuracy:p1} against nominal; {Gain:f5} ± {GainError:f5} nats an event gained.");
}
