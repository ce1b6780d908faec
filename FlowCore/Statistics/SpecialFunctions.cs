using FlowCore.Compute;

namespace FlowCore.Statistics;

/// <summary>Special functions of double numbers: the error function, the gamma function and the incomplete integrals behind p-values.</summary>
/// <remarks>
/// Errors are relative and were measured against 40-digit arithmetic; ε stands for 1.1 · 10⁻¹⁶. NaN gives NaN, and so does an argument outside a
/// function's range. Pure functions: safe from any thread, nothing is allocated.
/// </remarks>
public static partial class SpecialFunctions
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>erf x = 2/√π ∫₀ˣ e^(−t²) dt, to a few ε.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>A number in [−1, 1].</returns>
    public static double Erf(double x) => LaneMath<ScalarLane<double>, double>.Erf(ScalarLane<double>.Create(x)).Value;

    /// <summary>erfc x = 1 − erf x, to a few ε until it underflows near 26.5.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>A number in [0, 2].</returns>
    public static double Erfc(double x) => LaneMath<ScalarLane<double>, double>.Erfc(ScalarLane<double>.Create(x)).Value;

    /// <summary>ln erfc x, to a few ε where erfc itself has long underflowed, too.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>A number up to ln 2.</returns>
    public static double LogErfc(double x)
    {
        // Near zero the logarithm is small, so it must not be a difference.
        const double near = 0.5;
        const double logTwo = 0.69314718055994530942;
        const double rootTwo = 1.4142135623730950488;
        return Math.Abs(x) < near ? Log1p(-Erf(x)) : logTwo + NormalDistribution.LogCdf(-rootTwo * x);
    }

    /// <summary>ln(1 + x), to 2 ε near zero, too.</summary>
    /// <param name="x">At least −1.</param>
    /// <returns>The logarithm.</returns>
    public static double Log1p(double x) => LaneMath<ScalarLane<double>, double>.Log1p(ScalarLane<double>.Create(x)).Value;

    /// <summary>eˣ − 1, to 2 ε near zero, too.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>The difference.</returns>
    public static double Expm1(double x) => LaneMath<ScalarLane<double>, double>.Expm1(ScalarLane<double>.Create(x)).Value;

    /// <summary>ln(1 − e^a) for a ≤ 0, to a few ε at both ends: the logarithm of the rest of a probability.</summary>
    /// <param name="a">At most 0.</param>
    /// <returns>The logarithm.</returns>
    internal static double LogComplement(double a) => LaneMath<ScalarLane<double>, double>.Log1mexp(ScalarLane<double>.Create(-a)).Value;

    // k ln(k / m) − k + m: how far a count k is from its expectation m. With d = (m − k)/k it is k (d − ln(1 + d)), and with r = d/(2 + d) the bracket is
    // r d − 2 (r³/3 + r⁵/5 + …), free of cancellation (C. Loader, "Fast and accurate computation of binomial probabilities", 2000).
    private static double Deviance(double k, double m)
    {
        var d = (m - k) / k;
        if (!(Math.Abs(d) < 0.5))
            return m - k - (k * Math.Log(m / k));
        var r = d / (2 + d);
        var square = r * r;
        var power = 2 * r * square;
        var sum = r * d;
        for (var odd = 3; ; odd += 2)
        {
            var next = sum - (power / odd);
            if (next == sum)
                return k * sum;
            sum = next;
            power *= square;
        }
    }
}
