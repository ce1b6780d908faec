namespace FlowCore.Diagnostics;

/// <summary>p-values of many tests at once.</summary>
public static class MultipleTests
{
    /// <summary>
    /// Corrects p-values so that the chance of any false alarm stays below a level, whatever the tests have to do with each other: the k-th smallest is
    /// multiplied by n − k + 1, and none is below a smaller one (S. Holm, "A simple sequentially rejective multiple test procedure", 1979).
    /// </summary>
    /// <param name="pValues">The p-values in any order, each in [0, 1].</param>
    /// <returns>The corrected ones in the same order, at most 1.</returns>
    /// <exception cref="ArgumentException">A p-value is NaN or outside of [0, 1].</exception>
    public static double[] Holm(ReadOnlySpan<double> pValues)
    {
        var order = new int[pValues.Length];
        for (var i = 0; i < order.Length; i++)
        {
            if (!(pValues[i] >= 0 && pValues[i] <= 1))
                throw new ArgumentException($"Expected p-values in [0, 1], got {pValues[i]} for test {i}.", nameof(pValues));
            order[i] = i;
        }

        Array.Sort(pValues.ToArray(), order);
        var corrected = new double[order.Length];
        var largest = 0.0;
        for (var k = 0; k < order.Length; k++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - k) * pValues[order[k]]));
            corrected[order[k]] = largest;
        }

        return corrected;
    }
}
