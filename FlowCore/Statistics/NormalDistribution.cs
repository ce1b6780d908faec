using FlowCore.Compute;

namespace FlowCore.Statistics;

/// <summary>The standard normal distribution Φ, to a few units in the last place in both tails: the formulas of the library's kernels, in double.</summary>
/// <remarks>Thread-safe; nothing is allocated.</remarks>
public static class NormalDistribution
{
    /// <summary>Φ(z).</summary>
    /// <param name="z">Any number.</param>
    /// <returns>A probability.</returns>
    public static double Cdf(double z) => LaneMath<ScalarLane<double>, double>.NormalProbability(ScalarLane<double>.Create(z)).Value;

    /// <summary>1 − Φ(z) = Φ(−z).</summary>
    /// <param name="z">Any number.</param>
    /// <returns>A probability.</returns>
    public static double Survival(double z) => Cdf(-z);

    /// <summary>ln Φ(z), without underflow.</summary>
    /// <param name="z">Any number.</param>
    /// <returns>The logarithm of a probability.</returns>
    public static double LogCdf(double z) => LaneMath<ScalarLane<double>, double>.LogNormalCdf(ScalarLane<double>.Create(z)).Value;

    /// <summary>Φ⁻¹(p): ∓∞ at 0 and 1, NaN outside.</summary>
    /// <param name="p">A probability.</param>
    /// <returns>The quantile.</returns>
    public static double Quantile(double p) => LaneMath<ScalarLane<double>, double>.Probit(ScalarLane<double>.Create(p)).Value;

    /// <summary>Φ⁻¹(e^a): the quantile of a probability too small for a double. ∓∞ at −∞ and 0, NaN above.</summary>
    /// <param name="a">The logarithm of a probability.</param>
    /// <returns>The quantile.</returns>
    public static double QuantileOfLog(double a) => LaneMath<ScalarLane<double>, double>.ProbitOfLog(ScalarLane<double>.Create(a)).Value;

    /// <summary>z with P(|Z| ≥ z) = p: what is called a significance of z standard deviations.</summary>
    /// <param name="p">A two-sided p-value.</param>
    /// <returns>A number of at least 0.</returns>
    public static double TwoSidedSignificance(double p) => -Quantile(p / 2);
}
