namespace FlowCore.Benchmarks.Cases;

/// <summary>One thing to measure: what a row of the quick benchmark and a BenchmarkDotNet case share.</summary>
/// <param name="Bench">The kind: train_step, log_prob, sample, gemm, ...</param>
/// <param name="Model">The model or the size.</param>
/// <param name="Rows">How many rows one run processes.</param>
/// <param name="Threads">How many threads it may use.</param>
/// <param name="Gflop">The billions of floating-point operations of one run's matrix products (or of the kernel itself); 0 where that says nothing.</param>
/// <param name="Run">One run.</param>
internal sealed record BenchmarkCase(string Bench, string Model, int Rows, int Threads, double Gflop, Action Run)
{
    public override string ToString() => $"{Bench}/{Model}/{Rows}/{Threads}t";
}
