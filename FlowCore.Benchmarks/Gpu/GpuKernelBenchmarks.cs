using BenchmarkDotNet.Attributes;
using FlowCore.Benchmarks.Cases;
using FlowCore.Benchmarks.Suites;

namespace FlowCore.Benchmarks.Gpu;

/// <summary>The kernels on the best accelerator of this machine under BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class GpuKernelBenchmarks : CaseBenchmarks
{
    private protected override IEnumerable<BenchmarkCase> Create() => KernelCases.On(GpuBenchmark.Open("best"), batch: 1 << 16);
}
