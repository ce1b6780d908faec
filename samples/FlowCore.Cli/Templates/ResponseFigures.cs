using FlowCore.Factorizable;
using FlowCore.Templates;
using Plotting;

namespace FlowCore.Cli.Templates;

/// <summary>What a response looks like: quantiles along each nuisance, and ratios to nominal, template by template.</summary>
internal sealed class ResponseFigures(FactorizableFlow<float> model, ResponseFitResult result, IReadOnlyList<string> columns, Template<float>? nominal, IReadOnlyList<Template<float>> templates, ulong seed)
{
    /// <summary>What the curves show.</summary>
    public const string CurvesCaption =
        "How far the quantiles of each column move with one nuisance, the others at 0, in half widths of its central 68 % at ν = 0. Lines: the model, from the same random numbers at every ν. Points: the templates, with their statistical errors.";

    /// <summary>What the ratios show.</summary>
    public const string RatiosCaption =
        "Above: shares of events in a bin. Below: over nominal. Points: template over nominal rows, with the errors of both; line: the model at this ν over the model at ν = 0, which should go through them.";

    private const int CurvePoints = 17;
    private const int CurveDraws = 20_000;
    private const int RatioDraws = 200_000;
    private const int Bins = 24;
    private const int Across = 3;
    private const double Reach = 1.25;

    // Told apart without colours, too.
    private static readonly (double Share, string Name, PlotStyle Style)[] _quantiles =
    [
        (0.16, "16 %", new PlotStyle(PlotColor.Blue, Dash: DashStyle.Dashed, Marker: MarkerShape.Triangle)),
        (0.5, "50 %", new PlotStyle(PlotColor.Foreground)),
        (0.84, "84 %", new PlotStyle(PlotColor.Vermillion, Dash: DashStyle.DashDot, Marker: MarkerShape.Square)),
    ];

    private readonly ResponseDraws _draws = new(model, seed);

    /// <summary>Quantiles against each nuisance, a row for each column.</summary>
    public Figure Curves()
    {
        var figure = new Figure("", columns.Count, result.Nuisances.Count).PanelSize(260, 170).Share(AxisSharing.Aligned, AxisSharing.None).SharedLegend();
        for (var k = 0; k < result.Nuisances.Count; k++)
        {
            var reach = Reach * templates.Max(template => Math.Abs(template.Nuisances[k]));
            double[] values = [.. Enumerable.Range(0, CurvePoints).Select(i => reach * ((2.0 * i / (CurvePoints - 1)) - 1))];
            float[][] draws = [.. values.Select(value => _draws.At(CurveDraws, Along(k, value), nominal ?? templates[0]))];
            for (var j = 0; j < columns.Count; j++)
                Curve(figure.Panel(j, k).XLabel(Plain(result.Nuisances[k])).YLabel($"shift of {Plain(columns[j])} / half width"), j, k, values, draws);
        }

        return figure;
    }

    /// <summary>Each column of a template, over nominal.</summary>
    public Figure Ratios(Template<float> template)
    {
        var across = Math.Min(Across, columns.Count);
        var figure = new Figure("", (columns.Count + across - 1) / across, across).PanelSize(290, 170).SharedLegend();
        var count = Math.Min(RatioDraws, Math.Max(CurveDraws, 4 * template.Rows));
        var moved = _draws.At(count, template.Nuisances, template);
        var still = _draws.At(count, [], template);
        for (var j = 0; j < columns.Count; j++)
        {
            var (ofTemplate, ofModel, ofBase) = (WeightedColumn.Of(template, j), WeightedColumn.Of(moved, columns.Count, j), WeightedColumn.Of(still, columns.Count, j));
            var ofNominal = nominal is null ? ofBase : WeightedColumn.Of(nominal, j);
            var (low, high) = (Math.Min(ofTemplate.Quantile(0.005), ofNominal.Quantile(0.005)), Math.Max(ofTemplate.Quantile(0.995), ofNominal.Quantile(0.995)));
            if (!(low < high))
                continue;
            var (first, second, third, fourth) = (Histogram(ofTemplate), Histogram(ofNominal), Histogram(ofModel), Histogram(ofBase));
            var panel = figure.Panel(j / across, j % across).XLabel(Plain(columns[j])).YLabel("share")
                .Histogram(second, "nominal", HistogramStyle.Step, new PlotStyle(PlotColor.Muted, Width: 1.2))
                .Histogram(third, "model", HistogramStyle.Step, new PlotStyle(PlotColor.Blue, Width: 1.4))
                .Points([.. Centers(first)], [.. first.Contents], "template", new PlotStyle(PlotColor.Foreground, Width: 1, MarkerSize: 3), yErrors: [.. Enumerable.Range(0, Bins).Select(first.Error)]);
            var line = HistogramRatio.Of(third, fourth);
            panel.WithRatio("over nominal", 0.5)
                .Steps(line.Edges, [.. line.Values.ToArray().Select(value => double.IsFinite(value) ? value : 1)], null, new PlotStyle(PlotColor.Blue, Width: 1.4))
                .Ratio(HistogramRatio.Of(first, second), null, new PlotStyle(PlotColor.Foreground, Width: 1, MarkerSize: 3));

            Histogram1D Histogram(WeightedColumn column)
            {
                var histogram = Histogram1D.Of(column.Values, Bins, low, high, column.Weights);
                return histogram.Scaled(1 / column.Weights.Sum());
            }
        }

        return figure;
    }

    private static IEnumerable<double> Centers(Histogram1D histogram) => Enumerable.Range(0, histogram.Bins).Select(histogram.Center);

    // Names are text, not formulas.
    private static string Plain(string name) => name.Replace("$", "", StringComparison.Ordinal);

    private double[] Along(int nuisance, double value)
    {
        var nu = new double[result.Nuisances.Count];
        nu[nuisance] = value;
        return nu;
    }

    private void Curve(Panel panel, int feature, int nuisance, double[] values, float[][] draws)
    {
        WeightedColumn[] along = [.. draws.Select(rows => WeightedColumn.Of(rows, columns.Count, feature))];
        var still = along[CurvePoints / 2];
        var width = 0.5 * (still.Quantile(0.84) - still.Quantile(0.16));
        if (!(width > 0))
            return;
        var own = nominal is null ? still : WeightedColumn.Of(nominal, feature);
        var onAxis = templates.Where(template => !template.Nuisances.Where((value, k) => k != nuisance && value != 0).Any()).ToArray();
        foreach (var (share, name, style) in _quantiles)
        {
            panel.Line(values, [.. along.Select(column => (column.Quantile(share) - still.Quantile(share)) / width)], $"quantile of {name}", style);
            if (onAxis.Length == 0)
                continue;
            WeightedColumn[] points = [.. onAxis.Select(template => WeightedColumn.Of(template, feature))];
            panel.Points(
                [.. onAxis.Select(template => template.Nuisances[nuisance])], [.. points.Select(column => (column.Quantile(share) - own.Quantile(share)) / width)],
                null, style, yErrors: [.. points.Select(column => double.Hypot(column.ErrorOf(share), nominal is null ? 0 : own.ErrorOf(share)) / width)]);
        }
    }
}
