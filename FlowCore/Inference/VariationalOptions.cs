using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>How a flow is fitted to a target. Immutable.</summary>
public sealed record VariationalOptions
{
    /// <summary>How the gradient is estimated.</summary>
    public GradientEstimator Estimator { get; init; } = GradientEstimator.Path;

    /// <summary>How the target is made easier at first; by default not at all.</summary>
    public Annealing Annealing { get; init; } = Annealing.None;

    /// <summary>How many steps, at least 1; rounded up to whole epochs.</summary>
    public int Steps { get; init; } = 5000;

    /// <summary>The steps of an epoch, after which the flow is validated.</summary>
    public int StepsPerEpoch { get; init; } = 100;

    /// <summary>The draws of a step.</summary>
    public int BatchSize { get; init; } = 1024;

    /// <summary>
    /// n: how many draws judge the flow after every epoch. Their noise is the same each time, so two epochs differ by the flow alone. The least of a mean over fixed noise lies beside that of the
    /// divergence, so losses closer than 2/n count as equal, and of such epochs the latest as the best, unless <see cref="TrainingOptions.ValidationResolution"/> says otherwise.
    /// </summary>
    public int ValidationCount { get; init; } = 16_384;

    /// <summary>How many draws the report at the end is made of.</summary>
    public int ReportCount { get; init; } = 10_000;

    /// <summary>The seed of all noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Everything else of the training: optimiser, schedule, clipping, early stopping, checkpoints, warnings. Its epochs, steps, batch, validation and seed are those above. By default Adam at
    /// 10⁻³ with warm-up and cosine, gradients clipped at 10, no early stopping.
    /// </summary>
    public TrainingOptions Training { get; init; } = new() { Optimiser = OptimiserSettings.Adam(1e-3), GradientClip = 10, EarlyStopping = null };

    /// <summary>The options of the trainer.</summary>
    internal TrainingOptions ForTrainer()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(StepsPerEpoch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(ValidationCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReportCount, 2);
        ArgumentNullException.ThrowIfNull(Annealing);
        ArgumentNullException.ThrowIfNull(Training);
        if (!Enum.IsDefined(Estimator))
            throw new ArgumentOutOfRangeException(nameof(Estimator), Estimator, "There is no such estimator.");
        var perEpoch = Math.Min(StepsPerEpoch, Steps);
        return Training with
        {
            Epochs = (Steps + perEpoch - 1) / perEpoch,
            StepsPerEpoch = perEpoch,
            BatchSize = BatchSize,
            ValidationSteps = (ValidationCount + BatchSize - 1) / BatchSize,
            Seed = Seed,
            ValidationResolution = Training.ValidationResolution > 0 ? Training.ValidationResolution : 2.0 / ValidationCount,
            Fingerprint = $"{Training.Fingerprint} {Estimator}, {Annealing.Description}",
        };
    }
}
