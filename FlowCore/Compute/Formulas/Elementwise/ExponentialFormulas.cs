using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Exponentials, logarithms and hyperbolic functions, each followed by its derivatives.</summary>
internal static class ExponentialFormulas
{
    /// <summary>e^a; the same; the same.</summary>
    internal readonly struct Exp : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Exp(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => y;
    }

    /// <summary>e^a − 1; e^a; e^a.</summary>
    internal readonly struct Expm1 : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Expm1(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => y + Constant<V, T>.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => y + Constant<V, T>.One;
    }

    /// <summary>ln a; 1 / a; −1 / a².</summary>
    internal readonly struct Log : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static double Lowest => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Log(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.One / a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(-1) / (a * a);
    }

    /// <summary>ln(1 + a); 1 / (1 + a); −1 / (1 + a)².</summary>
    internal readonly struct Log1p : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static double Lowest => -1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Log1p(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.One / (Constant<V, T>.One + a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var factor = Constant<V, T>.One / (Constant<V, T>.One + a);
            return -(factor * factor);
        }
    }

    /// <summary>ln(1 − e^−a); 1 / (e^a − 1); −d (1 + d) with d the first.</summary>
    internal readonly struct Log1mexp : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static double Lowest => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Log1mexp(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.One / LaneMath<V, T>.Expm1(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var derivative = Constant<V, T>.One / LaneMath<V, T>.Expm1(a);
            return V.FusedMultiplyAdd(-derivative, derivative, -derivative);
        }
    }

    /// <summary>sinh a; cosh a; sinh a.</summary>
    internal readonly struct Sinh : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Sinh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => LaneMath<V, T>.Cosh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => y;
    }

    /// <summary>cosh a; sinh a; cosh a.</summary>
    internal readonly struct Cosh : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Cosh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => LaneMath<V, T>.Sinh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => y;
    }

    /// <summary>arsinh a; 1 / √(1 + a²); −a / √(1 + a²)³.</summary>
    internal readonly struct Asinh : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Asinh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.One / LaneMath<V, T>.Hypot(a, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var factor = Constant<V, T>.One / LaneMath<V, T>.Hypot(a, Constant<V, T>.One);
            return -(a * factor) * (factor * factor);
        }
    }
}
