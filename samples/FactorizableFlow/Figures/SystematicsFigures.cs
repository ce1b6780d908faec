using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FactorizableFlow.Training;
using FactorizableFlow.Validation;
using FlowCore.Random;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>The figures of a residual against the truth away from the nominal point.</summary>
internal sealed class SystematicsFigures
{
    private const double Reach = 2;
    private const int MomentPoints = 9;
    private const int TruthPoints = 41;

    private static readonly PlotStyle _up = new(PlotColor.Green, MarkerSize: 3, Width: 1.3);
    private static readonly PlotStyle _down = new(PlotColor.Purple, MarkerSize: 3, Width: 1.3);

    private readonly StudyModel _model;
    private readonly int _events;
    private readonly RandomStream _stream;

    private SystematicsFigures(StudyModel model, int events, ulong seed)
    {
        _model = model;
        _events = events;
        _stream = ClassColumns.StreamOf(seed).Substream(model.Sector.IsKinematic ? 2ul : 3);
    }

    private string Sector => _model.Sector.Name;

    private string Feature => _model.Sector.Symbol;

    private int Nuisances => _model.Generator.Nuisances;

    /// <summary>Draws them.</summary>
    /// <param name="model">The residual.</param>
    /// <param name="templates">The points it was trained at.</param>
    /// <param name="events">Samples a point.</param>
    /// <param name="seed">Their seed.</param>
    public static IReadOnlyList<StudyFigure> Create(StudyModel model, IReadOnlyList<SystematicTemplate> templates, int events, ulong seed)
    {
        var figures = new SystematicsFigures(model, events, seed);
        var infix = model.Sector.IsKinematic ? "" : "score_";
        var nominal = new ModelAtPoint(model, new double[figures.Nuisances]);
        List<StudyFigure> all =
        [
            new(
                $"val_sys_{figures.Sector}_central",
                DensityPlanes.Create($"Density of ${figures.Feature}$ at $\\nu$ = 0, model and truth", nominal, null),
                "At ν = 0 the residual does nothing, so this is the base flow again."),
        ];
        foreach (var template in templates)
        {
            all.Add(new StudyFigure(
                $"val_sys_{figures.Sector}_{template.Name}",
                DensityPlanes.Create(
                    $"Density of ${figures.Feature}$ at $\\nu$ = {Looks.Point(template.Nuisances)}, model and truth", new ModelAtPoint(model, template.Nuisances), nominal),
                $"At the template {template.Name} the model's contours have moved from the nominal ones (dashed) onto the edges of the filled truth."));
        }

        all.Add(new StudyFigure(
            $"val_sys_{figures.Sector}_1d_marginals",
            figures.Marginals(),
            "Distributions with one nuisance at ±1, and below their ratio to the nominal point: samples of the model (points) follow the truth (lines)."));
        var truth = "the model's samples (points) follow the truth (lines) between -1 and 1, where the templates are, and beyond.";
        all.Add(new StudyFigure($"val_sys_{infix}mean_{figures.Feature}_vs_m", figures.Moments(isMean: true), $"Means as one nuisance moves: {truth}"));
        all.Add(new StudyFigure($"val_sys_{infix}std_{figures.Feature}_vs_m", figures.Moments(isMean: false), $"Standard deviations as one nuisance moves: {truth}"));
        return all;
    }

    private double[] Point(int nuisance, double value)
    {
        var nu = new double[Nuisances];
        nu[nuisance] = value;
        return nu;
    }

    private ClassColumns Samples(ModelAtPoint at, ulong substream, int events) =>
        ClassColumns.OfModel(at.Model, at.Sector, at.Nuisances, at.Generator, _stream.Substream(substream), events);

    private Figure Marginals()
    {
        const int bins = 30;
        var nominal = new ModelAtPoint(_model, Point(0, 0));
        var central = Samples(nominal, 0, _events);
        var figure = new Figure($"Distributions of ${Feature}$ away from the nominal point, model and truth", 2, 2 * Nuisances).PanelSize(225, 150).SharedLegend();
        for (var k = 0; k < Nuisances; k++)
        {
            (double Value, PlotStyle Style, ClassColumns Columns, ModelAtPoint At)[] moved =
            [
                .. new[] { (Value: -1.0, Style: _down), (Value: 1.0, Style: _up) }.Select((side, index) =>
                {
                    var at = new ModelAtPoint(_model, Point(k, side.Value));
                    return (side.Value, side.Style, Samples(at, (ulong)(1 + (2 * k) + index), _events), at);
                }),
            ];
            for (var feature = 0; feature < 2; feature++)
            {
                var column = nominal.FirstColumn + feature;
                for (var label = 0; label < 2; label++)
                {
                    (var min, var max) = PlaneBox.Range([.. central[label, column], .. moved[0].Columns[label, column], .. moved[1].Columns[label, column]]);
                    var panel = figure.Panel(label, (2 * k) + feature)
                        .Title($"class {Looks.Classes[label]}, ${Looks.Nuisance(_model.Generator, k)}$ = \\pm 1")
                        .XLabel(Looks.Names(_model.Sector)[feature]).YLabel("density").XRange(min, max).YRange(0, null);
                    var ratio = panel.WithRatio("to $\\nu$ = 0", 0.55).YRange(0.5, 1.6);
                    var before = Histogram1D.Of(central[label, column], bins, min, max);
                    var was = nominal.Marginal(label, feature);
                    if (was is not null)
                        panel.Function(was, min, max, "truth at $\\nu$ = 0", Looks.NominalLine, points: 120);

                    foreach ((var value, var style, var columns, var at) in moved)
                    {
                        var side = value > 0 ? "+1" : "\u22121";
                        var after = Histogram1D.Of(columns[label, column], bins, min, max);
                        if (was is not null && at.Marginal(label, feature) is { } becomes)
                        {
                            panel.Function(becomes, min, max, $"truth at {side}", style, points: 120);
                            ratio.Function(place => becomes(place) / was(place), min, max, null, style, points: 120);
                        }

                        panel.Histogram(after.ToDensity(), $"model at {side}", HistogramStyle.Points, style with { Width = 1 });
                        ratio.Ratio(HistogramRatio.Of(after.ToDensity(), before.ToDensity()), style: style with { Width = 1 });
                    }
                }
            }
        }

        return figure;
    }

