using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// ln Σ e^x without overflow, in lanes: m + ln Σ e^(x − m) with m the largest x, or 0 where that is infinite, as then the plain
/// sum gives the limit.
/// </summary>
internal static class LogSumExpFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What is subtracted from the exponents, of the largest of them or of the result: 0 for ±∞; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Shift(V a) =>
        V.Select(V.Equal(V.Abs(a), V.Constant(float.PositiveInfinity, double.PositiveInfinity)), Constant<V, T>.Zero, a);

    /// <summary>The result, of the shift and the sum of the shifted exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value(V shift, V sum) => shift + V.Log(sum);

    /// <summary>dx + dy e^(x − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Adjoint(V x, V shift, V adjoint, V dx) => V.FusedMultiplyAdd(adjoint, V.Exp(x - shift), dx);
}
