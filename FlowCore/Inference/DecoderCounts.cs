using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;
using FlowCore.Statistics;

namespace FlowCore.Inference;

/// <summary>Likelihoods and draws of counts.</summary>
internal static class DecoderCounts
{
    private const int Shift = 8;

    private static readonly double _halfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    // The asymptotic series of ln Γ (Abramowitz and Stegun 6.1.41), used from 8 on: the first term left out is below 10⁻¹¹ there.
    private static readonly double[] _series = [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680];

    /// <summary>ln p(n) of each count.</summary>
    /// <param name="n">The counts.</param>
    /// <param name="logMean">ln m.</param>
    /// <param name="logShape">ln r; "no variable" for Poisson.</param>
    public static Variable<T> LogProbability<T>(Variable<T> n, Variable<T> logMean, Variable<T> logShape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var factorial = LogGamma(n + T.One);
        if (logShape.IsNone)
            return (n * logMean) - logMean.Exp() - factorial;

        // ln(m/(r + m)) = −softplus(ln r − ln m), and the other way round.
        var shape = logShape.Exp();
        var difference = logShape - logMean;
        return LogGamma(n + shape) - LogGamma(shape) - factorial - (shape * (-difference).Softplus()) - (n * difference.Softplus());
    }

    /// <summary>A count of a distribution; it takes the first two numbers of its stream.</summary>
    /// <param name="mean">m.</param>
    /// <param name="shape">r; infinite for Poisson.</param>
    /// <param name="stream">The stream, of the count alone.</param>
    public static double Draw(double mean, double shape, RandomStream stream)
    {
        Span<double> uniform = stackalloc double[2];
        stream.FillUniform(uniform);
        if (double.IsFinite(shape))
            mean *= GammaDistribution.Quantile(shape, uniform[1]) / shape;

        // The least n with P(N ≤ n) = Q(n + 1, m) ≥ u: doubling, then bisection.
        var (low, high) = (-1.0, Math.Max(1, Math.Ceiling(mean)));
        while (SpecialFunctions.GammaQ(high + 1, mean) < uniform[0])
            (low, high) = (high, 2 * high);
        while (high - low > 1)
        {
            var middle = Math.Floor((low + high) / 2);
            if (SpecialFunctions.GammaQ(middle + 1, mean) < uniform[0])
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    // ln Γ(x) for x > 0 = series at x + 8 − ln x (x + 1) … (x + 7), the product in two halves that do not overflow.
    private static Variable<T> LogGamma<T>(Variable<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (low, high) = (x, x + T.CreateChecked(Shift / 2));
        for (var i = 1; i < Shift / 2; i++)
        {
            low *= x + T.CreateChecked(i);
            high *= x + T.CreateChecked(i + (Shift / 2));
        }

        var y = x + T.CreateChecked(Shift);
        var inverse = y.Reciprocal();
        var square = inverse.Square();
        var series = (square * T.CreateTruncating(_series[^1])) + T.CreateTruncating(_series[^2]);
        for (var i = _series.Length - 3; i >= 0; i--)
            series = (series * square) + T.CreateTruncating(_series[i]);
        return ((y - T.CreateTruncating(0.5)) * y.Log()) - y + T.CreateTruncating(_halfLogTwoPi) + (series * inverse) - low.Log() - high.Log();
    }
}
