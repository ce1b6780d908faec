using FlowCore.Fitting;
using FlowCore.Training;

namespace FlowCore.Templates;

/// <summary>What may be said to <see cref="Response"/>'s fit beside the templates. Everything has a default that is meant to be right; immutable.</summary>
public sealed record ResponseFitOptions
{
    /// <summary>The names of the nuisances, for reports; null for "ν0", "ν1", ….</summary>
    public IReadOnlyList<string>? NuisanceNames { get; init; }

    /// <summary>
    /// The order of the polynomial in each nuisance, 1 or 2; null for the highest that the templates determine. An order that they do not determine is refused.
    /// </summary>
    public int? Order { get; init; }

    /// <summary>The pairs (i, j), i &lt; j, of nuisances that interact; null for those that the templates determine. A pair that they do not determine is refused.</summary>
    public IReadOnlyList<(int First, int Second)>? CrossTerms { get; init; }

    /// <summary>The layers of the residual; null for one of one feature and two of more.</summary>
    public int? Layers { get; init; }

    /// <summary>The units of each hidden layer of the networks, one for each nuisance and each pair; null for two layers of 32, of 64 from 200,000 rows on, and three of 128 from 500,000 rows on.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>How the density of the nominal events is fitted where there is none; null for the defaults. Its seed, log and progress are those of this fit.</summary>
    public DensityFitOptions? Base { get; init; }

    /// <summary>How the residual is trained; null for a schedule by the size of the problem: AdamW with warm-up and a cosine to zero, and the weights of the best epoch.</summary>
    public TrainingOptions? Training { get; init; }

    /// <summary>The share of each template's rows that the training is validated on, in (0, 0.4].</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>The share of each template's rows that the training never sees and the closure is measured on, in (0, 0.4].</summary>
    public double ClosureFraction { get; init; } = 0.1;

    /// <summary>How many rows of a template the closure compares at most, at least 200: the work of all distances grows with the square.</summary>
    public int ClosureRows { get; init; } = 4000;

    /// <summary>Where the state of the fit is kept, to go on from where it was cancelled or killed; null for nowhere. Its folder exists.</summary>
    /// <remarks>Each run of base and residual has its own file; <see cref="CheckpointFiles"/> has their names. They stay where they are when the fit is over.</remarks>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// Whether to go on from the files of <see cref="CheckpointPath"/>; where there are none the fit begins. It ends in the bits of a fit that was never interrupted. Files of another
    /// fit, of other rows or another base, are refused.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>The files that a fit with <see cref="CheckpointPath"/> may write; empty without one.</summary>
    public IReadOnlyList<string> CheckpointFiles => [.. BaseCheckpoints.CheckpointFiles, .. ResidualCheckpoints.CheckpointFiles];

    /// <summary>The seed of everything that is random.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where what is done and found is written, line by line; standard error by default, null for nowhere. The result has the same lines.</summary>
    public TextWriter? Log { get; init; } = Console.Error;

    /// <summary>Receives a report after every step and every epoch of the training; null for none.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>What the fit of the base is told of seed and checkpoints.</summary>
    public DensityFitOptions BaseCheckpoints => (Base ?? new DensityFitOptions()) with
    {
        Seed = Seed,
        CheckpointPath = CheckpointPath is { } path ? Path.ChangeExtension(path, $".base{Path.GetExtension(path)}") : null,
        Resume = Resume,
    };

    /// <summary>What the training of the residual is told of them.</summary>
    internal DensityFitOptions ResidualCheckpoints => new() { Seed = Seed, CheckpointPath = CheckpointPath, Resume = Resume };

    /// <summary>Checks the numbers that do not depend on the templates.</summary>
    internal void Check()
    {
        if (Order is { } order and not (1 or 2))
            throw new ArgumentException($"Expected a polynomial of order 1 or 2, got {order}: the response has linear and quadratic terms.", nameof(Order));
        if (Layers is { } layers)
            ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1, nameof(Layers));
        if (!(ValidationFraction is > 0 and <= 0.4))
            throw new ArgumentOutOfRangeException(nameof(ValidationFraction), ValidationFraction, "Expected a share in (0, 0.4].");
        if (!(ClosureFraction is > 0 and <= 0.4))
            throw new ArgumentOutOfRangeException(nameof(ClosureFraction), ClosureFraction, "Expected a share in (0, 0.4].");
        ArgumentOutOfRangeException.ThrowIfLessThan(ClosureRows, 200, nameof(ClosureRows));
        if (Resume && CheckpointPath is null)
            throw new ArgumentException("Expected the path of a checkpoint to resume from, got none.", nameof(CheckpointPath));
    }
}
