using System.Numerics;

namespace FlowCore.Inference;

/// <summary>Sums of weights that are given by their logarithms, in double and without overflow.</summary>
internal static class LogWeights
{
    /// <summary>ln Σ e^(f l), −∞ where all are 0.</summary>
    public static double LogSum<T>(ReadOnlySpan<T> logs, double factor = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var largest = double.NegativeInfinity;
        foreach (var log in logs)
            largest = Math.Max(largest, factor * double.CreateTruncating(log));
        if (double.IsInfinity(largest))
            return largest;
        double sum = 0;
        foreach (var log in logs)
            sum += Math.Exp((factor * double.CreateTruncating(log)) - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>ln of the mean of e^l.</summary>
    public static double LogMean<T>(ReadOnlySpan<T> logs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => LogSum(logs) - Math.Log(logs.Length);

    /// <summary>(Σ w)² / Σ w², between 1 and the number of weights; 0 where all are 0.</summary>
    public static double EffectiveSampleSize<T>(ReadOnlySpan<T> logs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum = LogSum(logs);
        return double.IsNegativeInfinity(sum) ? 0 : Math.Exp((2 * sum) - LogSum(logs, 2));
    }
}
