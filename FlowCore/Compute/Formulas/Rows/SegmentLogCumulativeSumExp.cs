using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>b[k] = ln Σ_{j ≤ k} e^a[j] within each segment of Inner columns, or over j ≥ k where reversed.</summary>
/// <remarks>The sum is kept relative to the largest number so far and scaled anew where that grows: no overflow, and no logarithm of a difference.</remarks>
internal readonly struct SegmentLogCumulativeSumExp<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var step = shape.Reversed != 0 ? -1 : 1;
        var at = (item * shape.Inner) + (shape.Reversed != 0 ? shape.Inner - 1 : 0);
        var largest = V.Constant(float.NegativeInfinity, double.NegativeInfinity);
        var sum = Constant<V, T>.Zero;
        for (var k = 0; k < shape.Inner; k++, at += step)
        {
            var value = a.Load(at);
            var next = V.Max(largest, value);
            var shift = LogSumExpFormula<V, T>.Shift(next);
            sum = V.FusedMultiplyAdd(sum, V.Exp(largest - shift), V.Exp(value - shift));
            b.Store(at, LogSumExpFormula<V, T>.Value(shift, sum));
            largest = next;
        }
    }
}
