using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Statistics;
using FlowCore.Training;

namespace Mbank;

/// <summary>What the page's run leaves.</summary>
/// <param name="Flow">The trained flow, which is disposed with this.</param>
/// <param name="Settings">The settings.</param>
/// <param name="Training">How the training went, its history included.</param>
/// <param name="Final">The metric at the end.</param>
/// <param name="Divergence">KL(data ‖ flow) on fresh rows, in nats.</param>
internal sealed record PageResult(
    Flow<float> Flow, MbankOptions Settings, TrainingResult Training, MetricResult Final, double Divergence) : IRunResult
{
    private const int ComparedRows = 10_000;

    /// <summary>Samples, [1000, 2].</summary>
    public required Tensor<float> Samples { get; init; }

    /// <summary>Their log-density, [1000].</summary>
    public required Tensor<float> LogDensity { get; init; }

    /// <summary>The samples as noise, [1000, 2].</summary>
    public required Tensor<float> Noise { get; init; }

    /// <summary>The rows of the training, row-major.</summary>
    public required float[] TrainRows { get; init; }

    /// <inheritdoc/>
    public bool IsCancelled => Training.Outcome == TrainingOutcome.Cancelled;

    /// <inheritdoc/>
    public void Save(string folder)
    {
        Flow.Save(Path.Combine(folder, "flow.safetensors"));
        PyTorchStateDict.Write(Path.Combine(folder, "flow.zip"), StateDictionary.WriteMbank(Flow));
        AtomicFile.WriteText(Path.Combine(folder, "history.json"), HistoryText.Of(Training.History, Settings.ValidationStep));
        LossFigure.Create(Training.History, PageData.Entropy).SaveSvg(Path.Combine(folder, "loss.svg"));
        var rows = Math.Min(ComparedRows, TrainRows.Length / 2);
        var drawn = new float[2 * rows];
        Flow.Sample(rows, Settings.Seed + 1).FlattenTo(drawn);
        ComparisonFigure.Create(drawn, TrainRows.AsSpan(0, 2 * rows), features: 2).SaveSvg(Path.Combine(folder, "comparison.svg"));
    }

    /// <inheritdoc/>
    public void Dispose() => Flow.Dispose();
}
