using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Sign, magnitude and powers.</summary>
internal static class PowerFunctions<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>−a.</summary>
    internal readonly struct Negate : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => -a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => Constant<V, T>.Of(-1);
    }

    /// <summary>|a|; the derivative is the sign, 0 at 0.</summary>
    internal readonly struct Abs : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Abs(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => V.Select(V.LessThan(a, Constant<V, T>.Zero), Constant<V, T>.Of(-1), V.Select(V.Equal(a, Constant<V, T>.Zero), Constant<V, T>.Zero, Constant<V, T>.One));
    }

    /// <summary>a²; 2a.</summary>
    internal readonly struct Square : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => a * a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => a + a;
    }

    /// <summary>√a; 1 / (2√a).</summary>
    internal readonly struct Sqrt : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Sqrt(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => Constant<V, T>.Of(0.5) / y;
    }

    /// <summary>1 / a; −1 / a².</summary>
    internal readonly struct Reciprocal : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => Constant<V, T>.One / a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => -(y * y);
    }
}
