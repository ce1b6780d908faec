namespace FlowCore.Diagnostics;

/// <summary>Searches in sorted numbers.</summary>
internal static class SortedNumbers
{
    /// <summary>How many are up to a level.</summary>
    public static int CountUpTo(double[] sorted, double level)
    {
        // The first index beyond the level, by bisection.
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] <= level ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
