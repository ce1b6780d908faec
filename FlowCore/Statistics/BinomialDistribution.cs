namespace FlowCore.Statistics;

/// <summary>The number of successes in n trials of probability p: its tails are incomplete beta integrals (Abramowitz and Stegun 1964, 26.5.24).</summary>
public static class BinomialDistribution
{
    /// <summary>P(K ≤ k).</summary>
    /// <param name="successes">k; below 0 the probability is 0.</param>
    /// <param name="trials">n, at least 0.</param>
    /// <param name="probability">p, in [0, 1].</param>
    /// <returns>A probability.</returns>
    public static double LowerTail(long successes, long trials, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        return successes < 0 ? 0
            : successes >= trials ? 1
            : SpecialFunctions.BetaTail(trials - successes, successes + 1.0, 1 - probability, probability, logarithm: false);
    }

    /// <summary>P(K ≥ k).</summary>
    /// <param name="successes">k; up to 0 the probability is 1.</param>
    /// <param name="trials">n, at least 0.</param>
    /// <param name="probability">p, in [0, 1].</param>
    /// <returns>A probability.</returns>
    public static double UpperTail(long successes, long trials, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        return successes <= 0 ? 1
            : successes > trials ? 0
            : SpecialFunctions.BetaTail(successes, trials - successes + 1.0, probability, 1 - probability, logarithm: false);
    }

    /// <summary>The smallest k with P(K ≤ k) ≥ q.</summary>
    /// <param name="q">In (0, 1).</param>
    /// <param name="trials">n, at least 0.</param>
    /// <param name="probability">p, in [0, 1].</param>
    /// <returns>The quantile.</returns>
    public static long Quantile(double q, long trials, double probability)
    {
        var (below, k) = (-1L, trials);
        while (k - below > 1)
        {
            var middle = below + ((k - below) / 2);
            (below, k) = LowerTail(middle, trials, probability) >= q ? (below, middle) : (middle, k);
        }

        return k;
    }

    /// <summary>
    /// The interval of probabilities p that k of n successes do not exclude: each end has at most (1 − confidence)/2 beyond
    /// (C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26, 1934).
    /// </summary>
    /// <param name="successes">k, in [0, n].</param>
    /// <param name="trials">n, at least 1.</param>
    /// <param name="confidence">The least coverage, in (0, 1).</param>
    /// <returns>The ends, in [0, 1].</returns>
    public static (double Lower, double Upper) ClopperPearson(long successes, long trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Expected a confidence in (0, 1).");
        var beyond = 0.5 * (1 - confidence);
        return (
            successes == 0 ? 0 : BetaDistribution.Quantile(successes, trials - successes + 1.0, beyond),
            successes == trials ? 1 : BetaDistribution.QuantileOfSurvival(successes + 1.0, trials - successes, beyond));
    }
}
