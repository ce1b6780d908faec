using BenchmarkDotNet.Attributes;
using FlowCore.Benchmarks.Cases;
using FlowCore.Benchmarks.Suites;

namespace FlowCore.Benchmarks.Gpu;

/// <summary>The models on the best accelerator of this machine under BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class GpuModelBenchmarks : CaseBenchmarks
{
    private protected override IEnumerable<BenchmarkCase> Create() => ModelCases.On(GpuBenchmark.Open("best"));
}
