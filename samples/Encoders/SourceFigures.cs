using Plotting;

namespace Encoders;

/// <summary>The figures of the study.</summary>
internal static class SourceFigures
{
    private const int Draws = 2000;

    // An event of middling brightness.
    private const int Shown = 3;

    /// <summary>Observed against nominal coverage, and the p-values of the goodness of fit.</summary>
    public static Figure Judgements(IReadOnlyList<SourceJudgement> judgements)
    {
        var figure = new Figure("A point source: calibration and goodness of fit", 1, 3).PanelSize(300, 280).Share(AxisSharing.None, AxisSharing.None);
        var coverage = figure.Panel(0, 0).XLabel("nominal coverage").YLabel("observed coverage").Title("regions of highest density");
        var fit = figure.Panel(0, 1).XLabel("p, single draw").YLabel("events").Title("events of the simulation");
        var companions = figure.Panel(0, 2).XLabel("p, averaged").YLabel("events").Title("events with a second source");
        foreach (var judgement in judgements)
        {
            var curve = judgement.Coverage.HighestDensity!.Curve();
            coverage.Line([.. curve.Levels], [.. curve.Observed], judgement.Name);
            fit.Histogram(Histogram1D.Of([.. judgement.Fit.SingleDraw], 10, 0, 1), judgement.Name);
            companions.Histogram(Histogram1D.Of([.. judgement.FitOfCompanions.Averaged], 20, 0, 1), judgement.Name);
        }

        coverage.Line([0, 1], [0, 1], "calibrated", new PlotStyle { Dash = DashStyle.Dashed });
        return figure.SharedLegend();
    }

    /// <summary>The hits of one event, and where two trainings believe that its source is.</summary>
    public static Figure Event(PointSource truth, SourceModel without, SourceModel with)
    {
        var (labels, events) = truth.Draw(Shown + 1, seed: 2);
        var rows = events.ToRows(PointSource.Layout).AsSpan(Shown * PointSource.Layout.Columns).ToArray();
        var hits = events.ItemsOf(Shown).ToArray();
        var figure = new Figure("One event and the posterior of its source", 1, 2).PanelSize(320, 320);
        foreach (var (column, model, name) in (ReadOnlySpan<(int, SourceModel, string)>)[(0, without, "trained without the pointing"), (1, with, "trained with the pointing")])
        {
            var samples = new float[Draws * PointSource.Labels];
            model.Posterior.Head.Sample(new FlowCore.Random.RandomStream(5), 0, model.Posterior.Encode(rows), samples, default);
            var panel = figure.Panel(0, column).XLabel("$x$").YLabel("$y$").Title(name).XRange(-2, 2).YRange(-2, 2);
            panel.Scatter(Column(samples, PointSource.Labels, 0), Column(samples, PointSource.Labels, 1), "posterior");
            panel.Points(Column(hits, 2, 0), Column(hits, 2, 1), label: "hits");
            panel.VerticalLine(labels[PointSource.Labels * Shown], "source");
            panel.HorizontalLine(labels[(PointSource.Labels * Shown) + 1]);
        }

        return figure;
    }

    private static double[] Column(float[] rows, int columns, int column)
    {
        var values = new double[rows.Length / columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = rows[(i * columns) + column];
        return values;
    }
}
