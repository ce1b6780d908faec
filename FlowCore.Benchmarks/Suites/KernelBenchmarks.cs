using BenchmarkDotNet.Attributes;
using FlowCore.Benchmarks.Cases;
using FlowCore.Compute;

namespace FlowCore.Benchmarks.Suites;

/// <summary>The kernels of the quick mode under BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks : CaseBenchmarks
{
    private protected override IEnumerable<BenchmarkCase> Create()
    {
        yield return new("fma_peak", "", 0, 1, FmaPeak.Gflop, () => FmaPeak.Run());
        foreach (var benchmarkCase in KernelCases.On(new CpuDevice(1)))
            yield return benchmarkCase;
    }
}
