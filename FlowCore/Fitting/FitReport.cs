using System.Globalization;
using FlowCore.Flows;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <summary>Collects what a fit does and says it while it goes.</summary>
internal sealed class FitReport(TextWriter? log, IReadOnlyList<string>? featureNames = null, IReadOnlyList<string>? contextNames = null)
{
    private const int FewestRepetitions = 10;
    private const double RepeatedShare = 0.02;

    private readonly List<string> _applied = [];
    private readonly List<string> _suggestions = [];
    private readonly List<TrainingWarning> _warnings = [];

    /// <summary>What was applied so far.</summary>
    public IReadOnlyList<string> Applied => _applied;

    /// <summary>What was warned of so far.</summary>
    public IReadOnlyList<TrainingWarning> Warnings => _warnings;

    /// <summary>What a feature is called in the middle of a sentence.</summary>
    public string NameOf(int feature) => featureNames is not null ? $"feature '{featureNames[feature]}'" : $"feature {feature}";

    public void Apply(in FeatureChart chart, int feature)
    {
        var what = chart.Support.Kind switch
        {
            SupportKind.Real => $"standardised by {Number(chart.Location)} and {Number(chart.Scale)}",
            SupportKind.Positive => $"{chart.Support}: the logarithm, standardised",
            SupportKind.Interval => $"{chart.Support}: the interval, drawn out to the real line",
            SupportKind.Circle => $"{chart.Support}: the circle, cut at {Number(chart.Cut)} where the data is thinnest",
            _ => $"{chart.Support}: whole numbers, each spread over [n, n + 1)",
        };
        var tails = (chart.LowerTail, chart.UpperTail) switch
        {
            (0, 0) => "",
            (_, 0) => $"; a heavy lower tail, {ChartDesign.TailText(chart.LowerTail)}",
            (0, _) => $"; a heavy upper tail, {ChartDesign.TailText(chart.UpperTail)}",
            _ => $"; heavy tails, {ChartDesign.TailText(chart.LowerTail)} below and {ChartDesign.TailText(chart.UpperTail)} above",
        };
        Add(_applied, $"{StartOf(feature)}: {what}{tails}.");
    }

    /// <summary>What a column of the context is called in the middle of a sentence.</summary>
    public string NameOfContext(int column) => contextNames is { } names ? $"context '{names[column]}'" : $"context {column}";

    public void Apply(LocationScale conditions)
    {
        for (var j = 0; j < conditions.Location.Count; j++)
            Add(_applied, $"C{NameOfContext(j)[1..]}: standardised by {Number(conditions.Location[j])} and {Number(conditions.Scale[j])}.");
    }

    public void Apply(NeuralSplineFlowSettings settings, long parameters) => Add(_applied, string.Create(
        CultureInfo.InvariantCulture,
        $"Flow: {settings.AffineTransforms} affine and {settings.Transforms} spline transforms of {settings.Bins} bins, hidden layers of {string.Join(" and ", settings.HiddenSizes)}, {parameters} parameters."));

    public void Apply(string sentence) => Add(_applied, sentence);

    public void Suggest(SupportSuggestion? suggestion, int feature)
    {
        if (suggestion is null)
            return;
        var support = suggestion.Support;
        var text = support.Kind == SupportKind.Circle ? (support.Lower == 0 ? "Support.Circle(0, 2 * Math.PI)" : "Support.Circle(-Math.PI, Math.PI)") : support.ToString();
        Add(_suggestions, $"{StartOf(feature)} {suggestion.Found}: {suggestion.Condition}, say {text}.");
    }

    // A single value that many rows share is no part of a density; whole numbers have their suggestion.
    public void WarnOfRepetition(ColumnSurvey column, int feature)
    {
        if (column.IsInteger || column.CommonestCount < FewestRepetitions || column.CommonestCount < RepeatedShare * column.Count)
            return;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{StartOf(feature)} is {column.CommonestValue:g6} in {column.CommonestCount} of {column.Count} rows: a density grows there without limit. Model these rows apart, or add noise.");
        _warnings.Add(new TrainingWarning(TrainingWarningKind.RepeatedValues, text, feature));
        Say(text);
    }

    public void WarnOfOutlier(double value, long row, int feature, double reach)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{StartOf(feature)} is {value:g6} in row {row}, {reach:g3} deviations from the others, heavy tails taken in: if that is a mistake, leave the row out.");
        _warnings.Add(new TrainingWarning(TrainingWarningKind.Outlier, text, feature, row));
        Say(text);
    }

    // Angles of another turn are angles all the same; those of several may be no angles, or in other units.
    public void SayTurns(in TurnCount turns, Support circle, int feature)
    {
        if (turns.Outside == 0)
            return;
        var where = string.Create(CultureInfo.InvariantCulture, $"{StartOf(feature)}: {turns.Outside} of {turns.Rows} rows lie outside of the turn from {circle.Lower:g6} to {circle.Upper:g6}");
        if (!turns.SpansMoreThanOne(circle))
        {
            Add(_applied, $"{where} and are taken by whole turns into it; the density is that of angles within it.");
            return;
        }

        var text = string.Create(
            CultureInfo.InvariantCulture, $"{where}, from {turns.Least:g6} to {turns.Greatest:g6}, more than one turn, and are folded into it, and the density is that of angles within it: if they are no angles, or angles in other units, say another support.");
        _warnings.Add(new TrainingWarning(TrainingWarningKind.SeveralTurns, text, feature));
        Say(text);
    }

    public void Warn(TrainingWarningKind kind, string text)
    {
        _warnings.Add(new TrainingWarning(kind, text));
        Say(text);
    }

    /// <summary>Says a line that is neither.</summary>
    public void Say(string line)
    {
        if (log is not null)
            TrainingConsole.TryWrite(log, line + Environment.NewLine);
    }

    public DensityFitResult Result(TrainingResult training, FeatureChart[] charts) => new(training, charts, _applied, _suggestions, _warnings);

    private string StartOf(int feature) => $"F{NameOf(feature)[1..]}";

    private static string Number(double value) => value.ToString("g5", CultureInfo.InvariantCulture);

    private void Add(List<string> lines, string line)
    {
        lines.Add(line);
        Say(line);
    }
}
