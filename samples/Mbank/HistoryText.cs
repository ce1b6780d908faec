using System.Text.Json.Nodes;
using FlowCore.Training;

namespace Mbank;

/// <summary>A history as JSON under the names that mbank gives to its own, so that Python can draw it.</summary>
internal static class HistoryText
{
    /// <summary>Makes the text.</summary>
    /// <param name="history">An epoch for every step; the first of its metrics is told.</param>
    /// <param name="validationStep">The steps from one validation to the next.</param>
    public static string Of(TrainingHistory history, int validationStep)
    {
        MetricRecord[] metrics = [.. history.Metrics.Where(record => record.Metric == history.Metrics[0].Metric)];
        var validated = history.Epochs.Where(epoch => double.IsFinite(epoch.ValidationLoss)).ToArray();
        return new JsonObject
        {
            ["validation_step"] = validationStep,
            ["validation_metric"] = metrics.Length == 0 ? null : MetricText.NameOf(metrics[0].Metric),
            ["train_loss"] = Numbers(history.Epochs.Select(epoch => epoch.TrainLoss)),
            ["validation_loss"] = Numbers(validated.Select(epoch => epoch.ValidationLoss)),
            ["valmetric_value"] = Numbers(metrics.Select(metric => metric.Result.Value)),
            ["valmetric_mean"] = metrics.Length == 0 ? null : Number(metrics[^1].Result.PerfectMean),
            ["valmetric_std"] = metrics.Length == 0 ? null : Number(metrics[^1].Result.PerfectDeviation),
            ["learning_rate"] = Numbers(history.Epochs.Select(epoch => epoch.LearningRate)),
            ["outside"] = Numbers(validated.Select(epoch => (double)epoch.ValidationOutsideRows)),
        }.ToJsonString();
    }

    private static JsonArray Numbers(IEnumerable<double> numbers) => [.. numbers.Select(Number)];

    // JSON has no infinities.
    private static JsonNode? Number(double number) => double.IsFinite(number) ? JsonValue.Create(number) : null;
}
