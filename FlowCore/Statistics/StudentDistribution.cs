namespace FlowCore.Statistics;

/// <summary>Student's t distribution with ν degrees of freedom: P(|T| ≥ t) = I_x(ν/2, ½) with x = ν / (ν + t²) (Abramowitz and Stegun 1964, 26.7.1).</summary>
public static class StudentDistribution
{
    private const double LargestSquare = 1e290;

    /// <summary>P(T ≤ t), with its relative precision in the lower tail.</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degrees">ν, above 0 and finite.</param>
    /// <returns>A probability.</returns>
    public static double Cdf(double t, double degrees)
    {
        if (double.IsInfinity(t))
            return t > 0 ? 1 : 0;
        var square = t * t;

        // Where t² leaves the range of double, x is ν/t² and its first term is all there is.
        var tail = square > LargestSquare
            ? 0.5 * Math.Exp(SpecialFunctions.LogBetaLeading(degrees / 2, 0.5, Math.Log(degrees) - (2 * Math.Log(Math.Abs(t)))))
            : 0.5 * SpecialFunctions.BetaTail(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square), logarithm: false);
        return t < 0 ? tail : 1 - tail;
    }

    /// <summary>P(T &gt; t).</summary>
    /// <param name="t">Any number.</param>
    /// <param name="degrees">ν, above 0 and finite.</param>
    /// <returns>A probability.</returns>
    public static double Survival(double t, double degrees) => Cdf(-t, degrees);

    /// <summary>t with P(T ≤ t) = p: ∓∞ at 0 and 1, NaN outside.</summary>
    /// <param name="p">A probability.</param>
    /// <param name="degrees">ν, above 0 and finite.</param>
    /// <returns>The quantile.</returns>
    public static double Quantile(double p, double degrees)
    {
        var tail = 2 * Math.Min(p, 1 - p);
        var t = Math.Sqrt(degrees) * Math.Exp(-0.5 * BetaDistribution.LogitQuantile(degrees / 2, 0.5, tail, 1 - tail));
        return p < 0.5 ? -t : t;
    }
}
