namespace FactorizableFlow.Validation;

/// <summary>The distribution functions behind p-values.</summary>
internal static class SpecialFunctions
{
    /// <summary>
    /// Φ(z), the standard normal distribution function, to 1e-7: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions",
    /// 7.1.26.
    /// </summary>
    public static double NormalDistribution(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var t = 1 / (1 + (0.3275911 * x));
        var polynomial = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))));
        var tail = 0.5 * polynomial * Math.Exp(-x * x);
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>The probability that χ² with the given degrees of freedom is at least a value.</summary>
    /// <param name="chiSquare">The value, at least 0.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double ChiSquareTail(double chiSquare, int degreesOfFreedom) => UpperGamma(0.5 * degreesOfFreedom, 0.5 * chiSquare);

    /// <summary>
    /// The probability that √n D of Kolmogorov's limit distribution is at least λ: 2 Σ (−1)^(k−1) exp(−2 k² λ²)
    /// (A. Kolmogorov, 1933), or its theta-function partner where that converges faster.
    /// </summary>
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

    // Stirling's series (Abramowitz and Stegun 6.1.41) where its first omitted term is below 1e-12, reached by Γ(a + 1) = a Γ(a).
    private static double LogGamma(double a)
    {
        double product = 1;
        for (; a < 12; a++)
            product *= a;

        var s = 1 / (a * a);
        var series = ((((-s / 1680) + (1.0 / 1260)) * s) - (1.0 / 360)) * s;
        return ((a - 0.5) * Math.Log(a)) - a + (0.5 * Math.Log(2 * Math.PI)) + ((series + (1.0 / 12)) / a) - Math.Log(product);
    }
}
