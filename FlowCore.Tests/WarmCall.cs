namespace FlowCore.Tests;

/// <summary>What a call allocates once it is warm.</summary>
internal static class WarmCall
{
    /// <summary>The fewest bytes that one of a few repeats allocated on this thread: what the runtime itself takes when it compiles something again is in some of them only.</summary>
    public static long Allocated(Action call)
    {
        call();
        var allocated = long.MaxValue;
        for (var round = 0; round < 6 && allocated > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return allocated;
    }
}
