using FlowCore.Compute;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Every case, made anew with memory of its own.</summary>
internal static class CaseList
{
    /// <summary>The cases for a number of threads; where none is given, the models for one thread and for all.</summary>
    public static List<BenchmarkCase> All(int? threads)
    {
        var cases = new List<BenchmarkCase> { new("fma_peak", "", 0, 1, FmaPeak.Gflop, () => FmaPeak.Run()) };
        cases.AddRange(KernelCases.On(new CpuDevice(1)));
        foreach (var count in Counts(threads))
            cases.AddRange(ModelCases.On(new CpuDevice(count)));
        return cases;
    }

    /// <summary>The cases of the ready-made flows, for a number of threads; where none is given, for one thread and for all.</summary>
    public static List<BenchmarkCase> Zoo(int? threads) => [.. Counts(threads).SelectMany(count => ZooCases.On(new CpuDevice(count)))];

    /// <summary>The cases of densities on products of manifolds, for a number of threads; where none is given, for one thread and for all.</summary>
    public static List<BenchmarkCase> Manifolds(int? threads) => [.. Counts(threads).SelectMany(count => ManifoldCases.On(new CpuDevice(count)))];

    /// <summary>The cases of continuous flows, for a number of threads; where none is given, for one thread and for all.</summary>
    public static List<BenchmarkCase> Continuous(int? threads) => [.. Counts(threads).SelectMany(count => ContinuousCases.On(new CpuDevice(count)))];

    /// <summary>The cases of fields: convolutions on one thread, flows for a number of threads; where none is given, for one thread and for all.</summary>
    public static List<BenchmarkCase> Fields(int? threads) =>
        [.. FieldCases.Convolutions(new CpuDevice(1)), .. Counts(threads).SelectMany(count => FieldCases.On(new CpuDevice(count)))];

    private static int[] Counts(int? threads) => threads is { } given ? [given] : Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : [1];
}