    private Figure Moments(bool isMean)
    {
        var events = Math.Max(1, _events / 4);
        var what = isMean ? "Mean" : "Standard deviation";
        var figure = new Figure($"{what} of ${Feature}$ against each nuisance, model and truth", 2, Nuisances).PanelSize(300, 190).Share(AxisSharing.Aligned, AxisSharing.Aligned).SharedLegend();
        var values = Even(MomentPoints);
        var fine = Even(TruthPoints);
        for (var k = 0; k < Nuisances; k++)
        {
            ModelAtPoint[] points = [.. values.Select(value => new ModelAtPoint(_model, Point(k, value)))];
            ClassColumns[] samples = [.. points.Select((at, index) => Samples(at, (ulong)(100 + (100 * k) + index), events))];
            ModelAtPoint[] finePoints = [.. fine.Select(value => new ModelAtPoint(_model, Point(k, value)))];
            for (var feature = 0; feature < 2; feature++)
            {
                var column = points[0].FirstColumn + feature;
                var symbol = Looks.Names(_model.Sector)[feature];
                var panel = figure.Panel(feature, k).XLabel($"${Looks.Nuisance(_model.Generator, k)}$").YLabel($"{(isMean ? "mean" : "std")} of {symbol}").XRange(-1.08 * Reach, 1.08 * Reach);
                panel.VerticalLine(-1, null, new PlotStyle(PlotColor.Muted, Width: 0.8, Dash: DashStyle.Dotted))
                    .VerticalLine(1, "templates", new PlotStyle(PlotColor.Muted, Width: 0.8, Dash: DashStyle.Dotted));
                for (var label = 0; label < 2; label++)
                {
                    var name = $"class {Looks.Classes[label]}";
                    var line = new PlotStyle(Looks.ClassColor(label), Width: 1.3);
                    (double Mean, double Deviation)?[] truth = [.. finePoints.Select(at => at.Moments(label, feature))];
                    if (truth[0] is not null)
                    {
                        panel.Line(fine, [.. truth.Select(moments => isMean ? moments!.Value.Mean : moments!.Value.Deviation)], $"truth, {name}", line);
                    }
                    else
                    {
                        // Without a closed form, events of the generator stand for the truth.
                        ClassColumns[] events2 = [.. points.Select((at, index) => ClassColumns.OfGenerator(at.Generator, _stream.Substream((ulong)(1000 + (100 * k) + index)), events))];
                        panel.Line(values, [.. events2.Select(columns => Moment(columns[label, column], isMean).Value)], $"generator, {name}", line);
                    }

                    (double Value, double Error)[] found = [.. samples.Select(columns => Moment(columns[label, column], isMean))];
                    panel.Points(
                        values, [.. found.Select(moment => moment.Value)], $"model, {name}", new PlotStyle(Looks.ClassColor(label), Width: 1), [.. found.Select(moment => moment.Error)]);
                }
            }
        }

        return figure;
    }

    private static double[] Even(int count) => [.. Enumerable.Range(0, count).Select(i => Reach * ((2.0 * i / (count - 1)) - 1))];

    // The error of a standard deviation s is s √((κ − 1) / 4n), κ the kurtosis.
    private static (double Value, double Error) Moment(double[] values, bool isMean)
    {
        if (values.Length < 2)
            return (double.NaN, double.NaN);

        var mean = values.Average();
        double second = 0;
        double fourth = 0;
        foreach (var value in values)
        {
            var square = (value - mean) * (value - mean);
            second += square;
            fourth += square * square;
        }

        var n = values.Length;
        var variance = second / (n - 1);
        var deviation = Math.Sqrt(variance);
        var kurtosis = variance > 0 ? fourth / n / (variance * variance) : 1;
        return isMean ? (mean, deviation / Math.Sqrt(n)) : (deviation, deviation * Math.Sqrt(Math.Max(0, kurtosis - 1) / (4.0 * n)));
    }
}
