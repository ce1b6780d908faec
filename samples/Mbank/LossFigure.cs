using System.Globalization;
using FlowCore.Training;
using Plotting;

namespace Mbank;

/// <summary>How a training went, step by step: the losses, and below them the metric with the band of a perfect flow.</summary>
internal static class LossFigure
{
    private static readonly PlotStyle _training = new(PlotColor.Blue, Width: 1);
    private static readonly PlotStyle _validation = new(PlotColor.Vermillion, Width: 1.6);
    private static readonly PlotStyle _least = new(PlotColor.Foreground, Width: 1.2, Dash: DashStyle.Dashed);

    /// <summary>Draws the figure.</summary>
    /// <param name="history">An epoch for every step; the first of its metrics is drawn.</param>
    /// <param name="least">The least loss there is; null where it is not known.</param>
    public static Figure Create(TrainingHistory history, double? least)
    {
        MetricRecord[] metrics = [.. history.Metrics.Where(record => record.Metric == history.Metrics[0].Metric)];
        var figure = new Figure("Loss functions", metrics.Length > 0 ? 2 : 1, 1).PanelSize(460, 210).Share(AxisSharing.Aligned, AxisSharing.None);
        var validated = history.Epochs.Where(epoch => double.IsFinite(epoch.ValidationLoss)).ToArray();
        double[] train = [.. history.Epochs.Select(epoch => epoch.TrainLoss)];
        double[] validation = [.. validated.Select(epoch => epoch.ValidationLoss)];
        var panel = figure.Panel(0, 0).XLabel("step").YLabel("loss")
            .Line([.. history.Epochs.Select(epoch => (double)epoch.Epoch)], train, "train", _training)
            .Line([.. validated.Select(epoch => (double)epoch.Epoch)], validation, "validation", _validation);
        if (least is { } bound)
            panel.HorizontalLine(bound, string.Create(CultureInfo.InvariantCulture, $"entropy {bound:f4}"), _least);

        // A loss that may fall to 0 or below has no logarithm.
        if (train.Concat(validation).All(loss => loss > 0))
            panel.LogY();
        if (history.Epochs.Count == 0)
            panel.Note("no step yet");
        if (metrics.Length == 0)
            return figure;

        var (mean, deviation) = (metrics[^1].Result.PerfectMean, metrics[^1].Result.PerfectDeviation);
        double[] steps = [.. metrics.Select(record => (double)record.Epoch)];
        double[] ends = [steps[0], Math.Max(steps[^1], steps[0] + 1)];
        figure.Panel(1, 0).XLabel("step").YLabel(MetricText.NameOf(metrics[0].Metric))
            .Band(ends, [mean - deviation, mean - deviation], [mean + deviation, mean + deviation], "perfect flow", new PlotStyle(PlotColor.Green, Opacity: 0.3))
            .HorizontalLine(mean, null, new PlotStyle(PlotColor.Green, Width: 1, Dash: DashStyle.Dashed))
            .Line(steps, [.. metrics.Select(record => record.Result.Value)], "validation rows", _validation);
        return figure;
    }
}
