using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Training;

namespace Mbank;

/// <summary>What train-flow leaves.</summary>
/// <param name="Flow">The flow, which is disposed with this.</param>
/// <param name="Options">The settings.</param>
/// <param name="Data">The rows.</param>
/// <param name="Training">How the training went; null where the flow was read.</param>
/// <param name="Constant">C of ln p + C; null where the rows have no log-densities.</param>
internal sealed record TrainFlowResult(Flow<float> Flow, TrainFlowOptions Options, TrainFlowData Data, TrainingResult? Training, double? Constant) : IRunResult
{
    private const int DrawnRows = 10_000;

    /// <inheritdoc/>
    public bool IsCancelled => Training is { Outcome: TrainingOutcome.Cancelled };

    /// <inheritdoc/>
    public void Save(string folder)
    {
        if (Training is not null)
        {
            PyTorchStateDict.Write(Options.FlowFile, StateDictionary.WriteMbank(Flow, Options.Loss == TrainFlowLoss.ForwardDivergence ? null : Constant));
            Flow.Save(Path.Combine(folder, "flow.safetensors"));
            AtomicFile.WriteText(Path.Combine(folder, "history.json"), HistoryText.Of(Training.History, Options.ValidationStep));
        }

        if (!Options.Plots)
            return;
        if (Training is not null)
            LossFigure.Create(Training.History, least: null).SaveSvg(Path.Combine(folder, "loss.svg"));
        var rows = Math.Min(DrawnRows, Data.Count);
        var drawn = new float[rows * Data.Features];
        Flow.Sample(rows, Options.Seed + 1).FlattenTo(drawn);
        ComparisonFigure.Create(drawn, Data.X.AsSpan(0, drawn.Length), Data.Features).SaveSvg(Path.Combine(folder, "comparison.svg"));
        if (Constant is not { } constant)
            return;
        var density = new float[rows];
        Flow.LogDensity(Data.X.AsSpan(0, drawn.Length), density);
        AccuracyFigure.Create(Array.ConvertAll(density, ln => ln + constant), Array.ConvertAll(Data.LogDensities[..rows], w => (double)w))
            .SaveSvg(Path.Combine(folder, "accuracy.svg"));
    }

    /// <inheritdoc/>
    public void Dispose() => Flow.Dispose();
}
