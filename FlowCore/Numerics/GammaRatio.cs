namespace FlowCore.Numerics;

/// <summary>ln(Γ(x + ½) / Γ(x)) for x &gt; 0, and its derivative, without the cancellation of two logarithms of gamma functions.</summary>
/// <remarks>
/// From x ≥ 16 on by the asymptotic series ½ ln x − 1/(8x) + 1/(192x³) − 1/(640x⁵) + 17/(14336x⁷) − … (from Abramowitz and Stegun 1964, 6.1.40), whose next
/// term is below 10⁻¹³ there; smaller x are raised by Γ(x + 1) = x Γ(x), a term ln(x / (x + ½)) for each step.
/// </remarks>
internal static class GammaRatio
{
    private const double Large = 16;

    internal static double Logarithm(double x)
    {
        var sum = 0.0;
        for (; x < Large; x++)
            sum += Math.Log(x / (x + 0.5));
        var square = 1 / (x * x);
        return sum + (0.5 * Math.Log(x)) - ((0.125 - ((1.0 / 192 - ((1.0 / 640 - (17.0 / 14336 * square)) * square)) * square)) / x);
    }

    internal static double Derivative(double x)
    {
        var sum = 0.0;
        for (; x < Large; x++)
            sum += 0.5 / (x * (x + 0.5));
        var square = 1 / (x * x);
        return sum + (0.5 / x) + ((0.125 - ((3.0 / 192 - ((5.0 / 640 - (119.0 / 14336 * square)) * square)) * square)) * square);
    }
}
