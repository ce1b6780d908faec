using FlowCore.Statistics;

namespace FlowCore.Manifolds;

/// <summary>The von Mises-Fisher law on the circle and the sphere: p(n) ∝ e^(κ μ·n).</summary>
/// <remarks>Mardia and Jupp 2000, "Directional Statistics", sections 3.5 and 9.3. Pure functions, safe from any thread.</remarks>
public static class VonMisesFisher
{
    private const int MostSteps = 100;

    /// <summary>ln p(n), per angle or per solid angle.</summary>
    /// <param name="cosine">μ·n.</param>
    /// <param name="kappa">κ, at least 0.</param>
    /// <param name="dimension">1 for the circle, 2 for the sphere.</param>
    /// <returns>The log-density.</returns>
    /// <exception cref="ArgumentOutOfRangeException">κ is negative, or the dimension neither 1 nor 2.</exception>
    public static double LogDensity(double cosine, double kappa, int dimension) => (kappa * (cosine - 1)) - LogNormaliser(kappa, dimension);

    /// <summary>The mean of μ·n, the resultant length of many draws.</summary>
    /// <param name="kappa">κ, at least 0.</param>
    /// <param name="dimension">1 for the circle, 2 for the sphere.</param>
    /// <returns>A number in [0, 1).</returns>
    /// <exception cref="ArgumentOutOfRangeException">κ is negative, or the dimension neither 1 nor 2.</exception>
    public static double MeanLength(double kappa, int dimension)
    {
        Check(kappa, dimension);
        if (dimension == 1)
            return SpecialFunctions.ScaledBesselI1(kappa) / SpecialFunctions.ScaledBesselI0(kappa);

        // coth κ − 1/κ cancels near 0; κ/3 − κ³/45 + 2κ⁵/945 is good to the last bit there.
        const double small = 1e-2;
        var square = kappa * kappa;
        return kappa < small ? kappa * ((1.0 / 3) + (square * ((-1.0 / 45) + (square * (2.0 / 945))))) : (1 / Math.Tanh(kappa)) - (1 / kappa);
    }

    /// <summary>κ of a resultant length: the fit of greatest likelihood.</summary>
    /// <param name="meanLength">The length of the mean of unit vectors, in [0, 1).</param>
    /// <param name="dimension">1 for the circle, 2 for the sphere.</param>
    /// <returns>κ.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is not in [0, 1), or the dimension neither 1 nor 2.</exception>
    public static double KappaOf(double meanLength, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(meanLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(meanLength, 1);
        Check(0, dimension);
        var p = dimension + 1;
        var kappa = meanLength * (p - (meanLength * meanLength)) / (1 - (meanLength * meanLength));
        for (var step = 0; step < MostSteps && kappa > 0; step++)
        {
            var a = MeanLength(kappa, dimension);
            var slope = 1 - (a * a) - ((p - 1) * a / kappa);

            // For a large κ the slope is a difference of numbers near 1; it is (p − 1) / (2 κ²) there.
            if (kappa > 1e4)
                slope = (p - 1) / (2 * kappa * kappa);
            var next = kappa - ((a - meanLength) / slope);
            if (!(next > 0))
                next = kappa / 2;
            if (Math.Abs(next - kappa) <= 1e-14 * kappa)
                return next;
            kappa = next;
        }

        return kappa;
    }

    /// <summary>The entropy, −∫ p ln p.</summary>
    /// <param name="kappa">κ, at least 0.</param>
    /// <param name="dimension">1 for the circle, 2 for the sphere.</param>
    /// <returns>The entropy in nats: ln 2π or ln 4π at κ = 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">κ is negative, or the dimension neither 1 nor 2.</exception>
    public static double Entropy(double kappa, int dimension) => LogNormaliser(kappa, dimension) + MeanDistance(kappa, dimension);

    /// <summary>The share of the sphere's law that is nearer to μ than a point.</summary>
    /// <param name="squaredDistance">‖n − μ‖², from 0 to 4: exact where μ·n is near 1.</param>
    /// <param name="kappa">κ, at least 0.</param>
    /// <returns>A probability.</returns>
    public static double CoverageOnSphere(double squaredDistance, double kappa)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kappa);
        ArgumentOutOfRangeException.ThrowIfNegative(squaredDistance);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(squaredDistance, 4 * (1 + 1e-12));
        var u = squaredDistance / 4;
        return kappa == 0 ? u : SpecialFunctions.Expm1(-2 * kappa * u) / SpecialFunctions.Expm1(-2 * kappa);
    }

    // κ (1 − A) without the difference: on the sphere 1 − 2κ/(e^(2κ) − 1), on the circle ½ + 1/(8κ) where κ is large.
    private static double MeanDistance(double kappa, int dimension)
    {
        Check(kappa, dimension);
        if (dimension == 2)
            return kappa == 0 ? 0 : 1 - (2 * kappa / SpecialFunctions.Expm1(2 * kappa));
        const double large = 1e4;
        return kappa > large ? 0.5 + (1 / (8 * kappa)) : kappa * (1 - MeanLength(kappa, dimension));
    }

    // ln ∫ e^(κ (μ·n − 1)): ln(2π e^(−κ) I₀) on the circle, ln(2π (1 − e^(−2κ)) / κ) on the sphere.
    internal static double LogNormaliser(double kappa, int dimension)
    {
        Check(kappa, dimension);
        if (dimension == 1)
            return Math.Log(2 * Math.PI * SpecialFunctions.ScaledBesselI0(kappa));
        return kappa == 0 ? Math.Log(4 * Math.PI) : Math.Log(-2 * Math.PI * SpecialFunctions.Expm1(-2 * kappa) / kappa);
    }

    private static void Check(double kappa, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kappa);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, 2);
    }
}
