namespace FlowCore.Transforms;

/// <summary>Nodes and weights for integrals along one axis, ends at infinity included.</summary>
/// <remarks>
/// Midpoints of equal steps in u, with z = m + s sinh u on the real line, z = lower + s e^u on a half-line, and
/// z in the middle of an interval + half its width · tanh(½π sinh u) (Takahasi and Mori 1974): rules that converge exponentially
/// for smooth densities and stand tails that fall as powers.
/// </remarks>
internal sealed class QuadratureAxis
{
    private QuadratureAxis(int count)
    {
        Nodes = new double[count];
        Weights = new double[count];
        Edges = new double[count + 1];
    }

    public double[] Nodes { get; }

    public double[] Weights { get; }

    /// <summary>Where one node's share ends and the next begins.</summary>
    public double[] Edges { get; }

    /// <summary>Nodes for an axis; numbers drawn from the density tell where it is on an infinite one.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="samples">Numbers of the density.</param>
    /// <param name="count">How many nodes.</param>
    /// <param name="tails">How far u goes on the real line: to s/2 · e^tails, where the third power of a tail is below 10⁻¹⁷ by default.</param>
    /// <returns>The nodes.</returns>
    public static QuadratureAxis Create(Axis axis, double[] samples, int count, double tails = 14)
    {
        var sorted = samples.Order().ToArray();
        var (middle, scale) = (sorted[sorted.Length / 2], (sorted[3 * sorted.Length / 4] - sorted[sorted.Length / 4]) / 1.35);
        var (hasLower, hasUpper) = (double.IsFinite(axis.Lower), double.IsFinite(axis.Upper));
        var half = 0.5 * (axis.Upper - axis.Lower);
        return (axis.IsCircle, hasLower, hasUpper) switch
        {
            (true, _, _) => Fill(count, axis.Lower, axis.Upper, u => (u, 1)),
            (_, true, true) => Fill(count, -3.2, 3.2, u =>
            {
                var inner = 0.5 * Math.PI * Math.Sinh(u);
                return (axis.Lower + half + (half * Math.Tanh(inner)), half * 0.5 * Math.PI * Math.Cosh(u) / (Math.Cosh(inner) * Math.Cosh(inner)));
            }),
            (_, true, false) => Fill(count, -30, 16, u => (axis.Lower + ((middle - axis.Lower) * Math.Exp(u)), (middle - axis.Lower) * Math.Exp(u))),
            (_, false, true) => Fill(count, -16, 30, u => (axis.Upper - ((axis.Upper - middle) * Math.Exp(-u)), (axis.Upper - middle) * Math.Exp(-u))),
            _ => Fill(count, -tails, tails, u => (middle + (scale * Math.Sinh(u)), scale * Math.Cosh(u))),
        };
    }

    /// <summary>The distribution function at a number, from the probability of each node's share.</summary>
    public double Cumulative(double[] probabilities, double z)
    {
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (z < Edges[i + 1])
                return sum + (probabilities[i] * Math.Clamp((z - Edges[i]) / (Edges[i + 1] - Edges[i]), 0, 1));
            sum += probabilities[i];
        }

        return sum;
    }

    private static QuadratureAxis Fill(int count, double first, double last, Func<double, (double Value, double Slope)> map)
    {
        var result = new QuadratureAxis(count);
        var step = (last - first) / count;
        for (var i = 0; i < count; i++)
        {
            var (value, slope) = map(first + ((i + 0.5) * step));
            result.Nodes[i] = value;
            result.Weights[i] = step * slope;
            result.Edges[i] = map(first + (i * step)).Value;
        }

        result.Edges[count] = map(last).Value;
        return result;
    }
}
