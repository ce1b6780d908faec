using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Sine and cosine.</summary>
internal static class TrigonometricFunctions<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>sin a; cos a.</summary>
    internal readonly struct Sin : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Sin(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => LaneMath<V, T>.Cos(a);
    }

    /// <summary>cos a; −sin a.</summary>
    internal readonly struct Cos : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Cos(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => -LaneMath<V, T>.Sin(a);
    }
}
