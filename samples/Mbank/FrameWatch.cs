using System.Globalization;
using FlowCore.Distributions;
using FlowCore.Training;

namespace Mbank;

/// <summary>Draws a frame every so many epochs of a training: samples of the flow as it is then, beside the rows; passes the reports on.</summary>
/// <param name="flow">The flow.</param>
/// <param name="rows">The rows, row-major.</param>
/// <param name="interval">The epochs from one frame to the next; 0 for no frames.</param>
/// <param name="output">The folder of the results; the frames go to frames/ in it, named by the epochs that are done.</param>
/// <param name="next">Gets every report; null for nobody.</param>
internal sealed class FrameWatch(Flow<float> flow, float[] rows, int interval, string output, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
{
    private const int FrameRows = 1000;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        next?.Report(value);
        if (interval == 0 || !value.EpochEnded || (value.Epoch + 1) % interval != 0)
            return;
        var features = flow.Features;
        var count = Math.Min(FrameRows, rows.Length / features);
        var drawn = new float[count * features];

        // The same noise in every frame, so that its points move and do not jump.
        flow.Sample(count, seed: 0).FlattenTo(drawn);
        var folder = Directory.CreateDirectory(Path.Combine(output, "frames")).FullName;
        ComparisonFigure.Create(drawn, rows.AsSpan(0, count * features), features)
            .SaveSvg(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{value.Epoch + 1:d6}.svg")));
    }
}
