using BenchmarkDotNet.Attributes;
using FlowCore.Benchmarks.Cases;

namespace FlowCore.Benchmarks.Suites;

/// <summary>One BenchmarkDotNet benchmark over a list of cases, chosen by name.</summary>
public abstract class CaseBenchmarks
{
    private Dictionary<string, BenchmarkCase> _cases = [];
    private Action _run = () => { };

    /// <summary>The names of the cases.</summary>
    public IEnumerable<string> Names => Create().Select(benchmarkCase => benchmarkCase.ToString());

    /// <summary>Which case runs.</summary>
    [ParamsSource(nameof(Names))]
    public string Case { get; set; } = "";

    /// <summary>Makes the cases and picks one.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _cases = Create().ToDictionary(benchmarkCase => benchmarkCase.ToString());
        _run = _cases[Case].Run;
    }

    /// <summary>Runs the case.</summary>
    [Benchmark]
    public void Run() => _run();

    private protected abstract IEnumerable<BenchmarkCase> Create();
}
