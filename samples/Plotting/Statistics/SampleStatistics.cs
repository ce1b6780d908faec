namespace Plotting;

/// <summary>Order statistics of samples that may hold values that are not finite. Thread-safe.</summary>
public static class SampleStatistics
{
    /// <summary>The largest magnitude that axes and automatic ranges take; what lies beyond is treated as infinite.</summary>
    internal const double Largest = 1e300;

    /// <summary>A range with some width around all finite values.</summary>
    /// <param name="values">The sample.</param>
    /// <returns>Smallest and largest finite value; widened if they are equal, (0, 1) if there is none.</returns>
    public static (double Min, double Max) Range(ReadOnlySpan<double> values)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (var v in values)
        {
            if (!(Math.Abs(v) <= Largest))
                continue;
            min = Math.Min(min, v);
            max = Math.Max(max, v);
        }
        return Widen(min, max);
    }

    /// <summary>Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996), over the values that are not NaN.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="probabilities">Probabilities in [0, 1].</param>
    /// <returns>One quantile per probability; NaN for an empty sample.</returns>
    /// <exception cref="ArgumentException">A probability is outside [0, 1].</exception>
    public static double[] Quantiles(ReadOnlySpan<double> values, params ReadOnlySpan<double> probabilities)
    {
        var sorted = new List<double>(values.Length);
        foreach (var v in values)
        {
            if (!double.IsNaN(v))
                sorted.Add(v);
        }
        sorted.Sort();
        var result = new double[probabilities.Length];
        for (var i = 0; i < result.Length; i++)
        {
            var p = probabilities[i];
            if (!(p is >= 0 and <= 1))
                throw new ArgumentException($"A probability must be in [0, 1], but one is {p}.", nameof(probabilities));
            if (sorted.Count == 0)
            {
                result[i] = double.NaN;
                continue;
            }
            var rank = p * (sorted.Count - 1);
            int low = (int)rank, high = Math.Min(low + 1, sorted.Count - 1);
            var t = rank - low;
            result[i] = t == 0 ? sorted[low] : sorted[low] * (1 - t) + sorted[high] * t;
        }
        return result;
    }

    /// <summary>Gives a range that may be empty or a point some width.</summary>
    internal static (double Min, double Max) Widen(double min, double max)
    {
        if (!(min <= max))
            return (0, 1);
        var scale = Math.Max(Math.Abs(min), Math.Abs(max));
        if (max - min > scale * 1e-12)
            return (min, max);
        // A range narrower than the numbers' own precision cannot be labelled.
        var half = scale == 0 ? 0.5 : scale <= 50 ? Math.Max(0.5 * Math.Min(scale, 1), scale * 1e-3) : 0.01 * scale;
        return (min - half, max + half);
    }
}
