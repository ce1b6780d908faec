using System.Globalization;
using System.Numerics.Tensors;
using FlowCore.Diagnostics;
using FlowCore.Manifolds;
using FlowCore.Training;

namespace ManifoldsSample;

/// <summary>Energy and direction from what a detector sees: p(ln E, n | seen) on e1 ⊗ s2, with its coverage.</summary>
internal static class DirectionStudy
{
    /// <summary>Trains the pdf.</summary>
    /// <param name="events">How many simulated events.</param>
    /// <param name="epochs">How many epochs.</param>
    /// <param name="progress">Who is told; null for nobody.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <returns>The pdf.</returns>
    public static Pdf<float> Train(int events, int epochs, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (truth, seen) = Detector.Simulate(events, seed: 1);
        var pdf = PdfPresets.Create<float>("e1+s2", new PdfOptions { ConditionColumns = [Detector.Seen], NetworkSizes = ["64-64"] });
        pdf.Start(new ReadOnlyTensorSpan<float>(truth, [events, Detector.Truth]));
        pdf.Fit(
            new ArrayData<float>(truth, Detector.Truth, seen, Detector.Seen),
            new TrainingOptions { Epochs = epochs, BatchSize = 512, Optimiser = OptimiserSettings.Adam(3e-3) }, progress, cancellation);
        return pdf;
    }

    /// <summary>Judges the pdf on events that it has not seen.</summary>
    /// <param name="pdf">The pdf.</param>
    /// <param name="events">How many events.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>The coverage of the base, in all and of each factor.</returns>
    public static BasePointReport Judge(Pdf<float> pdf, int events, TextWriter output)
    {
        var (truth, seen) = Detector.Simulate(events, seed: 2);
        var result = pdf.Evaluate(
            new ReadOnlyTensorSpan<float>(truth, [events, Detector.Truth]), new ReadOnlyTensorSpan<float>(seen, [events, Detector.Seen]));
        var points = new float[events * pdf.BaseColumns];
        result.BasePoint.FlattenTo(points);
        var report = ModelDiagnostics.OfBasePoints(
            Array.ConvertAll(points, point => (double)point), pdf.BaseColumns, [new NoiseFactor("energy", 0, 1), new NoiseFactor("direction", 1, 2)]);
        var sum = 0.0;
        foreach (var log in result.LogDensity)
            sum -= log / events;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"−ln p of {events} events: {sum:f3}"));
        output.WriteLine(report);
        return report;
    }
}
