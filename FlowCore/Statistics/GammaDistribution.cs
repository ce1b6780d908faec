namespace FlowCore.Statistics;

/// <summary>The gamma distribution of a shape a and the scale 1. Its cumulative probabilities are <see cref="SpecialFunctions.GammaP"/> and <see cref="SpecialFunctions.GammaQ"/>.</summary>
public static class GammaDistribution
{
    /// <summary>x with P(a, x) = p: 0 at 0, +∞ at 1, NaN outside. Relative error some 10⁻¹⁴ for a ≥ 0.1.</summary>
    /// <param name="shape">a, above 0 and finite.</param>
    /// <param name="p">A probability.</param>
    /// <returns>The quantile.</returns>
    public static double Quantile(double shape, double p) => Solve(shape, p, 1 - p);

    /// <summary>x with Q(a, x) = q: the quantile of a small upper tail.</summary>
    /// <param name="shape">a, above 0 and finite.</param>
    /// <param name="q">The probability of larger values.</param>
    /// <returns>The quantile.</returns>
    public static double QuantileOfSurvival(double shape, double q) => Solve(shape, 1 - q, q);

    // Newton's method in ln x on the logarithm of the smaller tail; the start is the leading term of the series, from which all steps go up, or the cube
    // of a normal number (E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", 1931).
    private static double Solve(double a, double p, double q)
    {
        if (!(a > 0 && double.IsFinite(a)) || !(p >= 0 && q >= 0))
            return double.NaN;
        if (p == 0 || q == 0)
            return p == 0 ? 0 : double.PositiveInfinity;
        var cube = 1 - (1 / (9 * a)) + (NormalDistribution.QuantileOfLog(p < q ? Math.Log(p) : SpecialFunctions.Log1p(-q)) / (3 * Math.Sqrt(a)));
        var wilson = cube > 0 ? Math.Log(a) + (3 * Math.Log(cube)) : double.NegativeInfinity;
        var lower = a < 1 ? p <= SpecialFunctions.GammaP(a, 1) : p <= 0.5;
        if (lower)
        {
            var series = (Math.Log(p) + SpecialFunctions.LogGamma(a + 1)) / a;
            var start = a < 1 ? series : Math.Max(series, wilson);
            return Math.Exp(LogTailSolver.Solve(new Tail(a, Upper: false), Math.Log(p), start, double.PositiveInfinity));
        }

        return Math.Exp(LogTailSolver.Solve(new Tail(a, Upper: true), Math.Log(q), a < 1 ? 0 : wilson, longestStep: 1));
    }

    // ln P or ln Q as a function of t = ln x: the density of ln x is log-concave.
    private readonly record struct Tail(double Shape, bool Upper) : ILogTail
    {
        public double At(double t, out double slope)
        {
            var x = Math.Exp(t);
            var log = Upper ? SpecialFunctions.LogGammaQ(Shape, x) : SpecialFunctions.LogGammaP(Shape, x);
            slope = Shape * Math.Exp(SpecialFunctions.LogPoissonTerm(Shape, x) - log) * (Upper ? -1 : 1);

            // Where x has underflowed, the first term of the series is all there is.
            if (x > 0)
                return log;
            slope = Shape;
            return (Shape * t) - SpecialFunctions.LogGamma(Shape + 1);
        }
    }
}
