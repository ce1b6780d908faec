using System.Globalization;
using System.Numerics.Tensors;
using FlowCore.Flows;
using FlowCore.Training;

namespace Mbank;

/// <summary>The same flow from values of a density: a correlated normal distribution inside a box, known up to its constant.</summary>
internal static class RegressionRun
{
    /// <summary>Trains and judges.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="output">Where the numbers are printed.</param>
    /// <param name="progress">Gets every report of the training; null for nobody.</param>
    /// <param name="cancellation">Ends the training, which keeps weights and history.</param>
    /// <returns>Everything that is saved; it owns the flow.</returns>
    public static RegressionRunResult Run(MbankOptions settings, TextWriter output, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var (x, values) = RegressionTarget.Draw(settings.Rows, settings.Seed);       // any rows that cover the region, and ln p + C of each

        var flow = BoundedFlow.Create<double>(new BoundedFlowSettings
        {
            Features = 2,
            Layers = settings.Layers,
            HiddenSizes = [settings.Hidden],
            Low = [-RegressionTarget.HalfWidth, -RegressionTarget.HalfWidth],
            High = [RegressionTarget.HalfWidth, RegressionTarget.HalfWidth],
            Seed = settings.Seed,
        });

        var options = new TrainingOptions
        {
            Epochs = settings.Steps,
            StepsPerEpoch = 1,
            BatchSize = settings.BatchSize,
            ValidationInterval = settings.ValidationStep,
            Optimiser = OptimiserSettings.Adam(settings.Rate),
            EarlyStopping = null,
            Seed = settings.Seed,
            HistoryPath = Path.Combine(settings.Output, "history.jsonl"),
        };
        var result = flow.FitLogDensity(x, values, settings.Loss, options: options, progress: progress, cancellationToken: cancellation);
        if (result.Training.Steps == 0)
            throw Stopped.BeforeTheFirstStep();

        var (fresh, truth) = RegressionTarget.Draw(settings.Rows, settings.Seed + 1);
        var volume = flow.LogVolumeElement(fresh, result.Constant);                  // ln p + C
        var difference = Tensor.Subtract<double>(volume, truth);
        var error = Math.Sqrt(Tensor.Average<double>(Tensor.Multiply<double>(difference, difference)));
        if (result.Training.Outcome == TrainingOutcome.Cancelled)
            output.WriteLine($"Stopped after {result.Training.Steps} of {settings.Steps} steps; weights and history are those of that moment.");
        Print(output, $"constant: {result.Constant:f5}; the logarithm of the true volume is {RegressionTarget.Constant:f5}");
        Print(output, $"ln p + C on fresh rows: off by {error:f5} nats (root mean square)");
        return new RegressionRunResult(flow, result, volume, truth, error) { Rows = (x, values) };
    }

    private static void Print(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
