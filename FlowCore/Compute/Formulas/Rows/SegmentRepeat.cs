using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[s·K + k] (+)= a[s]; item s is a segment of K = Inner columns.</summary>
internal readonly struct SegmentRepeat<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var first = item * shape.Inner;
        var value = a.Load(item);
        for (var k = first; k < first + shape.Inner; k++)
            b.Store(k, shape.Accumulate != 0 ? b.Load(k) + value : value);
    }
}
