using FlowCore.Training;

namespace FlowCore.Tests.Training;

/// <summary>
/// Rows of another source, and what the threads that ask for them allocate from one question to the next: everything
/// that a step does on the workers and on the caller's thread, and nothing of what a test host does beside it.
/// </summary>
internal sealed class AllocationMeter(ITrainingData<double> rows) : ITrainingData<double>
{
    [ThreadStatic]
    private static AllocationMeter? _meter;

    [ThreadStatic]
    private static long _allocated;

    private long _sum;

    public long? Rows => rows.Rows;

    /// <summary>The bytes since it was last asked.</summary>
    public long Take() => Interlocked.Exchange(ref _sum, 0);

    public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        if (ReferenceEquals(_meter, this))
            Interlocked.Add(ref _sum, allocated - _allocated);
        _meter = this;
        _allocated = allocated;
        rows.Fill(request, x, context, nuisances, weights);
    }
}
