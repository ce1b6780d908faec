using System.Globalization;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>
/// The training of a fit: runs of growing length from the same fresh weights, each with a warm-up and a cosine to zero, as long as the
/// validation loss falls.
/// </summary>
/// <remarks>
/// How long is long enough depends on the density, and too long overfits: a rate of zero at the end of every run makes their losses
/// comparable. The first run is made twice, with weak and with strong weight decay, and the others follow the better one. A challenger, which starts from the data,
/// competes where it is ahead of these two before its first step; of the two models the one that is ahead goes on.
/// </remarks>
/// <param name="flow">The fresh model.</param>
/// <param name="training">The rows to train on.</param>
/// <param name="validation">The rows to validate on.</param>
/// <param name="fit">The seed of the orders of the rows, and where checkpoints go.</param>
/// <param name="fingerprint">Of the data, for the checkpoints.</param>
/// <param name="report">Where to say what was done.</param>
internal sealed class FitCycles<T>(DensityModel<T> flow, ITrainingData<T> training, ITrainingData<T> validation, DensityFitOptions fit, string fingerprint, FitReport report)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostFirstEpochs = 20;

    // Two models that lie δ nats apart have losses over n rows whose difference has the deviation √(2δ/n): δ is twice that from 8/n on.
    private const double Significance = 8;

    // Checkpoints of a run: one costs as much as some steps.
    private const int Checkpoints = 20;

    // Epochs times parameters of the longest run: 40 epochs of the flow for 20 features take some seconds, 120 would take half a minute.
    private const double LargestRun = 1e7;

    private bool _isChallengerAhead;

    private readonly RandomStream _stream = new RandomStream(fit.Seed).Substream(1UL << 34);

    /// <summary>How long the runs are.</summary>
    public FitSchedule Schedule { get; init; } = new();

    /// <summary>A model that is good before its training; null for none. It keeps the flow's own shape.</summary>
    public DensityModel<T>? Challenger { get; init; }

    /// <summary>After the run: the flow or the challenger, with the best weights of all its runs.</summary>
    public DensityModel<T> Chosen => _isChallengerAhead ? Challenger! : flow;

    /// <summary>After the run: whether the challenger was chosen as it came, because training brought it nothing.</summary>
    public bool IsAsItCame { get; private set; }

    /// <summary>Trains.</summary>
    public TrainingResult Run(IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var (rows, held) = (training.Rows!.Value, validation.Rows!.Value);
        var batch = (int)Math.Clamp(BitOperations.RoundUpToPowerOf2(((ulong)rows / 384) + 1), 32, (ulong)Schedule.LargestBatch);
        var stepsPerEpoch = (rows + batch - 1) / batch;
        var epochs = Math.Clamp((int)Math.Round((double)Schedule.FirstSteps / stepsPerEpoch), 1, MostFirstEpochs);

        var start = Weights(flow);
        var best = start;
        TrainingResult? result = null;
        var decay = 0.0;
        for (var i = 0; i < Schedule.WeightDecays.Count; i++)
        {
            Write(flow, start);
            var candidate = Schedule.WeightDecays[i];
            var trial = Train(flow, candidate, epochs, 0, i);
            if (result is null || trial.BestValidationLoss < result.BestValidationLoss)
                (result, best, decay) = (trial, Weights(flow), candidate);
            if (trial.Outcome == TrainingOutcome.Cancelled)
                break;
        }

        var total = epochs * Schedule.WeightDecays.Count;
        var first = 0;
        if (Challenger is { } challenger && result!.Outcome != TrainingOutcome.Cancelled)
        {
            var own = Weights(challenger);
            var loss = LossOf(challenger);
            if (loss < result.BestValidationLoss)
            {
                (_isChallengerAhead, start, first) = (true, own, 1);
                var trial = Train(challenger, decay, Math.Max(1, (int)Math.Min(epochs * Schedule.Lengths[0], LargestRun / flow.Parameters.Length)), 1, DensityFitOptions.MostRuns - 1);
                total += trial.Epochs;
                IsAsItCame = !(trial.BestValidationLoss < loss - (Significance / held));
                (result, best) = IsAsItCame ? (trial with { BestEpoch = null, BestValidationLoss = loss }, own) : (trial, Weights(challenger));
            }
        }

        for (var i = first; i < Schedule.Lengths.Count && !IsAsItCame && result!.Outcome != TrainingOutcome.Cancelled && (double)epochs * Schedule.Lengths[i] * flow.Parameters.Length <= LargestRun; i++)
        {
            Write(Chosen, start);
            var next = Train(Chosen, decay, epochs * Schedule.Lengths[i], i + 1, Schedule.WeightDecays.Count + i);
            total += next.Epochs;
            if (!(next.BestValidationLoss < result.BestValidationLoss))
                break;
            (result, best) = (next, Weights(Chosen));
        }

        Write(Chosen, best);

        // What was cancelled may have been another run than the best.
        if (cancellationToken.IsCancellationRequested)
            result = result! with { Outcome = TrainingOutcome.Cancelled };
        var outcome = IsAsItCame ? "none better than the base that the rows gave" : string.Create(CultureInfo.InvariantCulture, $"the best run {result!.Epochs} epochs long with weight decay {decay}");
        report.Apply(string.Create(CultureInfo.InvariantCulture, $"Training: {total} epochs in batches of {batch}, {outcome}, by {held} rows that were held out."));
        return result!;

        TrainingResult Train(DensityModel<T> model, double weightDecay, int length, int cycle, int run)
        {
            using var trainer = new Trainer<T>(model, training, Options(weightDecay, length, cycle, run), validation);
            return trainer.Run(progress, cancellationToken);
        }

        double LossOf(DensityModel<T> model)
        {
            using var trainer = new Trainer<T>(model, training, Options(0, 1, 1, run: null), validation);
            return trainer.Validate();
        }

        TrainingOptions Options(double weightDecay, int length, int cycle, int? run) => new()
        {
            Epochs = length,
            BatchSize = batch,
            Optimiser = OptimiserSettings.AdamW(Schedule.LearningRate, weightDecay: weightDecay),
            EarlyStopping = null,
            ValidationResolution = 2.0 / held,
            // The data has been looked at before they were brought to these coordinates.
            Warn = null,
            Seed = _stream.Substream((ulong)cycle).Seed,
            CheckpointPath = fit.CheckpointPath is null || run is null ? null : fit.CheckpointFiles[run.Value],
            CheckpointInterval = Math.Max(1, length / Checkpoints),
            Resume = fit.Resume && run is not null,
            Fingerprint = fingerprint,
        };
    }

    private static T[][] Weights(DensityModel<T> model)
    {
        var weights = new T[model.Parameters.Parameters.Count][];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = new T[model.Parameters.Parameters[i].Length];
            model.Parameters.Parameters[i].Read(weights[i]);
        }

        return weights;
    }

    private static void Write(DensityModel<T> model, T[][] weights)
    {
        for (var i = 0; i < weights.Length; i++)
            model.Parameters.Parameters[i].Write(weights[i]);
    }
}
