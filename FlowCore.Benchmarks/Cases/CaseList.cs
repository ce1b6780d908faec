namespace FlowCore.Benchmarks.Cases;

/// <summary>Every case, made anew with its own memory.</summary>
internal static class CaseList
{
    /// <summary>The cases for a number of threads, or for one thread and for all where that is not given.</summary>
    public static List<BenchmarkCase> All(int? threads)
    {
        int[] counts = threads is { } n ? [n] : Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : [1];
        var cases = new List<BenchmarkCase> { new("fma_peak", "", 0, 1, FmaPeak.Gflop, () => FmaPeak.Run()) };
        foreach (var count in counts)
        {
            _ = count;
        }

        return cases;
    }
}
