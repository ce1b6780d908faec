using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>c[j] = the a[i] with b[i] = j; item j is a place.</summary>
internal readonly struct ColumnsByRank<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var place = Constant<V, T>.Zero;
        for (var j = 0; j < item; j++)
            place += Constant<V, T>.One;
        var value = a.Load(0);
        for (var i = 1; i < shape.Inner; i++)
            value = V.Select(V.Equal(b.Load(i), place), a.Load(i), value);
        c.Store(item, value);
    }
}
