namespace FlowCore.Tests.Autodiff;

/// <summary>Two features of two logistic components, by the definition.</summary>
internal static class TwoMixtures
{
    /// <summary>Centres, rates, weights.</summary>
    public static double[] Parameters { get; } = [-1, 0.5, 0, 2, 2, 0.7, 1, 3, 0.25, 0.75, 0.6, 0.4];

    /// <summary>The distribution function, its complement and the density of a feature.</summary>
    public static (double Cdf, double Survival, double Density) Definition(double x, int feature)
    {
        var (cdf, survival, density) = (0.0, 0.0, 0.0);
        for (var k = 2 * feature; k < (2 * feature) + 2; k++)
        {
            var u = (x - Parameters[k]) * Parameters[4 + k];
            var (near, far) = (1 / (1 + Math.Exp(-u)), 1 / (1 + Math.Exp(u)));
            cdf += Parameters[8 + k] * near;
            survival += Parameters[8 + k] * far;
            density += Parameters[8 + k] * Parameters[4 + k] * near * far;
        }

        return (cdf, survival, density);
    }
}
