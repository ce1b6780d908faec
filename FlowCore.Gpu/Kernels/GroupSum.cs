using System.Numerics;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>Sums over the threads of a group, in an order that depends on the size of the group alone.</summary>
/// <remarks>Warp shuffles and the ready-made reductions do not run on every device; shared memory and barriers do.</remarks>
internal static class GroupSum
{
    /// <summary>The largest group that may be summed over.</summary>
    public const int MaximumThreads = 256;

    /// <summary>The sum of all threads' numbers, valid in the first thread. All threads of a group of 2ⁿ threads call it.</summary>
    public static V Of<V, T>(V value)
        where V : unmanaged, INumberLane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var shared = SharedMemory.Allocate<T>(MaximumThreads);
        var thread = Group.IdxX;
        shared[thread] = V.ToNumber(value);
        for (var half = Group.DimX >> 1; half > 0; half >>= 1)
        {
            Group.Barrier();
            if (thread < half)
                shared[thread] = V.ToNumber(V.Create(shared[thread]) + V.Create(shared[thread + half]));
        }

        var sum = V.Create(shared[0]);

        // Nobody may write the next number before the first thread has read this sum.
        Group.Barrier();
        return sum;
    }
}
