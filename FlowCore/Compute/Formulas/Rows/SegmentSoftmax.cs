using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[k] = e^a[k] / Σ_j e^a[j] within each segment of Inner columns.</summary>
internal readonly struct SegmentSoftmax<V, T, C> : IRowAlgorithm<C>
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
        {
            var value = V.Exp(a.Load(k) - largest);
            sum += value;
            b.Store(k, value);
        }

        var scale = Constant<V, T>.One / sum;
        for (var k = first; k < first + shape.Inner; k++)
            b.Store(k, b.Load(k) * scale);
    }
}
