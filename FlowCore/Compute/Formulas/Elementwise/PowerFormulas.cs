using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Sign, magnitude, integer part and powers, each followed by its derivatives.</summary>
internal static class PowerFormulas
{
    /// <summary>−a; −1; 0.</summary>
    internal readonly struct Negate : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => -a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(-1);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Zero;
    }

    /// <summary>|a|; the sign, 0 at 0; 0.</summary>
    internal readonly struct Abs : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Abs(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) =>
            V.Select(V.LessThan(a, Constant<V, T>.Zero), Constant<V, T>.Of(-1), V.Select(V.Equal(a, Constant<V, T>.Zero), Constant<V, T>.Zero, Constant<V, T>.One));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Zero;
    }

    /// <summary>−1, 0 or 1, and NaN of NaN; 0; 0.</summary>
    internal readonly struct Sign : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) =>
            V.Select(V.LessThan(Constant<V, T>.Zero, a), Constant<V, T>.One, V.Select(V.LessThan(a, Constant<V, T>.Zero), Constant<V, T>.Of(-1), a));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Zero;
    }

    /// <summary>The largest integer not above a, and NaN of NaN; 0; 0.</summary>
    internal readonly struct Floor : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Floor(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Zero;
    }

    /// <summary>a²; 2a; 2.</summary>
    internal readonly struct Square : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => a * a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => a + a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(2);
    }

    /// <summary>a³; 3a²; 6a.</summary>
    internal readonly struct Cube : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => a * a * a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(3) * (a * a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(6) * a;
    }

    /// <summary>√a; 1 / (2√a); −1 / (4a√a).</summary>
    internal readonly struct Sqrt : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static double Lowest => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Sqrt(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(0.5) / y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(-0.25) / (y * y * y);
    }

    /// <summary>1 / a; −1 / a²; 2 / a³.</summary>
    internal readonly struct Reciprocal : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static double Lowest => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => Constant<V, T>.One / a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => -(y * y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(2) * y * y * y;
    }

    /// <summary>1 / √a; −y³ / 2; 3y⁵ / 4.</summary>
    internal readonly struct ReciprocalSqrt : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static double Lowest => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => Constant<V, T>.One / V.Sqrt(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(-0.5) * y * (y * y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var square = y * y;
            return Constant<V, T>.Of(0.75) * y * (square * square);
        }
    }
}
