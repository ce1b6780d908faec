namespace FlowCore.Statistics;

/// <summary>Distribution functions and what they are made of, in double precision: behind p-values and their bands. Thread-safe.</summary>
public static class SpecialFunctions
{
    /// <summary>Φ(z), the standard normal distribution function, to a few roundings, in the tails too.</summary>
    /// <param name="z">Any number.</param>
    /// <returns>The probability of less than z.</returns>
    public static double NormalCdf(double z) => LaneMath<ScalarLane<double>, double>.NormalProbability(ScalarLane<double>.Create(z)).Value;

    /// <summary>ln Φ(z), also where Φ(z) is below the smallest number.</summary>
    /// <param name="z">Any number.</param>
    /// <returns>The logarithm of the probability of less than z.</returns>
    public static double LogNormalCdf(double z) => LaneMath<ScalarLane<double>, double>.LogNormalCdf(ScalarLane<double>.Create(z)).Value;

    /// <summary>Φ⁻¹(p), the standard normal quantile.</summary>
    /// <param name="p">In [0, 1].</param>
    /// <returns>z with Φ(z) = p; −∞ and ∞ at the ends.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public static double NormalQuantile(double p) => p switch
    {
        0 => double.NegativeInfinity,
        1 => double.PositiveInfinity,
        > 0 and < 1 => LaneMath<ScalarLane<double>, double>.Probit(ScalarLane<double>.Create(p)).Value,
        _ => throw new ArgumentOutOfRangeException(nameof(p), p, $"Expected a probability in [0, 1], got {p}."),
    };

    /// <summary>The probability that χ² with the given degrees of freedom is at least a value.</summary>
    /// <param name="chiSquare">The value, at least 0.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    /// <returns>The probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no degree of freedom.</exception>
    public static double ChiSquareTail(double chiSquare, int degreesOfFreedom) => degreesOfFreedom < 1
        ? throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), degreesOfFreedom, $"Expected at least 1 degree of freedom, got {degreesOfFreedom}.")
        : UpperGamma(0.5 * degreesOfFreedom, 0.5 * chiSquare);

    /// <summary>
    /// The probability that √n D of Kolmogorov's limit distribution is at least λ: 2 Σ (−1)^(k−1) exp(−2 k² λ²)
    /// (A. Kolmogorov, 1933), or its theta-function partner where that converges faster.
    /// </summary>
    /// <param name="lambda">λ; 1 is returned for 0 and less.</param>
    /// <returns>The probability.</returns>
    public static double KolmogorovTail(double lambda)
    {
        const int terms = 8;
        if (lambda <= 0)
            return 1;

        double sum = 0;
        if (lambda < 1)
        {
            for (var k = 1; k <= terms; k++)
            {
                var odd = ((2 * k) - 1) * Math.PI / lambda;
                sum += Math.Exp(-odd * odd / 8);
            }

            return Math.Clamp(1 - (Math.Sqrt(2 * Math.PI) / lambda * sum), 0, 1);
        }

        for (var k = 1; k <= terms; k++)
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * lambda * lambda);

        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>The logarithm of <see cref="KolmogorovTail"/>, which has no floor: −2 λ² + ln 2 far out.</summary>
    /// <param name="lambda">λ.</param>
    /// <returns>The natural logarithm of the probability.</returns>
    public static double LogKolmogorovTail(double lambda)
    {
        if (lambda < 1)
            return Math.Log(KolmogorovTail(lambda));

        // 2 e^(−2λ²) (1 − e^(−6λ²) + e^(−16λ²) − …); the fourth term is below 10⁻¹³ from 1 on.
        var square = lambda * lambda;
        return Math.Log(2) - (2 * square) + Math.Log(1 - Math.Exp(-6 * square) + Math.Exp(-16 * square) - Math.Exp(-30 * square));
    }

    /// <summary>ψ(x) = d ln Γ(x) / dx for x &gt; 0, to 10⁻¹³ of its terms (Abramowitz and Stegun 6.3.18, reached by 6.3.5).</summary>
    /// <param name="x">Above 0.</param>
    /// <returns>The digamma function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">x is not above 0.</exception>
    public static double Digamma(double x)
    {
        if (!(x > 0))
            throw new ArgumentOutOfRangeException(nameof(x), x, $"Expected a number above 0, got {x}.");
        double sum = 0;
        for (; x < 12; x++)
            sum -= 1 / x;

        // The first omitted term, x⁻¹² 691/32760, is 2·10⁻¹⁵ at 12.
        var s = 1 / (x * x);
        var series = s * ((1.0 / 12) - (s * ((1.0 / 120) - (s * ((1.0 / 252) - (s * ((1.0 / 240) - (s / 132))))))));
        return sum + Math.Log(x) - (0.5 / x) - series;
    }

    // Q(a, x) = Γ(a, x) / Γ(a): the series of the lower function below a + 1, the continued fraction of the upper one above it
    // (Abramowitz and Stegun 6.5.29 and 6.5.31, the latter by the recurrences of W. J. Lentz, 1976).
    private static double UpperGamma(double a, double x)
    {
        const double precision = 1e-14;
        if (x <= 0)
            return 1;

        var weight = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            var term = 1 / a;
            var sum = term;
            for (var n = a + 1; term > sum * precision; n++)
            {
                term *= x / n;
                sum += term;
            }

            return Math.Max(0, 1 - (weight * sum));
        }

        var b = x + 1 - a;
        var c = double.MaxValue;
        var d = 1 / b;
        var fraction = d;
        for (var n = 1; n < 100_000; n++)
        {
            var numerator = n * (a - n);
            b += 2;
            d = 1 / (b + (numerator * d));
            c = b + (numerator / c);
            var factor = c * d;
            fraction *= factor;
            if (Math.Abs(factor - 1) < precision)
                break;
        }

        return weight * fraction;
    }

    /// <summary>ln Γ(a) for a &gt; 0: Stirling's series (Abramowitz and Stegun 6.1.41) where its first omitted term is below 10⁻¹², reached by Γ(a + 1) = a Γ(a).</summary>
    /// <param name="a">Above 0.</param>
    /// <returns>The logarithm.</returns>
    /// <exception cref="ArgumentOutOfRangeException">a is not above 0.</exception>
    public static double LogGamma(double a)
    {
        if (!(a > 0))
            throw new ArgumentOutOfRangeException(nameof(a), a, $"Expected a number above 0, got {a}.");
        double product = 1;
        for (; a < 12; a++)
            product *= a;

        var s = 1 / (a * a);
        var series = ((((-s / 1680) + (1.0 / 1260)) * s) - (1.0 / 360)) * s;
        return ((a - 0.5) * Math.Log(a)) - a + (0.5 * Math.Log(2 * Math.PI)) + ((series + (1.0 / 12)) / a) - Math.Log(product);
    }
}
