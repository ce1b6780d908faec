namespace FlowCore.Numerics;

/// <summary>Nodes and weights of Gauss-Legendre quadrature: ∫₀¹ f ≈ Σ_q w_q f(ξ_q), exact for polynomials of degree 2n − 1.</summary>
/// <remarks>Newton's method on the Legendre polynomial, whose recurrence also gives the weights (Davis and Rabinowitz 1984, "Methods of numerical integration", section 2.7).</remarks>
internal static class GaussLegendre
{
    private const int Steps = 100;

    /// <summary>The rule on [0, 1], with its nodes in rising order.</summary>
    /// <param name="count">n, at least 1.</param>
    internal static (double[] Nodes, double[] Weights) OnUnitInterval(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var (nodes, weights) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            var t = -Math.Cos(Math.PI * (i + 0.75) / (count + 0.5));
            var slope = 0.0;
            for (var step = 0; step < Steps; step++)
            {
                double previous = 1, value = t;
                for (var k = 2; k <= count; k++)
                    (previous, value) = (value, ((((2 * k) - 1) * t * value) - ((k - 1) * previous)) / k);
                slope = count * ((t * value) - previous) / ((t * t) - 1);
                var change = value / slope;
                t -= change;
                if (Math.Abs(change) <= 1e-16)
                    break;
            }

            nodes[i] = 0.5 * (1 + t);
            weights[i] = 1 / ((1 - (t * t)) * slope * slope);
        }

        return (nodes, weights);
    }
}
