using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>d[k] += c[s] e^(a[k] − b[s]): argument a, result b, adjoint c of the result, adjoint d of the argument.</summary>
internal readonly struct SegmentLogSumExpAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var first = item * shape.Inner;
        var shift = LogSumExpFormula<V, T>.Shift(b.Load(item));
        var adjoint = c.Load(item);
        for (var k = first; k < first + shape.Inner; k++)
            d.Store(k, LogSumExpFormula<V, T>.Adjoint(a.Load(k), shift, adjoint, d.Load(k)));
    }
}
