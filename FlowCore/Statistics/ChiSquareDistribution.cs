namespace FlowCore.Statistics;

/// <summary>The distribution of the sum of n squares of standard normal numbers; n need not be an integer. Precision: that of <see cref="SpecialFunctions.GammaP"/>.</summary>
public static class ChiSquareDistribution
{
    /// <summary>P(χ² ≤ t).</summary>
    /// <param name="t">At least 0.</param>
    /// <param name="degrees">n, above 0.</param>
    /// <returns>A probability.</returns>
    public static double Cdf(double t, double degrees) => SpecialFunctions.GammaP(degrees / 2, t / 2);

    /// <summary>P(χ² &gt; t): the p-value of a χ² test.</summary>
    /// <param name="t">At least 0.</param>
    /// <param name="degrees">n, above 0.</param>
    /// <returns>A probability.</returns>
    public static double Survival(double t, double degrees) => SpecialFunctions.GammaQ(degrees / 2, t / 2);

    /// <summary>ln P(χ² &gt; t), without underflow.</summary>
    /// <param name="t">At least 0.</param>
    /// <param name="degrees">n, above 0.</param>
    /// <returns>The logarithm of a probability.</returns>
    public static double LogSurvival(double t, double degrees) => SpecialFunctions.LogGammaQ(degrees / 2, t / 2);

    /// <summary>t with P(χ² ≤ t) = p.</summary>
    /// <param name="p">A probability.</param>
    /// <param name="degrees">n, above 0.</param>
    /// <returns>The quantile.</returns>
    public static double Quantile(double p, double degrees) => 2 * GammaDistribution.Quantile(degrees / 2, p);

    /// <summary>t with P(χ² &gt; t) = q.</summary>
    /// <param name="q">A probability.</param>
    /// <param name="degrees">n, above 0.</param>
    /// <returns>The quantile.</returns>
    public static double QuantileOfSurvival(double q, double degrees) => 2 * GammaDistribution.QuantileOfSurvival(degrees / 2, q);
}
