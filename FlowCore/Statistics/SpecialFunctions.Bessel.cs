namespace FlowCore.Statistics;

/// <content>Modified Bessel functions of the first kind.</content>
public static partial class SpecialFunctions
{
    // Where the asymptotic series reaches the last bit: its smallest term is e^(−2x).
    private const double BesselSeriesEnd = 30;

    /// <summary>e^(−|x|) I₀(x), to a few ε.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>A number in (0, 1].</returns>
    public static double ScaledBesselI0(double x) => ScaledBessel(Math.Abs(x), 0);

    /// <summary>e^(−|x|) I₁(x), to a few ε.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>A number in (−1, 1), of the sign of x.</returns>
    public static double ScaledBesselI1(double x) => Math.CopySign(ScaledBessel(Math.Abs(x), 1), x);

    // Below: Σ (x²/4)^k / (k! (k + order)!) (x/2)^order, whose terms are all positive. Above: the asymptotic series of Abramowitz and Stegun 9.7.1.
    private static double ScaledBessel(double x, int order)
    {
        if (double.IsNaN(x))
            return x;
        if (double.IsPositiveInfinity(x))
            return 0;
        var (sum, term) = (1.0, 1.0);
        if (x <= BesselSeriesEnd)
        {
            var quarter = x * x / 4;
            for (var k = 1; term > sum * 1e-17; k++)
            {
                term *= quarter / (k * (double)(k + order));
                sum += term;
            }

            return sum * (order == 0 ? 1 : x / 2) * Math.Exp(-x);
        }

        var fourOrderSquared = 4.0 * order * order;
        for (var k = 1; Math.Abs(term) > 1e-17 && k < 2 * x; k++)
        {
            var odd = (2.0 * k) - 1;
            term *= -(fourOrderSquared - (odd * odd)) / (k * 8 * x);
            sum += term;
        }

        return sum / Math.Sqrt(2 * Math.PI * x);
    }
}
