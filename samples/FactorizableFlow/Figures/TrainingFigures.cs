using System.Globalization;
using FlowCore.Training;
using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>How a training went, from its history file.</summary>
internal static class TrainingFigures
{
    private static readonly PlotStyle _training = new(PlotColor.Blue, Width: 1);
    private static readonly PlotStyle _validation = new(PlotColor.Vermillion, Width: 1.6);

    /// <summary>Draws loss, progress towards the best epoch, learning rate and gradient norm.</summary>
    /// <param name="model">The model's name: "kin", "score_residual".</param>
    /// <param name="history">The history.</param>
    /// <param name="entropy">The truth's entropy over the validation set's distribution; null if it has no closed form.</param>
    /// <param name="trainingEntropy">The same over the training's distribution where that is another one, with x drawn more widely; else null.</param>
    /// <param name="validationEvents">Events of the validation set.</param>
    public static StudyFigure Create(string model, TrainingHistory history, TruthEntropy? entropy, TruthEntropy? trainingEntropy, int validationEvents)
    {
        double[] epoch = [.. history.Epochs.Select(record => record.Epoch + 1.0)];
        double[] training = [.. history.Epochs.Select(record => record.TrainLoss)];
        double[] validation = [.. history.Epochs.Select(record => record.ValidationLoss)];
        double[] rate = [.. history.Epochs.Select(record => record.LearningRate)];
        double[] norm = [.. history.Epochs.Select(record => record.GradientNorm)];
        var name = MathName(model);
        var figure = new Figure($"Training of {name}", 2, 2).PanelSize(330, 200).Share(AxisSharing.Aligned, AxisSharing.None);
        DrawLosses(figure.Panel(0, 0).XLabel("epoch").YLabel("loss [nats]"), epoch, training, validation, entropy, trainingEntropy, validationEvents);
        DrawExcess(figure.Panel(0, 1).XLabel("epoch").YLabel("above the best [nats]"), epoch, validation);

        // The last rate of a cosine is as good as zero, and would squeeze all others to the top of a logarithmic axis.
        var peak = rate.Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var shown = Array.ConvertAll(rate, value => value > 1e-6 * peak ? value : double.NaN);
        figure.Panel(1, 0).XLabel("epoch").YLabel("learning rate").LogY().Line(epoch, shown, null, _training);
        figure.Panel(1, 1).XLabel("epoch").YLabel("norm of the gradient").LogY().Line(epoch, norm, null, _training);
        if (epoch.Length == 0)
            figure.Panel(0, 0).Note("no complete epoch yet");

        return new StudyFigure(
            $"training_{model}",
            figure,
            entropy is null
                ? "Loss in training and validation, how far the validation is above its best epoch, learning rate, and gradient norm."
                : "The validation loss comes down to the entropy of the truth, within the statistical error that a finite validation set has (band), and then no further"
                + (trainingEntropy is null ? "" : ". The training loss comes down to a line of its own, the dotted one: half of its events draw x more widely, where y has another entropy")
                + "; right and below: distance to the best epoch, learning rate, gradient norm.");
    }

    private static string MathName(string model) => MathText.Escape(model.Replace('_', ' '));

    private static void DrawLosses(Panel panel, double[] epoch, double[] training, double[] validation, TruthEntropy? entropy, TruthEntropy? trainingEntropy, int validationEvents)
    {
        if (entropy is not null && epoch.Length > 0)
        {
            var error = entropy.Deviation / Math.Sqrt(Math.Max(1, validationEvents));
            double[] ends = epoch.Length > 1 ? [epoch[0], epoch[^1]] : [epoch[0] - 0.5, epoch[0] + 0.5];
            panel.Band(
                ends, [entropy.Mean - error, entropy.Mean - error], [entropy.Mean + error, entropy.Mean + error], null, new PlotStyle(PlotColor.Muted, Opacity: 0.3));
            panel.HorizontalLine(entropy.Mean, $"truth {Nats(entropy)}", new PlotStyle(PlotColor.Foreground, Width: 1.2, Dash: DashStyle.Dashed));
            if (trainingEntropy is not null)
                panel.HorizontalLine(trainingEntropy.Mean, $"truth, training's wider $x$: {Nats(trainingEntropy)}", new PlotStyle(PlotColor.Blue, Width: 1.4, Dash: DashStyle.Dotted));
        }

        panel.Line(epoch, training, "training", _training).Line(epoch, validation, "validation", _validation);

        // The first epochs are off the scale of everything that matters afterwards.
        double[] late = [.. training.Concat(validation).Where(double.IsFinite)];
        if (late.Length > 0)
        {
            var low = late.Min();
            var middle = SampleStatistics.Quantiles(late, 0.75)[0];
            low = entropy is null ? low : Math.Min(low, Math.Min(entropy.Mean, trainingEntropy?.Mean ?? entropy.Mean));
            var span = Math.Max(3 * (middle - low), 1e-3);
            panel.YRange(low - (0.15 * span), low + span);
        }
    }

    private static string Nats(TruthEntropy entropy) => entropy.Mean.ToString("0.0000", CultureInfo.InvariantCulture);

    private static void DrawExcess(Panel panel, double[] epoch, double[] validation)
    {
        var best = validation.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();
        var excess = Array.ConvertAll(validation, value => value > best ? value - best : double.NaN);
        panel.LogY().Line(epoch, excess, "validation \\minus  best", _validation);
        var index = Array.IndexOf(validation, best);
        if (index >= 0)
            panel.VerticalLine(epoch[index], $"best epoch: {Looks.Number(epoch[index])}", new PlotStyle(PlotColor.Muted, Width: 1, Dash: DashStyle.Dotted));
    }
}
