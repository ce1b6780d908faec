using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>d[k] += c[k] − e^b[k] Σ_j c[j]: result b, adjoint c of the result, adjoint d of the argument.</summary>
internal readonly struct SegmentLogSoftmaxAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var first = item * shape.Inner;
        var sum = Constant<V, T>.Zero;
        for (var k = first; k < first + shape.Inner; k++)
            sum += c.Load(k);
        for (var k = first; k < first + shape.Inner; k++)
            d.Store(k, d.Load(k) + V.FusedMultiplyAdd(-V.Exp(b.Load(k)), sum, c.Load(k)));
    }
}
