using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[s] = ln Σ_k e^a[s·K + k]; item s is a segment of K = Inner columns.</summary>
internal readonly struct SegmentLogSumExp<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e) =>
        b.Store(item, Of(a, item * shape.Inner, shape.Inner));

    /// <summary>The logarithm of the sum of the exponentials of some columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Of(C x, int first, int count)
    {
        var largest = x.Load(first);
        for (var k = 1; k < count; k++)
            largest = V.Max(largest, x.Load(first + k));
        var shift = LogSumExpFormula<V, T>.Shift(largest);
        var sum = Constant<V, T>.Zero;
        for (var k = 0; k < count; k++)
            sum += V.Exp(x.Load(first + k) - shift);
        return LogSumExpFormula<V, T>.Value(shift, sum);
    }
}
