namespace FlowCore.Statistics;

/// <content>The incomplete beta integral.</content>
public static partial class SpecialFunctions
{
    /// <summary>I_x(a, b) = B(x; a, b) / B(a, b), the distribution function of a beta variable; relative error some 100 ε where it is below ½.</summary>
    /// <remarks>
    /// By the continued fraction of the NIST Digital Library of Mathematical Functions, 8.17.22, or that of the rest 1 − I_(1−x)(b, a) where it
    /// converges faster; the factor in Loader's form, so that large a and b cost no precision. Some √max(a, b) steps.
    /// </remarks>
    /// <param name="a">Above 0 and finite.</param>
    /// <param name="b">Above 0 and finite.</param>
    /// <param name="x">In [0, 1].</param>
    /// <returns>A probability.</returns>
    public static double BetaI(double a, double b, double x) => BetaTail(a, b, x, 1 - x, logarithm: false);

    /// <summary>I_x(a, b) or its logarithm for an x whose rest is known with its own precision.</summary>
    /// <param name="a">Above 0 and finite.</param>
    /// <param name="b">Above 0 and finite.</param>
    /// <param name="x">In [0, 1].</param>
    /// <param name="y">1 − x.</param>
    /// <param name="logarithm">Whether to return the logarithm.</param>
    /// <returns>A probability.</returns>
    internal static double BetaTail(double a, double b, double x, double y, bool logarithm)
    {
        if (!(a > 0 && b > 0 && double.IsFinite(a) && double.IsFinite(b)) || !(x >= 0 && y >= 0))
            return double.NaN;
        if (x == 0 || y == 0)
            return x == 0 ? (logarithm ? double.NegativeInfinity : 0) : logarithm ? 0 : 1;
        var log = LogBetaTerm(a, b, x, y);
        if (x < (a + 1) / (a + b + 2))
        {
            var factor = BetaFraction(a, b, x) / a;
            return logarithm ? log + Math.Log(factor) : Math.Min(Math.Exp(log) * factor, 1);
        }

        var rest = Math.Min(Math.Exp(log) * BetaFraction(b, a, y) / b, 1);
        return logarithm ? Log1p(-rest) : 1 - rest;
    }

    /// <summary>ln(xᵃ yᵇ / B(a, b)) with y = 1 − x.</summary>
    internal static double LogBetaTerm(double a, double b, double x, double y)
    {
        var n = a + b;
        var product = a / n * b;
        return StirlingError(n) - StirlingError(a) - StirlingError(b) - Deviance(a, n * x) - Deviance(b, n * y) + (0.5 * Math.Log(product)) - HalfLogTwoPi;
    }

    /// <summary>ln I_x(a, b) for an x so small that its first term, xᵃ / (a B(a, b)), is all there is.</summary>
    internal static double LogBetaLeading(double a, double b, double logX) =>
        (a * logX) - Math.Log(a) + LogGamma(a + b) - LogGamma(a) - LogGamma(b);

    private static double BetaFraction(double a, double b, double x)
    {
        const double tiny = 1e-300;
        var c = 1.0;
        var d = 1 - ((a + b) / (a + 1) * x);
        d = 1 / (Math.Abs(d) < tiny ? tiny : d);
        var fraction = d;
        for (var m = 1.0; ; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            Advance(even, ref c, ref d);
            fraction *= c * d;
            var odd = -(a + m) / (a + (2 * m)) * ((a + b + m) / (a + (2 * m) + 1)) * x;
            Advance(odd, ref c, ref d);
            var factor = c * d;
            fraction *= factor;
            if (!(Math.Abs(factor - 1) > 2e-16))
                return fraction;
        }

        static void Advance(double numerator, ref double c, ref double d)
        {
            d = 1 + (numerator * d);
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = 1 + (numerator / c);
            c = Math.Abs(c) < tiny ? tiny : c;
        }
    }
}
