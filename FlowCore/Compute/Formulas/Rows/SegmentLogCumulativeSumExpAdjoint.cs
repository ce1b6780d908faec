using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>d[k] += e^(a[k] − b[k]) h[k] with h[k] = c[k] + e^(b[k] − b[k+1]) h[k+1]: argument a, result b, adjoint c of the result, adjoint d of the argument.</summary>
/// <remarks>d[k] is Σ_{j ≥ k} c[j] e^(a[k] − b[j]); b rises, so no exponent is positive.</remarks>
internal readonly struct SegmentLogCumulativeSumExpAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var step = shape.Reversed != 0 ? 1 : -1;
        var at = (item * shape.Inner) + (shape.Reversed != 0 ? 0 : shape.Inner - 1);
        var later = Constant<V, T>.Zero;
        var sum = Constant<V, T>.Zero;
        for (var k = 0; k < shape.Inner; k++, at += step)
        {
            var result = b.Load(at);
            var decay = k == 0 ? Constant<V, T>.Zero : V.Exp(result - later);
            sum = V.FusedMultiplyAdd(decay, sum, c.Load(at));
            later = LogSumExpFormula<V, T>.Shift(result);
            d.Store(at, V.FusedMultiplyAdd(V.Exp(a.Load(at) - later), sum, d.Load(at)));
        }
    }
}
