namespace FlowCore.Statistics;

/// <content>The gamma function and its incomplete integrals.</content>
public static partial class SpecialFunctions
{
    // From here on six terms of Stirling's series leave less than a rounding.
    private const double Large = 15;

    // ζ(k) − 1 for k = 2, 3, …: at |x| ≤ ½ the terms fall by four each.
    private static ReadOnlySpan<double> ZetaMinusOne =>
    [
        0.64493406684822644, 0.20205690315959429, 0.082323233711138192, 0.036927755143369926, 0.01734306198444914, 0.0083492773819228268,
        0.0040773561979443394, 0.0020083928260822144, 0.00099457512781808534, 0.00049418860411946456, 0.0002460865533080483, 0.00012271334757848915,
        6.1248135058704829e-5, 3.0588236307020494e-5, 1.5282259408651872e-5, 7.6371976378997623e-6, 3.8172932649998399e-6, 1.9082127165539389e-6,
        9.5396203387279611e-7, 4.7693298678780646e-7, 2.3845050272773299e-7, 1.1921992596531107e-7, 5.960818905125948e-8, 2.980350351465228e-8,
    ];

    /// <summary>ln |Γ(x)|, to 10 ε for x &gt; 0, near its zeros 1 and 2, too; +∞ at the poles 0, −1, −2, …</summary>
    /// <remarks>
    /// Around 2 by the series (1 − γ) e + Σ (−1)ᵏ (ζ(k) − 1) eᵏ / k (Abramowitz and Stegun 1964, 6.1.33), from 15 on by Stirling's (6.1.41), between them by
    /// Γ(x + 1) = x Γ(x); negative x by reflection (6.1.17), where the error is relative to the larger of the two logarithms.
    /// </remarks>
    /// <param name="x">Any number.</param>
    /// <returns>The logarithm.</returns>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (double.IsInfinity(x))
            return double.PositiveInfinity;
        if (x <= 0)
        {
            var part = x - Math.Floor(x);
            return part == 0 ? double.PositiveInfinity : Math.Log(Math.PI / Math.Sin(Math.PI * Math.Min(part, 1 - part))) - LogGamma(1 - x);
        }

