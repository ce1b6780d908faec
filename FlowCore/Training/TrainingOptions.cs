using FlowCore.Statistics;

namespace FlowCore.Training;

/// <summary>How to train. Immutable; the default trains AdamW at 10⁻³ with a warm-up and a cosine.</summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// How many epochs at most; null to choose: as many as make about 10,000 steps, between 5 and 200, for a finite
    /// source, and 100 for an endless one.
    /// </summary>
    public int? Epochs { get; init; }

    /// <summary>
    /// The rows of a batch; null to choose: for a finite source the largest power of two that leaves 16 batches an
    /// epoch, between 64 and 1,024, and 1,024 for an endless one.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// The steps of an epoch; null for all rows of a finite source (the last batch takes the remainder). An endless
    /// source needs it; a finite one allows fewer than its batches.
    /// </summary>
    public int? StepsPerEpoch { get; init; }

    /// <summary>How many batches of an endless validation source make the validation loss.</summary>
    public int ValidationSteps { get; init; } = 10;

    /// <summary>
    /// v: the validation is evaluated at the ends of the epochs 0, v, 2v, … alone, at least 1. Early stopping, the best weights and schedules that look at the loss count
    /// validations, not epochs. With <see cref="StepsPerEpoch"/> = 1 an epoch is one step on a batch of its own, drawn without replacement.
    /// </summary>
    public int ValidationInterval { get; init; } = 1;

    /// <summary>The share of the rows that <c>Fit</c> on arrays holds out for validation, in [0, 1); 0 for none.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>The update rule and its base rate.</summary>
    public OptimiserSettings Optimiser { get; init; } = OptimiserSettings.AdamW();

    /// <summary>How the rate goes with the steps.</summary>
    public LearningRateSchedule Schedule { get; init; } = new WarmupCosineSchedule();

    /// <summary>The largest norm of the whole gradient; a longer one is scaled down to it. Null for no limit.</summary>
    public double? GradientClip { get; init; }

    /// <summary>When to end early: by default after 20 epochs without improvement. It counts only where there is validation data; null to run all epochs.</summary>
    public EarlyStopping? EarlyStopping { get; init; } = new();

    /// <summary>Is asked whether to end the run, on the thread of the training, with the same report that progress gets: true ends it as <see cref="TrainingOutcome.StoppedEarly"/>, the best weights included. Null for never.</summary>
    public Func<TrainingProgress, bool>? StopWhen { get; init; }

    /// <summary>Every so many steps of the run <see cref="StopWhen"/> is asked; 0 for the end of every epoch.</summary>
    public int StopInterval { get; init; }

    /// <summary>Whether the model ends with the weights of the epoch of the lowest validation loss. Without validation data the last weights stay.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>
    /// Validation losses that differ by less than this, in nats, are not told apart: of such epochs the latest counts as the
    /// best. On n rows two good models whose losses differ by δ are confused by noise of about √(2δ/n), so 2/n is a fair
    /// value where the learning rate falls to zero; 0, the default, always takes the lowest.
    /// </summary>
    public double ValidationResolution { get; init; }

    /// <summary>The seed of everything that is random: the split, the order of the rows, a generator's draws.</summary>
    public ulong Seed { get; init; }

    /// <summary>The file that holds the state of the run after every <see cref="CheckpointInterval"/> epochs and when cancelled; null for none. Its folder exists.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>The epochs from one checkpoint to the next, at least 1. The end of the run is always saved.</summary>
    public int CheckpointInterval { get; init; } = 1;

    /// <summary>Whether to go on from <see cref="CheckpointPath"/> where that file exists.</summary>
    public bool Resume { get; init; }

    /// <summary>Whatever else has to agree for a checkpoint to be resumed, for example a hash of the data or of a frozen base.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The file that the history is written to as JSON lines while the run goes; null for none. Its folder exists.</summary>
    public string? HistoryPath { get; init; }

    /// <summary>Every so many steps the step's loss enters the history; 0 for never.</summary>
    public int StepInterval { get; init; }

    /// <summary>
    /// Is handed every warning at once, on the thread of the training: by default <see cref="TrainingConsole.WriteWarning"/>, which prints it to standard error.
    /// Null for silence; the result and the history have the warnings anyhow.
    /// </summary>
    public Action<TrainingWarning>? Warn { get; init; } = TrainingConsole.WriteWarning;

    /// <summary>
    /// What says at every validation how normal the validation rows are as noise, with the band of a perfect model: it enters history, its file and the reports. The validation
    /// rows are in memory and have no weights, more than five of them; the base distribution is normal or a product of known ones. Early stopping does not look at them.
    /// </summary>
    public IReadOnlyList<NoiseMetric> Metrics { get; init; } = [];

    /// <summary>
    /// How far the numbers of layers that follow the data (<c>BatchNormalization</c>) move towards those of the batch after each step, in (0, 1]. With validation rows and a
    /// finite source they are those of all training rows at the end of an epoch.
    /// </summary>
    public double NormalizationMomentum { get; init; } = 0.1;

    /// <summary>
    /// d in [0, 1): validation, early stopping and the best epoch look at an exponential average of the weights, a ← d a + (1 − d) w after each step, and the model ends with it; the
    /// optimiser goes on with the weights themselves. In the first steps d is smaller, (1 + n) / (10 + n) after n. Null or 0 for none.
    /// </summary>
    public double? WeightAveraging { get; init; }

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    internal void Check()
    {
        if (Epochs < 1)
            throw new ArgumentOutOfRangeException(nameof(Epochs), Epochs, "Expected at least 1 epoch.");
        if (BatchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(BatchSize), BatchSize, "Expected at least 1 row.");
        if (StepsPerEpoch < 1)
            throw new ArgumentOutOfRangeException(nameof(StepsPerEpoch), StepsPerEpoch, "Expected at least 1 step.");
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationSteps, 1, nameof(ValidationSteps));
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationInterval, 1, nameof(ValidationInterval));
        if (!(ValidationFraction is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(ValidationFraction), ValidationFraction, "Expected a share in [0, 1).");
        ArgumentNullException.ThrowIfNull(Optimiser);
        ArgumentNullException.ThrowIfNull(Schedule);
        if (GradientClip is { } clip && !(clip > 0))
            throw new ArgumentOutOfRangeException(nameof(GradientClip), clip, "Expected a norm above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckpointInterval, 1, nameof(CheckpointInterval));
        if (!(ValidationResolution >= 0))
            throw new ArgumentOutOfRangeException(nameof(ValidationResolution), ValidationResolution, "Expected a difference of at least 0.");
        if (!(NormalizationMomentum is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(NormalizationMomentum), NormalizationMomentum, "Expected a number in (0, 1].");
        if (WeightAveraging is { } decay && !(decay is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(WeightAveraging), decay, "Expected a number in [0, 1).");
        ArgumentNullException.ThrowIfNull(Metrics);
        ArgumentNullException.ThrowIfNull(Fingerprint);
        ArgumentOutOfRangeException.ThrowIfNegative(StepInterval, nameof(StepInterval));
        ArgumentOutOfRangeException.ThrowIfNegative(StopInterval, nameof(StopInterval));
        if (Resume && CheckpointPath is null)
            throw new ArgumentException("Expected the path of a checkpoint to resume from, got none.", nameof(CheckpointPath));
    }
}
