using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The activations of networks as elementwise functions.</summary>
/// <remarks>
/// Derivatives are taken of the result y alone, so that a layer need not keep its pre-activation; GELU and SiLU take them of
/// the argument a alone (<see cref="Kernels{T}.NeedsPreActivation"/>). What a derivative does not look at may be anything.
/// </remarks>
internal static class ActivationFunctions<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a; 1.</summary>
    internal readonly struct Identity : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => Constant<V, T>.One;
    }

    /// <summary>max(a, 0), which keeps NaN, as the comparison is then false; the derivative is 0 at 0.</summary>
    internal readonly struct ReLU : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Select(V.LessThan(a, Constant<V, T>.Zero), Constant<V, T>.Zero, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => V.Select(V.LessThan(Constant<V, T>.Zero, y), Constant<V, T>.One, Constant<V, T>.Zero);
    }

    /// <summary>a above 0, else e^a − 1; 1 or e^a = y + 1.</summary>
    internal readonly struct Elu : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Select(V.LessThan(Constant<V, T>.Zero, a), a, LaneMath<V, T>.Expm1(a));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => V.Select(V.LessThan(Constant<V, T>.Zero, y), Constant<V, T>.One, y + Constant<V, T>.One);
    }

    /// <summary>a·Φ(a); Φ(a) + a·φ(a) with φ(a) = e^(−a²/2) / √(2π).</summary>
    internal readonly struct Gelu : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => a * LaneMath<V, T>.NormalCdf(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y)
        {
            var cdf = LaneMath<V, T>.NormalCdf(a, out var gaussian);
            return V.FusedMultiplyAdd(a * Constant<V, T>.Of(0.3989422804014327), gaussian, cdf);
        }
    }

    /// <summary>a·σ(a); σ (1 + a (1 − σ)).</summary>
    internal readonly struct Silu : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => a * LaneMath<V, T>.Sigmoid(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y)
        {
            var sigmoid = LaneMath<V, T>.Sigmoid(a);
            return sigmoid * V.FusedMultiplyAdd(a, Constant<V, T>.One - sigmoid, Constant<V, T>.One);
        }
    }

    /// <summary>tanh a; 1 − y².</summary>
    internal readonly struct Tanh : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Tanh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => V.FusedMultiplyAdd(-y, y, Constant<V, T>.One);
    }

    /// <summary>1 / (1 + e^−a); y (1 − y).</summary>
    internal readonly struct Sigmoid : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Sigmoid(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => V.FusedMultiplyAdd(-y, y, y);
    }

    /// <summary>ln(1 + e^a); 1 / (1 + e^−a) = 1 − e^−y.</summary>
    internal readonly struct Softplus : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => LaneMath<V, T>.Softplus(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => -LaneMath<V, T>.Expm1(-y);
    }

    /// <summary>a above 0, else a / 100.</summary>
    internal readonly struct LeakyReLU : IUnaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a) => V.Select(V.LessThan(Constant<V, T>.Zero, a), a, a * Constant<V, T>.Of(0.01));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Derivative(V a, V y) => V.Select(V.LessThan(Constant<V, T>.Zero, y), Constant<V, T>.One, Constant<V, T>.Of(0.01));
    }
}
