namespace FlowCore.Statistics;

/// <summary>The beta distribution; its cumulative probability is <see cref="SpecialFunctions.BetaI"/>.</summary>
public static class BetaDistribution
{
    /// <summary>x with I_x(a, b) = p: 0 at 0, 1 at 1, NaN outside. Relative error some 10⁻¹⁴ where a and b are at least 0.1.</summary>
    /// <param name="a">Above 0 and finite.</param>
    /// <param name="b">Above 0 and finite.</param>
    /// <param name="p">A probability.</param>
    /// <returns>The quantile.</returns>
    public static double Quantile(double a, double b, double p) => FromLogit(LogitQuantile(a, b, p, 1 - p));

    /// <summary>x with 1 − I_x(a, b) = q: the quantile of a small upper tail.</summary>
    /// <param name="a">Above 0 and finite.</param>
    /// <param name="b">Above 0 and finite.</param>
    /// <param name="q">The probability of larger values.</param>
    /// <returns>The quantile.</returns>
    public static double QuantileOfSurvival(double a, double b, double q) => FromLogit(LogitQuantile(a, b, 1 - q, q));

    /// <summary>ln(x / (1 − x)) of a quantile x, which says how near to 1 it is as well as how near to 0.</summary>
    /// <param name="a">Above 0 and finite.</param>
    /// <param name="b">Above 0 and finite.</param>
    /// <param name="p">The probability of smaller values.</param>
    /// <param name="q">1 − p.</param>
    /// <returns>The logit.</returns>
    internal static double LogitQuantile(double a, double b, double p, double q)
    {
        if (!(a > 0 && b > 0 && double.IsFinite(a) && double.IsFinite(b)) || !(p >= 0 && q >= 0))
            return double.NaN;
        if (p == 0 || q == 0)
            return p == 0 ? double.NegativeInfinity : double.PositiveInfinity;

        // The side of the mean on which the root is; the other tail is this one of 1 − x.
        var mean = Math.Log(a / b);
        return p <= SpecialFunctions.BetaTail(a, b, a / (a + b), b / (a + b), logarithm: false)
            ? LogTailSolver.Solve(new Tail(a, b), Math.Log(p), mean, double.PositiveInfinity)
            : -LogTailSolver.Solve(new Tail(b, a), Math.Log(q), -mean, double.PositiveInfinity);
    }

    private static double FromLogit(double t) => 1 / (1 + Math.Exp(-t));

    // ln I_x as a function of t = ln(x / (1 − x)), whose density is log-concave.
    private readonly record struct Tail(double A, double B) : ILogTail
    {
        public double At(double t, out double slope)
        {
            var x = 1 / (1 + Math.Exp(-t));
            var y = 1 / (1 + Math.Exp(t));
            if (x > 0)
            {
                var log = SpecialFunctions.BetaTail(A, B, x, y, logarithm: true);
                slope = Math.Exp(SpecialFunctions.LogBetaTerm(A, B, x, y) - log);
                return log;
            }

            // Where x has underflowed it is e^t.
            slope = A;
            return SpecialFunctions.LogBetaLeading(A, B, t);
        }
    }
}
