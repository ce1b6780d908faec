using System.Globalization;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Statistics;
using FlowCore.Training;

namespace Mbank;

/// <summary>The page of mbank.flow: a flow inside a box learns Exp(1) × N(0, 1) from samples.</summary>
internal static class PageRun
{
    /// <summary>Trains, samples and judges.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="output">Where the numbers are printed.</param>
    /// <param name="progress">Gets every report of the training; null for nobody.</param>
    /// <param name="cancellation">Ends the training, which keeps weights and history.</param>
    /// <returns>Everything that is saved; it owns the flow.</returns>
    public static PageResult Run(MbankOptions settings, TextWriter output, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var data = PageData.Draw(settings.Rows, settings.Seed);                      // [rows, 2], row-major
        var cut = 2 * (settings.Rows - (settings.Rows / 10));
        var (trainRows, validationRows) = (data[..cut], data[cut..]);

        var flow = BoundedFlow.Create<float>(features: 2, settings.Layers, settings.Hidden, settings.Seed);

        var options = new TrainingOptions
        {
            Epochs = settings.Steps,
            StepsPerEpoch = 1,                                                       // one step on a batch drawn without replacement
            BatchSize = settings.BatchSize,
            ValidationInterval = settings.ValidationStep,
            Optimiser = OptimiserSettings.Adam(settings.Rate),
            Schedule = new ConstantSchedule(),
            EarlyStopping = null,
            RestoreBest = false,
            Seed = settings.Seed,
            Metrics = [settings.Metric],                                             // of the validation rows as noise
            HistoryPath = Path.Combine(settings.Output, "history.jsonl"),
        };
        var frames = new FrameWatch(flow, trainRows, settings.Frames, settings.Output, progress);
        var result = flow.Fit(
            new ArrayData<float>(trainRows, 2), options, new ArrayData<float>(validationRows, 2), progress: frames, cancellationToken: cancellation);
        if (result.Steps == 0)
            throw Stopped.BeforeTheFirstStep();

        var samples = flow.Sample(1000, seed: settings.Seed);                        // [1000, 2], strictly inside the box
        var logDensity = flow.LogDensity(samples);                                   // [1000]
        var (noise, _) = flow.ToNoise(samples);                                      // [1000, 2], standard normal

        var final = NoiseMetrics.Evaluate(settings.Metric, ModelDiagnostics.Noise<float>(flow, validationRows), features: 2);
        var divergence = Divergence(flow, PageData.Draw(settings.Rows, settings.Seed + 1), out var outside);
        if (result.Outcome == TrainingOutcome.Cancelled)
            output.WriteLine($"Stopped after {result.Steps} of {settings.Steps} steps; weights and history are those of that moment.");
        Print(output, $"loss of the last validation: {result.ValidationLoss:f4} nats, {result.ValidationLoss - PageData.Entropy:f4} above the entropy of the data, {PageData.Entropy:f4}");
        Print(output, $"KL(data || flow) on fresh rows: {divergence:f4} nats; {outside} of {settings.Rows} lie outside the box");
        output.WriteLine(MetricText.Describe(settings.Metric, final));
        return new PageResult(flow, settings, result, final, divergence) { Samples = samples, LogDensity = logDensity, Noise = noise, TrainRows = trainRows };
    }

    // The mean of ln p_true − ln p of rows that the flow has not seen, those outside its box left out.
    private static double Divergence(Flow<float> flow, float[] rows, out int outside)
    {
        var logDensity = new float[rows.Length / 2];
        flow.LogDensity(rows, logDensity);
        var sum = 0.0;
        outside = 0;
        for (var i = 0; i < logDensity.Length; i++)
        {
            if (float.IsNegativeInfinity(logDensity[i]))
                outside++;
            else
                sum += PageData.LogDensity(rows.AsSpan(2 * i, 2)) - logDensity[i];
        }

        return sum / (logDensity.Length - outside);
    }

    private static void Print(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
