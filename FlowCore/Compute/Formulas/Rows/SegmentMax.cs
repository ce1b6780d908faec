using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[s] = max_k a[s·K + k]; item s is a segment of K = Inner columns.</summary>
internal readonly struct SegmentMax<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var first = item * shape.Inner;
        var largest = a.Load(first);
        for (var k = 1; k < shape.Inner; k++)
            largest = V.Max(largest, a.Load(first + k));
        b.Store(item, largest);
    }
}
