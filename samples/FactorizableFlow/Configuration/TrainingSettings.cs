namespace FactorizableFlow.Configuration;

/// <summary>How one model is trained: sections training.score and training.kin. Immutable.</summary>
public sealed record TrainingSettings
{
    /// <summary>Events a step; at least 1.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Epochs; at least 1.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps an epoch; at least 1.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>Peak learning rate; positive.</summary>
    public required double LearningRate { get; init; }

    /// <summary>adamw, adam, radam or sgd.</summary>
    public string Optimizer { get; init; } = "adamw";

    /// <summary>Weight decay; at least 0.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>warmup_cosine, constant, step, exponential or plateau.</summary>
    public string Schedule { get; init; } = "warmup_cosine";

    /// <summary>Steps of the linear warm-up; null for one epoch.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>Largest norm of the gradient; 0 switches clipping off.</summary>
    public double GradientClip { get; init; } = 10;

    /// <summary>Stops after this many epochs without a better validation loss; 0 never stops early.</summary>
    public int EarlyStopping { get; init; }

    /// <summary>Fresh events of the validation loss after each epoch; at least 1.</summary>
    public int ValidationEvents { get; init; } = 20_000;

    /// <summary>Whether the model of the best epoch is saved rather than the last one.</summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>
    /// Factor on the widths of x in half of the score's training events; at least 1, which switches it off. p(y | class, x)
    /// does not depend on how x is drawn, so the score learns it also where shifted and squeezed x go.
    /// </summary>
    public double ContextWidening { get; init; } = 1;

    /// <summary>
    /// Whether a template of a residual and its opposite, at −ν, are drawn with the same random numbers, as variations of
    /// one simulated sample are. Their noise then largely cancels in the gradient of the odd terms.
    /// </summary>
    public bool CommonRandomNumbers { get; init; } = true;
}
