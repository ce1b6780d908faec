using System.Globalization;
using System.Numerics.Tensors;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Statistics;
using FlowCore.Training;
using FlowCore.Transforms;

namespace Mbank;

/// <summary>Trains a flow on the rows of a file, as mbank's program of this name does, or reads it, and judges it.</summary>
internal static class TrainFlowRun
{
    /// <summary>Does it.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="output">Where the numbers are printed.</param>
    /// <param name="progress">Gets every report of the training; null for nobody.</param>
    /// <param name="cancellation">Ends the training, which keeps weights and history.</param>
    /// <returns>Everything that is saved; it owns the flow.</returns>
    /// <exception cref="ArgumentException">Settings and rows do not fit together.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static TrainFlowResult Run(TrainFlowOptions options, TextWriter output, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var data = TrainFlowData.Read(options);
        Print(output, $"{data.Count} rows of {data.Features} features; {data.NotFinite} with a number that is none and {data.Outside} outside the boundaries were left out");
        if (data.Count < 10)
            throw new ArgumentException($"Expected at least 10 rows, got {data.Count}.");
        Directory.CreateDirectory(options.RunFolder);
        var flow = options.Loads ? Load(options.FlowFile, out var constant) : Create(options, data, out constant);
        try
        {
            if (flow.Features != data.Features)
                throw new ArgumentException($"Expected a flow of {data.Features} features in {options.FlowFile}, got one of {flow.Features}.");
            TrainingResult? training = null;
            if (!options.Loads)
                training = Train(flow, data, options, progress, cancellation, ref constant);
            if (training is { Outcome: TrainingOutcome.Cancelled })
                Print(output, $"Stopped after {training.Steps} of {options.Epochs} steps; weights and history are those of that moment.");
            if (training is { Outcome: TrainingOutcome.StoppedEarly })
                Print(output, $"Stopped after {training.Steps} steps: {options.Patience} validations in a row were no better.");
            Judge(flow, data, options, training?.History, output, ref constant);
            return new TrainFlowResult(flow, options, data, training, constant);
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    private static Flow<float> Load(string path, out double? constant)
    {
        var tensors = TensorFile.FormatOf(path) == FileFormat.Safetensors ? SafetensorsFile.Read(path) : PyTorchStateDict.Read(path).Tensors;
        constant = ModelFile.IsModel(tensors) ? null : StateDictionary.Constant(tensors);
        return ModelFile.IsModel(tensors) ? ModelFile.FlowFromArchive<float>(tensors) : StateDictionary.ReadFlow<float>(tensors);
    }

    private static Flow<float> Create(TrainFlowOptions options, TrainFlowData data, out double? constant)
    {
        constant = null;
        var settings = new BoundedFlowSettings { Features = data.Features, Layers = options.Layers, HiddenSizes = options.Hidden, Seed = options.Seed };
        if (options.IgnoresBoundaries || options.Boundaries.Count == 0)
            return BoundedFlow.Create<float>(settings);

        // A little wider, so that rows on the boundaries lie inside, as where the rows set the ends.
        var (low, high) = (new double[data.Features], new double[data.Features]);
        for (var j = 0; j < data.Features; j++)
        {
            (low[j], high[j]) = (options.Boundaries[2 * j], options.Boundaries[(2 * j) + 1]);
            var margin = Box<float>.DefaultMargin * (high[j] - low[j]);
            (low[j], high[j]) = (low[j] - margin, high[j] + margin);
        }

        return BoundedFlow.Create<float>(settings with { Low = low, High = high });
    }

    private static TrainingResult Train(
        Flow<float> flow, TrainFlowData data, TrainFlowOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancellation, ref double? constant)
    {
        var samples = options.Loss == TrainFlowLoss.ForwardDivergence;
        var training = new TrainingOptions
        {
            Epochs = options.Epochs,
            StepsPerEpoch = 1,                                                       // one step on a batch drawn without replacement
            BatchSize = options.BatchSize,
            ValidationInterval = options.ValidationStep,
            ValidationFraction = 1 - options.TrainFraction,
            Optimiser = OptimiserSettings.Adam(options.Rate),
            Schedule = new PlateauSchedule(0.5, patience: 4, threshold: 0.02, isRelative: true),
            EarlyStopping = new EarlyStopping(options.Patience, options.MinimumImprovement, EarlyStoppingRule.FromLowest),
            Metrics = samples ? [options.Metric] : [],
            Seed = options.Seed,
            HistoryPath = Path.Combine(options.RunFolder, "history.jsonl"),
        };
        var frames = new FrameWatch(flow, data.X, options.Frames, options.RunFolder, progress);
        TrainingResult result;
        if (samples)
        {
            result = flow.Fit(new ArrayData<float>(data.X, data.Features), training, frames, cancellation);
        }
        else
        {
            var loss = options.Loss == TrainFlowLoss.Weighted ? RegressionLoss.Weighted : RegressionLoss.Mean;
            var (x, values) = (Tensor.Create(data.X, [data.Count, data.Features]), Tensor.Create(data.LogDensities, [data.Count]));
            var regression = flow.FitLogDensity(x, values, loss, options: training, progress: frames, cancellationToken: cancellation);
            (result, constant) = (regression.Training, regression.Constant);
        }

        if (result.Steps == 0)
            throw Stopped.BeforeTheFirstStep();
        return result;
    }

    // Samples are judged by those that were held out, or by all of them where nothing was trained. Of the density of samples that is given too, C is what
    // their logarithms are above the flow's, in the middle.
    private static void Judge(Flow<float> flow, TrainFlowData data, TrainFlowOptions options, TrainingHistory? history, TextWriter output, ref double? constant)
    {
        if (options.Loss == TrainFlowLoss.ForwardDivergence)
        {
            output.WriteLine(history is { Metrics: [.., var last] }
                ? $"Last validation, {MetricText.Describe(last.Metric, last.Result)}"
                : MetricText.Describe(options.Metric, NoiseMetrics.Evaluate(options.Metric, ModelDiagnostics.Noise<float>(flow, data.X), data.Features)));
        }

        if (data.LogDensities.Length == 0)
            return;
        var density = new float[data.Count];
        flow.LogDensity(data.X, density);
        double[] offsets = [.. density.Select((ln, i) => (double)data.LogDensities[i] - ln).Where(double.IsFinite).Order()];
        if (offsets.Length == 0)
            throw new ArgumentException("Expected rows inside the box of the flow, got none.");
        var c = constant ??= 0.5 * (offsets[(offsets.Length - 1) / 2] + offsets[offsets.Length / 2]);
        Print(output, $"log10 of the volume of the space: {c / Math.Log(10):f4}");
        Print(output, $"ln p + C: off by {Math.Sqrt(offsets.Average(offset => (offset - c) * (offset - c))):f4} nats (root mean square); {data.Count - offsets.Length} rows lie outside the box");
    }

    private static void Print(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
