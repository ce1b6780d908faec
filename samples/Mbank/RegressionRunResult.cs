using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Training;

namespace Mbank;

/// <summary>What the regression leaves.</summary>
/// <param name="Flow">The trained flow, which is disposed with this.</param>
/// <param name="Regression">How the training went, and the constant.</param>
/// <param name="Volume">ln p + C of fresh rows.</param>
/// <param name="Truth">What it should be.</param>
/// <param name="Error">The root mean square of the difference, in nats.</param>
internal sealed record RegressionRunResult(Flow<double> Flow, RegressionResult Regression, Tensor<double> Volume, Tensor<double> Truth, double Error) : IRunResult
{
    /// <summary>The rows of the training: [rows, 2] and [rows].</summary>
    public required (Tensor<double> X, Tensor<double> Values) Rows { get; init; }

    /// <inheritdoc/>
    public bool IsCancelled => Regression.Training.Outcome == TrainingOutcome.Cancelled;

    /// <inheritdoc/>
    public void Save(string folder)
    {
        Flow.Save(Path.Combine(folder, "flow.safetensors"));
        PyTorchStateDict.Write(Path.Combine(folder, "flow.zip"), StateDictionary.WriteMbank(Flow, Regression.Constant));

        // As train-flow takes them: the logarithm in the last column.
        var count = (int)Rows.Values.FlattenedLength;
        var rows = new double[3 * count];
        for (var i = 0; i < count; i++)
            (rows[3 * i], rows[(3 * i) + 1], rows[(3 * i) + 2]) = (Rows.X[i, 0], Rows.X[i, 1], Rows.Values[i]);
        NpyFile.Write<double>(Path.Combine(folder, "rows.npy"), [count, 3], rows);
        LossFigure.Create(Regression.Training.History, least: null).SaveSvg(Path.Combine(folder, "loss.svg"));
        var (volume, truth) = (new double[Volume.FlattenedLength], new double[Truth.FlattenedLength]);
        Volume.FlattenTo(volume);
        Truth.FlattenTo(truth);
        AccuracyFigure.Create(volume, truth).SaveSvg(Path.Combine(folder, "accuracy.svg"));
    }

    /// <inheritdoc/>
    public void Dispose() => Flow.Dispose();
}
