using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>c[i] += a[b[i]]: adjoint a of the sorted numbers, places b, adjoint c of the argument; item i is a column.</summary>
internal readonly struct ColumnsByRankAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var rank = b.Load(item);
        var place = Constant<V, T>.Zero;
        var value = a.Load(0);
        for (var j = 1; j < shape.Inner; j++)
        {
            place += Constant<V, T>.One;
            value = V.Select(V.Equal(rank, place), a.Load(j), value);
        }

        c.Store(item, c.Load(item) + value);
    }
}
