namespace FlowCore.Benchmarks.Gpu;

/// <summary>One case at one size on both devices.</summary>
internal readonly record struct GpuBenchmarkRow(string Bench, string Model, int Rows, double CpuMs, double GpuMs, long GpuBytesAllocated)
{
    public double Ratio => CpuMs / GpuMs;
}
