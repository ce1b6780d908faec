using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Exponentials and logarithms.</summary>
internal static class ExponentialFunctions<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>e^a; the same.</summary>
    internal readonly struct Exp : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Exp(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => y;
    }

    /// <summary>e^a − 1; e^a.</summary>
    internal readonly struct Expm1 : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Expm1(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => y + Constant<V, T>.One;
    }

    /// <summary>ln a; 1 / a.</summary>
    internal readonly struct Log : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Log(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => Constant<V, T>.One / a;
    }

    /// <summary>ln(1 + a); 1 / (1 + a).</summary>
    internal readonly struct Log1p : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Log1p(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => Constant<V, T>.One / (Constant<V, T>.One + a);
    }
}