        if (x < 0.5)
            return LogGammaAroundTwo(x) - Log1p(x) - Math.Log(x);
        if (x < 1.5)
            return LogGammaAroundTwo(x - 1) - Log1p(x - 1);
        if (x >= Large)
            return ((x - 0.5) * Math.Log(x)) - x + HalfLogTwoPi + StirlingSeries(x);
        var product = 1.0;
        for (; x > 2.5; product *= x)
            x--;
        return Math.Log(product) + LogGammaAroundTwo(x - 2);
    }

    /// <summary>ψ(x) = d ln Γ(x) / dx, with an error below 10 ε (1 + |ψ|); NaN at the poles 0, −1, −2, …</summary>
    /// <remarks>By the asymptotic series of Abramowitz and Stegun 1964, 6.3.18 from 10 on, ψ(x + 1) = ψ(x) + 1/x below, and reflection (6.3.7) for negative x.</remarks>
    /// <param name="x">Any number.</param>
    /// <returns>The derivative.</returns>
    public static double Digamma(double x)
    {
        if (x <= 0)
        {
            var part = x - Math.Floor(x);
            return part > 0 ? Digamma(1 - x) - (Math.PI / Math.Tan(Math.PI * part)) : double.NaN;
        }

        var sum = 0.0;
        for (; x < 10; x++)
            sum -= 1 / x;
        var square = 1 / (x * x);
        var series = square * Alternating([1.0 / 12, 1.0 / 120, 1.0 / 252, 1.0 / 240, 1.0 / 132, 691.0 / 32760, 1.0 / 12], square);
        return sum + Math.Log(x) - (0.5 / x) - series;
    }

    /// <summary>P(a, x) = γ(a, x) / Γ(a), the distribution function of a gamma variable; relative error some 100 ε, its smallest values too.</summary>
    /// <remarks>
    /// The series of the lower integral below a + 1, the continued fraction of the upper one above it (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31, the
    /// latter by W. J. Lentz's recurrences); the factor xᵃ e^(−x) / Γ(a + 1) in Loader's form, so that large a cost no precision. Some √a steps.
    /// </remarks>
    /// <param name="a">The shape, above 0 and finite.</param>
    /// <param name="x">At least 0.</param>
    /// <returns>A probability.</returns>
    public static double GammaP(double a, double x) => GammaTail(a, x, upper: false, logarithm: false);

    /// <summary>Q(a, x) = 1 − P(a, x), as <see cref="GammaP"/>; for x &lt; a + 1, where it is the rest, the error is 100 ε of 1.</summary>
    /// <param name="a">The shape, above 0 and finite.</param>
    /// <param name="x">At least 0.</param>
    /// <returns>A probability.</returns>
    public static double GammaQ(double a, double x) => GammaTail(a, x, upper: true, logarithm: false);

    /// <summary>ln P(a, x), without underflow.</summary>
    /// <param name="a">The shape, above 0 and finite.</param>
    /// <param name="x">At least 0.</param>
    /// <returns>The logarithm of a probability.</returns>
    public static double LogGammaP(double a, double x) => GammaTail(a, x, upper: false, logarithm: true);

    /// <summary>ln Q(a, x), without underflow.</summary>
    /// <param name="a">The shape, above 0 and finite.</param>
    /// <param name="x">At least 0.</param>
    /// <returns>The logarithm of a probability.</returns>
    public static double LogGammaQ(double a, double x) => GammaTail(a, x, upper: true, logarithm: true);

    /// <summary>ln(xᵃ e^(−x) / Γ(a + 1)): of a Poisson probability where a is an integer.</summary>
    internal static double LogPoissonTerm(double a, double x) => -Deviance(a, x) - StirlingError(a) - HalfLogTwoPi - (0.5 * Math.Log(a));

    private static double GammaTail(double a, double x, bool upper, bool logarithm)
    {
        if (!(a > 0 && double.IsFinite(a)) || !(x >= 0))
            return double.NaN;
        if (x == 0 || double.IsPositiveInfinity(x))
            return (x == 0) == upper ? (logarithm ? 0 : 1) : logarithm ? double.NegativeInfinity : 0;
        var lower = x < a + 1;
        var log = LogPoissonTerm(a, x);
        var factor = lower ? GammaSeries(a, x) : a * GammaFraction(a, x);
        if (lower != upper)
            return logarithm ? log + Math.Log(factor) : Math.Min(Math.Exp(log) * factor, 1);
        var rest = Math.Min(Math.Exp(log) * factor, 1);
        return logarithm ? Log1p(-rest) : 1 - rest;
    }

    // Σ xⁿ / ((a + 1) … (a + n)).
    private static double GammaSeries(double a, double x)
    {
        var term = 1.0;
        var sum = 1.0;
        for (var n = a + 1; term > sum * 1e-17; n++)
        {
            term *= x / n;
            sum += term;
        }

        return sum;
    }

    private static double GammaFraction(double a, double x)
    {
        const double tiny = 1e-300;
        var b = x + 1 - a;
        var c = 1 / tiny;
        var d = 1 / b;
        var fraction = d;
        for (var n = 1.0; ; n++)
        {
            var numerator = n * (a - n);
            b += 2;
            d = (numerator * d) + b;
            d = 1 / (Math.Abs(d) < tiny ? tiny : d);
            c = b + (numerator / c);
            c = Math.Abs(c) < tiny ? tiny : c;
            var factor = c * d;
            fraction *= factor;
            if (!(Math.Abs(factor - 1) > 2e-16))
                return fraction;
        }
    }

    // ln Γ(2 + e) for |e| ≤ ½.
    private static double LogGammaAroundTwo(double e)
    {
        const double oneMinusEuler = 0.42278433509846713939;
        var zeta = ZetaMinusOne;
        var sum = 0.0;
        for (var i = zeta.Length - 1; i >= 0; i--)
            sum = (zeta[i] / (i + 2)) - (sum * e);
        return e * (oneMinusEuler + (sum * e));
    }

    // ln Γ(a + 1) − (a + ½) ln a + a − ½ ln 2π.
    private static double StirlingError(double a) =>
        a >= Large ? StirlingSeries(a) : LogGamma(a + 1) - ((a + 0.5) * Math.Log(a)) + a - HalfLogTwoPi;

    private static double StirlingSeries(double x) =>
        Alternating([1.0 / 12, 1.0 / 360, 1.0 / 1260, 1.0 / 1680, 1.0 / 1188, 691.0 / 360360], 1 / (x * x)) / x;

    // c₀ − x (c₁ − x (c₂ − …)).
    private static double Alternating(ReadOnlySpan<double> coefficients, double x)
    {
        var sum = 0.0;
        for (var i = coefficients.Length - 1; i >= 0; i--)
            sum = coefficients[i] - (x * sum);
        return sum;
    }
}
