namespace FlowCore.Inference;

/// <summary>How an expectation is estimated. Immutable.</summary>
public sealed record ExpectationOptions
{
    /// <summary>N, how many rows are drawn.</summary>
    public int Count { get; init; } = 100_000;

    /// <summary>The seed. Two calls with one seed have the same noise, so differences of two models are known far better than either (common random numbers).</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Whether the rows come in N/2 pairs of opposite noise: z and −z, or u and 1 − u. Odd functions of an affine flow then have no variance at all; even ones have twice
    /// the variance. Standard errors are those of the pairs.
    /// </summary>
    public bool Antithetic { get; init; }

    internal void Check()
    {
        if (Count < 2 || (Antithetic && (Count < 4 || Count % 2 != 0)))
            throw new ArgumentException($"Expected at least {(Antithetic ? "4 rows and an even number of them" : "2 rows")}, got {Count}.", nameof(Count));
    }
}
