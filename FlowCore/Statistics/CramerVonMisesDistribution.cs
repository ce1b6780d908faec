namespace FlowCore.Statistics;

/// <summary>The limit of W² = n ∫ (F_n − F)² dF, the Cramér-von Mises statistic.</summary>
public static class CramerVonMisesDistribution
{
    /// <summary>P(W² &gt; x), the upper tail to some 10⁻¹³ of itself, without a floor.</summary>
    /// <param name="x">The statistic.</param>
    /// <returns>A probability.</returns>
    public static double Survival(double x) => QuadraticLimit.Survival(x, QuadraticLimit.Kind.CramerVonMises, smallest: 0.003);

    /// <summary>
    /// The statistic on n events brought to the limit: (W² − 0.4/n + 0.6/n²)(1 + 1/n)
    /// (M. A. Stephens, "Use of the Kolmogorov-Smirnov, Cramer-von Mises and related statistics without extensive tables", J. R. Stat. Soc. B 32, 1970).
    /// </summary>
    /// <param name="statistic">W².</param>
    /// <param name="events">n.</param>
    /// <returns>The argument of <see cref="Survival"/>.</returns>
    public static double Adjusted(double statistic, double events) => (statistic - (0.4 / events) + (0.6 / (events * events))) * (1 + (1 / events));
}
