using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>d[k] += c[s] at the first k with a[k] = b[s].</summary>
internal readonly struct SegmentMaxAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var first = item * shape.Inner;
        var zero = Constant<V, T>.Zero;
        var largest = b.Load(item);
        var adjoint = c.Load(item);
        for (var k = first; k < first + shape.Inner; k++)
        {
            // What the first one took is not there for the next.
            var hit = V.Equal(a.Load(k), largest);
            d.Store(k, d.Load(k) + V.Select(hit, adjoint, zero));
            adjoint = V.Select(hit, zero, adjoint);
        }
    }
}
