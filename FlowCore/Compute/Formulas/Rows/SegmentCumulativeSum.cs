using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[k] (+)= the sum of a up to k, or from k on, with or without a[k]; item s is a segment of Inner columns.</summary>
/// <remarks>The adjoint of a running sum is the running sum of the adjoint from the other end.</remarks>
internal readonly struct SegmentCumulativeSum<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var step = shape.Reversed != 0 ? -1 : 1;
        var at = (item * shape.Inner) + (shape.Reversed != 0 ? shape.Inner - 1 : 0);
        var sum = Constant<V, T>.Zero;
        for (var k = 0; k < shape.Inner; k++, at += step)
        {
            var next = sum + a.Load(at);
            var value = shape.Exclusive != 0 ? sum : next;
            b.Store(at, shape.Accumulate != 0 ? b.Load(at) + value : value);
            sum = next;
        }
    }
}
