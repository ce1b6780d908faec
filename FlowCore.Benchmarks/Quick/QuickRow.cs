namespace FlowCore.Benchmarks.Quick;

/// <summary>One row of the quick benchmark's result.</summary>
internal readonly record struct QuickRow(
    string Bench, string Model, int Rows, int Threads, double MedianMs, double P10Ms, long BytesAllocated, double Gflop, double PeakGflops);
