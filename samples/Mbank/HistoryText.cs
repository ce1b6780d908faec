using System.Text.Json.Nodes;
using FlowCore.Training;

namespace Mbank;

/// <summary>A history as JSON under the names that mbank gives to its own, so that Python can draw it.</summary>
internal static class HistoryText
{
    /// <summary>Makes the text.</summary>
    /// <param name="history">An epoch for every step.</param>
    /// <param name="metrics">The metric at every validation.</param>
    /// <param name="settings">The settings.</param>
    public static string Of(TrainingHistory history, IReadOnlyList<MetricRecord> metrics, MbankOptions settings) => new JsonObject
    {
        ["validation_step"] = settings.ValidationStep,
        ["validation_metric"] = MetricWatch.NameOf(settings.Metric),
        ["train_loss"] = Numbers(history.Epochs.Select(epoch => epoch.TrainLoss)),
        ["validation_loss"] = Numbers(history.Epochs.Select(epoch => epoch.ValidationLoss).Where(double.IsFinite)),
        ["valmetric_value"] = Numbers(metrics.Select(metric => metric.Result.Value)),
        ["valmetric_mean"] = metrics.Count == 0 ? null : Number(metrics[^1].Result.PerfectMean),
        ["valmetric_std"] = metrics.Count == 0 ? null : Number(metrics[^1].Result.PerfectDeviation),
        ["learning_rate"] = Numbers(history.Epochs.Select(epoch => epoch.LearningRate)),
        ["outside"] = Numbers(history.Epochs.Where(epoch => double.IsFinite(epoch.ValidationLoss)).Select(epoch => (double)epoch.ValidationOutsideRows)),
    }.ToJsonString();

    private static JsonArray Numbers(IEnumerable<double> numbers) => [.. numbers.Select(Number)];

    // JSON has no infinities.
    private static JsonNode? Number(double number) => double.IsFinite(number) ? JsonValue.Create(number) : null;
}
