using System.Globalization;
using System.Numerics.Tensors;
using FlowCore.Diagnostics;
using FlowCore.Encoders;
using FlowCore.Manifolds;
using FlowCore.Training;
using Plotting;

namespace ManifoldsSample;

/// <summary>Starting point, energy and direction of a track from its hits: p(r, ln E, n | hits) on e4 ⊗ s2 behind an encoder, with its coverage.</summary>
internal static class TrackStudy
{
    /// <summary>Trains encoder and pdf together.</summary>
    /// <param name="events">How many simulated events.</param>
    /// <param name="epochs">How many epochs.</param>
    /// <param name="progress">Who is told; null for nobody.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <returns>The model.</returns>
    public static ConditionalPdf<float> Train(int events, int epochs, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var (truth, seen) = TrackDetector.Simulate(events, seed: 1);
        var encoder = new HitEncoder<float>(TrackDetector.Layout, units: 48, outputs: 24);
        var pdf = PdfPresets.Create<float>("e4+s2", new PdfOptions { ConditionColumns = [encoder.Outputs], NetworkSizes = ["64"] });
        pdf.Start(new ReadOnlyTensorSpan<float>(truth, [events, TrackDetector.Truth]));
        var model = new ConditionalPdf<float>(encoder, pdf);

        var (training, validation) = new RaggedData<float>(truth, TrackDetector.Truth, seen, TrackDetector.Layout).Split(0.1, seed: 1);
        model.Fit(training, new TrainingOptions { Epochs = epochs, BatchSize = 256, Optimiser = OptimiserSettings.Adam(3e-3) }, validation, progress: progress, cancellationToken: cancellation);
        return model;
    }

    /// <summary>Judges the model on events that it has not seen.</summary>
    /// <param name="model">The model.</param>
    /// <param name="events">How many events.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>The coverage of the base, in all and of each factor.</returns>
    public static BasePointReport Judge(ConditionalPdf<float> model, int events, TextWriter output)
    {
        var (truth, seen) = TrackDetector.Simulate(events, seed: 2);
        var codes = model.Encode(seen.ToRows(TrackDetector.Layout));
        var result = model.Head.Evaluate(
            new ReadOnlyTensorSpan<float>(truth, [events, TrackDetector.Truth]), new ReadOnlyTensorSpan<float>(codes, [events, model.Encoder.Outputs]));
        var points = new float[events * model.Head.BaseColumns];
        result.BasePoint.FlattenTo(points);
        var report = ModelDiagnostics.OfBasePoints(
            Array.ConvertAll(points, point => (double)point), model.Head.BaseColumns, [new NoiseFactor("place and energy", 0, 4), new NoiseFactor("direction", 4, 2)]);
        var logs = new float[events];
        result.LogDensity.FlattenTo(logs);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"−ln p of {events} events: {-logs.Average():f3}"));
        output.WriteLine(report);
        return report;
    }

    /// <summary>All that is known of one event: regions of every pair and the marginals, with the truth.</summary>
    /// <param name="model">The trained model.</param>
    /// <returns>The figure.</returns>
    public static Figure Joint(ConditionalPdf<float> model)
    {
        var (truth, seen) = TrackDetector.Simulate(1, seed: 4);
        var code = model.Encode(seen.ToRows(TrackDetector.Layout));
        return JointFigure.Pairs(
            model.Head, FormattableString.Invariant($"A track of {seen.CountOf(0)} hits: regions of 50, 90 and 99 %, and the truth"), ["x", "y", "z", "ln E", "cos θ", "φ"], code, truth);
    }
}
