using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Trigonometric functions and their inverses, each followed by its derivatives.</summary>
internal static class TrigonometricFormulas
{
    /// <summary>sin a; cos a; −sin a.</summary>
    internal readonly struct Sin : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Sin(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => LaneMath<V, T>.Cos(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => -y;
    }

    /// <summary>cos a; −sin a; −cos a.</summary>
    internal readonly struct Cos : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Cos(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => -LaneMath<V, T>.Sin(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => -y;
    }

    /// <summary>tan a; 1 + y²; 2y (1 + y²).</summary>
    internal readonly struct Tan : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static double Lowest => -Math.PI / 2;

        public static double Highest => Math.PI / 2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Tan(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => V.FusedMultiplyAdd(y, y, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => (y + y) * V.FusedMultiplyAdd(y, y, Constant<V, T>.One);
    }

    /// <summary>arcsin a; 1 / √(1 − a²); a / √(1 − a²)³.</summary>
    internal readonly struct Asin : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static double Lowest => -1;

        public static double Highest => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Asin(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.One / V.Sqrt((Constant<V, T>.One - a) * (Constant<V, T>.One + a));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var square = (Constant<V, T>.One - a) * (Constant<V, T>.One + a);
            return a / (square * V.Sqrt(square));
        }
    }

    /// <summary>arccos a; −1 / √(1 − a²); −a / √(1 − a²)³.</summary>
    internal readonly struct Acos : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static double Lowest => -1;

        public static double Highest => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Acos(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(-1) / V.Sqrt((Constant<V, T>.One - a) * (Constant<V, T>.One + a));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var square = (Constant<V, T>.One - a) * (Constant<V, T>.One + a);
            return -(a / (square * V.Sqrt(square)));
        }
    }

    /// <summary>arctan a; 1 / (1 + a²); −2a / (1 + a²)².</summary>
    internal readonly struct Atan : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Atan(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.One / V.FusedMultiplyAdd(a, a, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var factor = Constant<V, T>.One / V.FusedMultiplyAdd(a, a, Constant<V, T>.One);
            return Constant<V, T>.Of(-2) * (a * factor) * factor;
        }
    }
}
