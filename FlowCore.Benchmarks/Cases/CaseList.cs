using FlowCore.Compute;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Every case, made anew with memory of its own.</summary>
internal static class CaseList
{
    /// <summary>The cases for a number of threads; where none is given, the models for one thread and for all.</summary>
    public static List<BenchmarkCase> All(int? threads)
    {
        int[] counts = threads is { } given ? [given] : Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : [1];
        var cases = new List<BenchmarkCase> { new("fma_peak", "", 0, 1, FmaPeak.Gflop, () => FmaPeak.Run()) };
        cases.AddRange(KernelCases.On(new CpuDevice(1)));
        foreach (var count in counts)
            cases.AddRange(ModelCases.On(new CpuDevice(count)));
        return cases;
    }
}
