namespace FlowCore.Inference;

/// <summary>
/// The tail of importance weights: the generalised Pareto distribution, fitted to exceedances by the posterior mean of Zhang and Stephens ("A new and efficient estimation method for the
/// generalized Pareto distribution", Technometrics 51, 2009).
/// </summary>
internal static class ParetoTail
{
    // Fewer exceedances say nothing of a shape.
    private const int FewestExceedances = 5;

    /// <summary>The shape of the min(N/5, 3√N) largest weights; NaN of too few, −∞ where they do not differ.</summary>
    public static double ShapeOf(ReadOnlySpan<double> logWeights)
    {
        var count = (int)Math.Min(logWeights.Length / 5.0, 3 * Math.Sqrt(logWeights.Length));
        if (count < FewestExceedances)
            return double.NaN;
        var sorted = logWeights.ToArray();
        Array.Sort(sorted);
        var largest = sorted[^1];
        if (double.IsNegativeInfinity(largest))
            return double.NaN;
        // Relative to the largest, so that nothing overflows: the shape does not depend on the scale.
        var threshold = Math.Exp(sorted[^(count + 1)] - largest);
        var exceedances = new double[count];
        for (var i = 0; i < count; i++)
            exceedances[i] = Math.Exp(sorted[sorted.Length - count + i] - largest) - threshold;
        return exceedances[^1] <= 1e-12 ? double.NegativeInfinity : Fit(exceedances);
    }

    /// <summary>The shape k of F(x) = 1 − (1 + k x/σ)^(−1/k), of positive numbers in ascending order.</summary>
    public static double Fit(ReadOnlySpan<double> x)
    {
        // The parameter is θ = −k/σ: for each, the likelihood is largest at k = mean ln(1 − θ x), and θ is averaged over the profile likelihood on a grid that follows the data.
        var n = x.Length;
        var points = 20 + (int)Math.Sqrt(n);
        var quartile = x[Math.Max((int)((n / 4.0) + 0.5) - 1, 0)];
        var (thetas, logs) = (new double[points], new double[points]);
        for (var j = 0; j < points; j++)
        {
            thetas[j] = (1 / x[^1]) + ((1 - Math.Sqrt(points / (j + 0.5))) / (3 * Math.Max(quartile, 1e-12 * x[^1])));
            var k = MeanLog(x, thetas[j]);
            logs[j] = n * (Math.Log(-thetas[j] / k) - k - 1);
        }

        var norm = LogWeights.LogSum<double>(logs);
        double theta = 0;
        for (var j = 0; j < points; j++)
            theta += thetas[j] * Math.Exp(logs[j] - norm);
        return MeanLog(x, theta);
    }

    private static double MeanLog(ReadOnlySpan<double> x, double theta)
    {
        double sum = 0;
        foreach (var value in x)
            sum += double.LogP1(-theta * value);
        return sum / x.Length;
    }
}
