using FlowCore.Flows;
using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>What may be said to <see cref="Density"/>'s fit beside the samples. Everything has a default that is meant to be right; immutable.</summary>
public sealed record DensityFitOptions
{
    /// <summary>The runs that a fit consists of at most.</summary>
    internal const int MostRuns = 5;

    /// <summary>Where each feature lives; null for real numbers. Nothing but what is said here is applied; what the data looks like is suggested.</summary>
    public IReadOnlyList<Support>? Supports { get; init; }

    /// <summary>The seed of everything that is random: weights, validation split, order of the rows, dequantisation.</summary>
    public ulong Seed { get; init; }

    /// <summary>The flow behind the chart; null for the one of <see cref="Flow.Recommended"/>. Its features and context are the data's.</summary>
    public NeuralSplineFlowSettings? Flow { get; init; }

    /// <summary>The name of a flow of <see cref="ReadyMadeFlows"/>, with its defaults, to stand behind the chart instead; null for none. Not together with <see cref="Flow"/>.</summary>
    public string? ReadyMade { get; init; }

    /// <summary>What to call the features in sentences; null for their numbers.</summary>
    public IReadOnlyList<string>? FeatureNames { get; init; }

    /// <summary>What to call the columns of the context in sentences; null for their numbers.</summary>
    public IReadOnlyList<string>? ContextNames { get; init; }

    /// <summary>The share of the rows that is held out for validation where <see cref="Training"/> is null, above 0 and below 1.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Where the state of the fit is kept, to go on from where it was cancelled or killed; null for nowhere. Its folder exists.</summary>
    /// <remarks>A fit consists of several runs, each of which has its own file; <see cref="CheckpointFiles"/> has their names. They stay where they are when the fit is over.</remarks>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// Whether to go on from the files of <see cref="CheckpointPath"/>; where there are none the fit begins. It ends in the bits of a fit that was never interrupted. Files of another
    /// fit, of other rows or options, are refused.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>The files that a fit with <see cref="CheckpointPath"/> may write; empty without one.</summary>
    public IReadOnlyList<string> CheckpointFiles => CheckpointPath is { } path
        ? [.. Enumerable.Range(0, MostRuns).Select(run => Path.ChangeExtension(path, $".{run}{Path.GetExtension(path)}"))]
        : [];

    /// <summary>How to train; null for a schedule by the size of the problem: AdamW with warm-up and a cosine to zero over all of the run, and the weights of the best epoch.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>Where to compute; null for <see cref="Device.Cpu"/>.</summary>
    public Device? Device { get; init; }

    /// <summary>Where what is applied, suggested and warned of is written, line by line; standard error by default, null for nowhere. The result has the same lines.</summary>
    public TextWriter? Log { get; init; } = Console.Error;

    /// <summary>Receives a report after every step and every epoch of the training; null for none.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }
}
