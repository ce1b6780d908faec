using FlowCore.Compute;

namespace FlowCore.Diagnostics;

/// <summary>How two samples are compared. Immutable.</summary>
public sealed record TwoSampleOptions
{
    /// <summary>Random relabellings beside the true one: p-values are multiples of 1/(B + 1). At least 1.</summary>
    public int Permutations { get; init; } = 499;

    /// <summary>The seed of the relabellings, directions and networks.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// The rows of a sample up to which all pairs are taken by energy and MMD; larger samples are cut at random into blocks of a quarter of this, whose
    /// statistics are averaged: linear work, and less power.
    /// </summary>
    public int LargestPairs { get; init; } = 4096;

    /// <summary>The bandwidth of the kernel of MMD, in standard deviations of the pooled columns; 0 for the median distance of pairs.</summary>
    public double Bandwidth { get; init; }

    /// <summary>Directions of the sliced test.</summary>
    public int Directions { get; init; } = 128;

    /// <summary>Whether the columns are standardised jointly first.</summary>
    public bool Standardise { get; init; } = true;

    /// <summary>Whose workers compute; null for <see cref="Device.Cpu"/>.</summary>
    public Device? Device { get; init; }

    /// <summary>Checks the numbers.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Permutations, 1, nameof(Permutations));
        ArgumentOutOfRangeException.ThrowIfLessThan(LargestPairs, 8, nameof(LargestPairs));
        ArgumentOutOfRangeException.ThrowIfLessThan(Directions, 1, nameof(Directions));
        if (!(Bandwidth >= 0 && double.IsFinite(Bandwidth)))
            throw new ArgumentOutOfRangeException(nameof(Bandwidth), Bandwidth, "Expected a finite bandwidth above 0, or 0 to choose.");
    }
}
