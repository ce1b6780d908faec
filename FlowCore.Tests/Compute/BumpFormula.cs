using System.Runtime.CompilerServices;
using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>e^(−a²); −2a y; (4a² − 2) y: the function of docs/extending.md, compiled.</summary>
internal readonly struct BumpFormula : IUnaryFormula
{
    public static bool DerivativeNeedsArgument => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IUnaryFormula.Value<V, T>(V a) => V.Exp(-(a * a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(-2) * a * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => V.FusedMultiplyAdd(Constant<V, T>.Of(4) * a, a, Constant<V, T>.Of(-2)) * y;
}
