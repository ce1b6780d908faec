namespace FlowCore.Statistics;

/// <summary>The limit of √n times the largest distance of an empirical distribution function from the true one (A. Kolmogorov, 1933).</summary>
/// <remarks>To some ε: the alternating series from 1 on, its theta-function partner below (W. Feller, "On the Kolmogorov-Smirnov limit theorems", 1948).</remarks>
public static class KolmogorovDistribution
{
    private const double LogTwo = 0.69314718055994530942;

    /// <summary>P(√n D ≤ λ).</summary>
    /// <param name="lambda">λ.</param>
    /// <returns>A probability.</returns>
    public static double Cdf(double lambda)
    {
        if (lambda <= 0)
            return 0;
        if (lambda >= 1)
            return 1 - Survival(lambda);
        var sum = 0.0;
        for (var odd = 7; odd > 0; odd -= 2)
            sum += Math.Exp(-odd * odd * (Math.PI * Math.PI / 8) / (lambda * lambda));
        return Math.Sqrt(2 * Math.PI) / lambda * sum;
    }

    /// <summary>P(√n D &gt; λ): the p-value.</summary>
    /// <param name="lambda">λ.</param>
    /// <returns>A probability.</returns>
    public static double Survival(double lambda) => lambda < 1 ? 1 - Cdf(lambda) : Math.Exp(LogSurvival(lambda));

    /// <summary>ln P(√n D &gt; λ), without a floor: near ln 2 − 2 λ².</summary>
    /// <param name="lambda">λ.</param>
    /// <returns>The logarithm of a probability.</returns>
    public static double LogSurvival(double lambda)
    {
        if (lambda < 1)
            return SpecialFunctions.Log1p(-Cdf(lambda));
        var square = lambda * lambda;
        return LogTwo - (2 * square) + SpecialFunctions.Log1p(Math.Exp(-16 * square) - Math.Exp(-6 * square) - Math.Exp(-30 * square));
    }

    /// <summary>λ with P(√n D &gt; λ) = q, q in (0, 1): the half width of a band that holds the whole curve with the probability 1 − q, times √n.</summary>
    /// <param name="q">The probability of larger values.</param>
    /// <returns>λ; NaN outside.</returns>
    public static double QuantileOfSurvival(double q)
    {
        if (!(q > 0 && q < 1))
            return double.NaN;
        var (low, high) = (0.0, Math.Sqrt((LogTwo - Math.Log(q)) / 2));
        for (var middle = high / 2; middle > low && middle < high; middle = low + ((high - low) / 2))
            (low, high) = Survival(middle) > q ? (middle, high) : (low, middle);
        return high;
    }

    /// <summary>
    /// λ of a distance on n events: (√n + 0.12 + 0.11/√n) D, whose distribution is the limit's to a few percent of p for n ≥ 5
    /// (M. A. Stephens, "Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without extensive tables", J. R. Stat. Soc. B 32, 1970).
    /// </summary>
    /// <param name="distance">D.</param>
    /// <param name="events">n; n₁n₂/(n₁ + n₂) for two samples, (Σw)²/Σw² for weighted ones.</param>
    /// <returns>λ.</returns>
    public static double Lambda(double distance, double events)
    {
        var root = Math.Sqrt(events);
        return (root + 0.12 + (0.11 / root)) * distance;
    }
}
