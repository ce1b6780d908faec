using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[i] = the place of a[i] among all Inner columns in rising order, from 0; item i is a column.</summary>
/// <remarks>Equal numbers keep their order and NaN comes last, so the places are a permutation whatever the numbers are.</remarks>
internal readonly struct ColumnRank<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var zero = Constant<V, T>.Zero;
        var one = Constant<V, T>.One;
        var value = a.Load(item);
        var rank = zero;
        for (var j = 0; j < item; j++)
            rank += V.Select(IsLess(value, a.Load(j)), zero, one);
        for (var j = item + 1; j < shape.Inner; j++)
            rank += V.Select(IsLess(a.Load(j), value), one, zero);
        b.Store(item, rank);
    }

    // x < y, or y alone is NaN: numbers are equal to themselves, NaN is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V IsLess(V x, V y)
    {
        var less = V.LessThan(x, y);
        return V.Select(V.Equal(y, y), less, V.Equal(x, x));
    }
}
