namespace FlowCore.Statistics;

/// <summary>The upper tail of Σ Z_j² / λ_j with independent standard normal Z_j, of which the limits of Cramér-von Mises and Anderson-Darling are two.</summary>
/// <remarks>
/// P(Q &gt; x) = 1/π Σ_k (−1)^(k+1) ∫ from λ_(2k−1) to λ_2k of e^(−xy/2) / (y √|D(y)|) dy with D(y) = Π (1 − y/λ_j) (N. V. Smirnov, 1937; J. Durbin,
/// "Distribution theory for tests based on the sample distribution function", 1973, section 4.4). The root at both ends goes away with the substitution
/// r = centre − half · cos θ, and the midpoint rule in θ converges exponentially.
/// </remarks>
internal static class QuadraticLimit
{
    /// <summary>The kinds of D.</summary>
    internal enum Kind
    {
        /// <summary>λ_j = j²π².</summary>
        CramerVonMises,

        /// <summary>λ_j = j(j + 1).</summary>
        AndersonDarling,
    }

    /// <summary>P(Q &gt; x).</summary>
    internal static double Survival(double x, Kind kind, double smallest)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (x <= smallest)
            return 1;
        var log = kind == Kind.CramerVonMises ? 0.5 * Math.PI * Math.PI * x : x;

        // The weight of the first piece falls within 1/√x of its lower end.
        var nodes = 64 + (int)(24 * Math.Sqrt(Math.Min(log, 1e6)));
        var sum = 0.0;
        for (var k = 1; ; k++)
        {
            var piece = 0.0;
            for (var i = 0; i < nodes; i++)
            {
                var theta = (i + 0.5) * Math.PI / nodes;
                piece += kind == Kind.CramerVonMises ? CramerVonMises(x, k, theta) : AndersonDarling(x, k, theta);
            }

            // Everything is relative to e^(−xλ₁/2), which is multiplied last: no floor.
            piece /= nodes;
            sum += k % 2 == 1 ? piece : -piece;
            if (piece <= 1e-17 * sum || k > 400)
                return Math.Clamp(sum * Math.Exp(-log), 0, 1);
        }
    }

    // y = (πr)², r from 2k − 1 to 2k: dy/y = 2 dr/r, D = sin(πr)/(πr).
    private static double CramerVonMises(double x, int k, double theta)
    {
        var (sine, half) = (Math.Sin(theta), Math.Sin(theta / 2));
        var distance = half * half;
        var r = (2 * k) - 1 + distance;
        var exponent = 0.5 * Math.PI * Math.PI * x * (r - 1) * (r + 1);
        return sine / r * Math.Sqrt(Math.PI * r / Math.Sin(Math.PI * Math.Min(distance, 1 - distance))) * Math.Exp(-exponent);
    }

    // y = (r² − 1)/4, r from 4k − 1 to 4k + 1: D = −cos(πr/2)/(πy), dy = r dr/2.
    private static double AndersonDarling(double x, int k, double theta)
    {
        var (sine, half) = (Math.Sin(theta), Math.Sin(theta / 2));
        var distance = 2 * half * half;
        var r = (4 * k) - 1 + distance;
        var y = (r - 1) * (r + 1) / 4;
        var exponent = 0.5 * x * (y - 2);
        return 0.5 * r * sine * Math.Sqrt(Math.PI / y / Math.Sin(Math.PI / 2 * Math.Min(distance, 2 - distance))) * Math.Exp(-exponent);
    }
}
