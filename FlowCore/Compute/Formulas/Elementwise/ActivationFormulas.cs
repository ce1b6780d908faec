using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The activations of networks. Each is followed by its derivatives; most take them of the result y alone, so that a layer need not keep its pre-activation.</summary>
internal static class ActivationFormulas
{
    /// <summary>a; 1; 0.</summary>
    internal readonly struct Identity : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => a;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Zero;
    }

    /// <summary>max(a, 0), which keeps NaN, as the comparison is then false; 1 above 0, else 0; 0.</summary>
    internal readonly struct ReLU : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Select(V.LessThan(a, Constant<V, T>.Zero), Constant<V, T>.Zero, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => V.Select(V.LessThan(Constant<V, T>.Zero, y), Constant<V, T>.One, Constant<V, T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Zero;
    }

    /// <summary>a above 0, else e^a − 1; 1 or e^a = y + 1; 0 or y + 1.</summary>
    internal readonly struct Elu : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Select(V.LessThan(Constant<V, T>.Zero, a), a, LaneMath<V, T>.Expm1(a));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => V.Select(V.LessThan(Constant<V, T>.Zero, y), Constant<V, T>.One, y + Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => V.Select(V.LessThan(Constant<V, T>.Zero, y), Constant<V, T>.Zero, y + Constant<V, T>.One);
    }

    /// <summary>e^min(a, 0), which is Elu'; y below 0, else 0; the same.</summary>
    internal readonly struct EluSlope : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Exp(V.Select(V.LessThan(Constant<V, T>.Zero, a), Constant<V, T>.Zero, a));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => V.Select(V.LessThan(a, Constant<V, T>.Zero), y, Constant<V, T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => V.Select(V.LessThan(a, Constant<V, T>.Zero), y, Constant<V, T>.Zero);
    }

    /// <summary>a·Φ(a); Φ(a) + a·φ(a) with φ(a) = e^(−a²/2) / √(2π); (2 − a²) φ(a).</summary>
    internal readonly struct Gelu : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => a * LaneMath<V, T>.NormalCdf(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y)
        {
            var cdf = LaneMath<V, T>.NormalCdf(a, out var gaussian);
            return V.FusedMultiplyAdd(a * Constant<V, T>.Of(0.3989422804014327), gaussian, cdf);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) =>
            V.FusedMultiplyAdd(-a, a, Constant<V, T>.Of(2)) * (Constant<V, T>.Of(0.3989422804014327) * LaneMath<V, T>.Gaussian(a));
    }

    /// <summary>a·σ(a); σ (1 + a (1 − σ)); σ (1 − σ) (2 + a (1 − 2σ)).</summary>
    internal readonly struct Silu : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => a * LaneMath<V, T>.Sigmoid(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y)
        {
            var sigmoid = LaneMath<V, T>.Sigmoid(a);
            return sigmoid * V.FusedMultiplyAdd(a, Constant<V, T>.One - sigmoid, Constant<V, T>.One);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var sigmoid = LaneMath<V, T>.Sigmoid(a);
            var other = LaneMath<V, T>.Sigmoid(-a);
            return sigmoid * other * V.FusedMultiplyAdd(a, other - sigmoid, Constant<V, T>.Of(2));
        }
    }

    /// <summary>tanh a; 1 − y²; −2y (1 − y²).</summary>
    internal readonly struct Tanh : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Tanh(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => V.FusedMultiplyAdd(-y, y, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(-2) * y * V.FusedMultiplyAdd(-y, y, Constant<V, T>.One);
    }

    /// <summary>1 / (1 + e^−a); y (1 − y); y (1 − y) (1 − 2y).</summary>
    internal readonly struct Sigmoid : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Sigmoid(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => V.FusedMultiplyAdd(-y, y, y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => V.FusedMultiplyAdd(-y, y, y) * V.FusedMultiplyAdd(Constant<V, T>.Of(-2), y, Constant<V, T>.One);
    }

    /// <summary>ln(1 + e^a); 1 / (1 + e^−a) = 1 − e^−y; e^−y (1 − e^−y).</summary>
    internal readonly struct Softplus : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Softplus(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => -LaneMath<V, T>.Expm1(-y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => V.Exp(-y) * -LaneMath<V, T>.Expm1(-y);
    }

    /// <summary>ln σ(a) = −ln(1 + e^−a); 1 − e^y; −e^y (1 − e^y).</summary>
    internal readonly struct LogSigmoid : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => -LaneMath<V, T>.Softplus(-a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => -LaneMath<V, T>.Expm1(y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => V.Exp(y) * LaneMath<V, T>.Expm1(y);
    }

    /// <summary>a / (1 + |a|), ±1 at ±∞; 1 / (1 + |a|)²; −2 sign(a) / (1 + |a|)³.</summary>
    internal readonly struct Softsign : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a)
        {
            var magnitude = V.Abs(a);
            var bounded = V.Select(V.Equal(magnitude, Constant<V, T>.Of(double.PositiveInfinity)), V.Select(V.LessThan(a, Constant<V, T>.Zero), Constant<V, T>.Of(-1), Constant<V, T>.One), a);
            return V.Select(V.LessThan(magnitude, Constant<V, T>.Of(double.PositiveInfinity)), a / (Constant<V, T>.One + magnitude), bounded);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y)
        {
            var factor = Constant<V, T>.One / (Constant<V, T>.One + V.Abs(a));
            return factor * factor;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var factor = Constant<V, T>.One / (Constant<V, T>.One + V.Abs(a));
            var cube = Constant<V, T>.Of(2) * factor * factor * factor;
            return V.Select(V.LessThan(Constant<V, T>.Zero, a), -cube, V.Select(V.LessThan(a, Constant<V, T>.Zero), cube, Constant<V, T>.Zero));
        }
    }

    /// <summary>a above 0, else a / 100; 1 or 1 / 100; 0.</summary>
    internal readonly struct LeakyReLU : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => false;

        public static bool IsFusedIntoProducts => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => V.Select(V.LessThan(Constant<V, T>.Zero, a), a, a * Constant<V, T>.Of(0.01));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => V.Select(V.LessThan(Constant<V, T>.Zero, y), Constant<V, T>.One, Constant<V, T>.Of(0.01));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Zero;
    }
}
