using BenchmarkDotNet.Attributes;
using FlowCore.Benchmarks.Cases;
using FlowCore.Compute;

namespace FlowCore.Benchmarks.Suites;

/// <summary>The models of the quick mode under BenchmarkDotNet, on one thread and on all.</summary>
[MemoryDiagnoser]
public class ModelBenchmarks : CaseBenchmarks
{
    private protected override IEnumerable<BenchmarkCase> Create()
    {
        foreach (var benchmarkCase in ModelCases.On(new CpuDevice(1)))
            yield return benchmarkCase;
        if (Environment.ProcessorCount > 1)
        {
            foreach (var benchmarkCase in ModelCases.On(Device.Cpu))
                yield return benchmarkCase;
        }
    }
}
