using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[k] = a[k] − ln Σ_j e^a[j] within each segment of Inner columns.</summary>
/// <remarks>The largest number is subtracted first, so that numbers far from 0 keep their digits.</remarks>
internal readonly struct SegmentLogSoftmax<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var first = item * shape.Inner;
        var largest = a.Load(first);
        for (var k = 1; k < shape.Inner; k++)
            largest = V.Max(largest, a.Load(first + k));
        var sum = Constant<V, T>.Zero;
        for (var k = first; k < first + shape.Inner; k++)
            sum += V.Exp(a.Load(k) - largest);
        var shift = V.Log(sum);
        for (var k = first; k < first + shape.Inner; k++)
            b.Store(k, a.Load(k) - largest - shift);
    }
}
