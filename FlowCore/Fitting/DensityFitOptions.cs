using FlowCore.Flows;
using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>What may be said to <see cref="Density"/>'s fit beside the samples. Everything has a default that is meant to be right; immutable.</summary>
public sealed record DensityFitOptions
{
    /// <summary>Where each feature lives; null for real numbers. Nothing but what is said here is applied; what the data looks like is suggested.</summary>
    public IReadOnlyList<Support>? Supports { get; init; }

    /// <summary>The seed of everything that is random: weights, validation split, order of the rows, dequantisation.</summary>
    public ulong Seed { get; init; }

    /// <summary>The flow behind the chart; null for the one of <see cref="Flow.Recommended"/>. Its features and context are the data's.</summary>
    public NeuralSplineFlowSettings? Flow { get; init; }

    /// <summary>How to train; null for a schedule by the size of the problem: AdamW with warm-up and a cosine to zero over all of the run, and the weights of the best epoch.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>Where to compute; null for <see cref="Device.Cpu"/>.</summary>
    public Device? Device { get; init; }

    /// <summary>Where what is applied, suggested and warned of is written, line by line; standard error by default, null for nowhere. The result has the same lines.</summary>
    public TextWriter? Log { get; init; } = Console.Error;

    /// <summary>Receives a report after every step and every epoch of the training; null for none.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }
}
