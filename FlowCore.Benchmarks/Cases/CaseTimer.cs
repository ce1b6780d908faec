using System.Diagnostics;

namespace FlowCore.Benchmarks.Cases;

/// <summary>How both side-by-side modes time a case: repeats for a share of time, and what they allocate.</summary>
internal static class CaseTimer
{
    /// <summary>Runs a case once, and again until a time is over.</summary>
    /// <param name="benchmarkCase">The case.</param>
    /// <param name="duration">The time.</param>
    /// <param name="into">Receives the milliseconds of each run; null to warm up.</param>
    public static void Repeat(BenchmarkCase benchmarkCase, TimeSpan duration, List<double>? into)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            var before = Stopwatch.GetTimestamp();
            benchmarkCase.Run();
            into?.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(start) < duration);
    }

    /// <summary>Bytes per run over a few warm runs, all threads counted.</summary>
    public static long Allocation(BenchmarkCase benchmarkCase)
    {
        const int Runs = 4;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Runs; i++)
            benchmarkCase.Run();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / Runs;
    }
}
