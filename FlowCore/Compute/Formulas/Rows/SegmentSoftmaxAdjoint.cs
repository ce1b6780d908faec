using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>d[k] += b[k] (c[k] − Σ_j b[j] c[j]): result b, adjoint c of the result, adjoint d of the argument.</summary>
internal readonly struct SegmentSoftmaxAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var first = item * shape.Inner;
        var mean = Constant<V, T>.Zero;
        for (var k = first; k < first + shape.Inner; k++)
            mean = V.FusedMultiplyAdd(b.Load(k), c.Load(k), mean);
        for (var k = first; k < first + shape.Inner; k++)
            d.Store(k, V.FusedMultiplyAdd(b.Load(k), c.Load(k) - mean, d.Load(k)));
    }
}
