using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The error function, the normal distribution function and their inverses, each followed by its derivatives.</summary>
internal static class ProbabilityFormulas
{
    /// <summary>erf a; 2 e^(−a²) / √π; −2a times that.</summary>
    internal readonly struct Erf : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Erf(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(1.1283791670955126) * LaneMath<V, T>.ErrorGaussian(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(-2.2567583341910251) * (a * LaneMath<V, T>.ErrorGaussian(a));
    }

    /// <summary>erfc a = 1 − erf a; −2 e^(−a²) / √π; −2a times that.</summary>
    internal readonly struct Erfc : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Erfc(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(-1.1283791670955126) * LaneMath<V, T>.ErrorGaussian(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(2.2567583341910251) * (a * LaneMath<V, T>.ErrorGaussian(a));
    }

    /// <summary>Φ(a); φ(a) = e^(−a²/2) / √(2π); −a φ(a).</summary>
    internal readonly struct NormalCdf : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.NormalProbability(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Constant<V, T>.Of(0.3989422804014327) * LaneMath<V, T>.Gaussian(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => Constant<V, T>.Of(-0.3989422804014327) * (a * LaneMath<V, T>.Gaussian(a));
    }

    /// <summary>ln Φ(a); h = φ(a) / Φ(a); −h (h + a), where h + a is formed without cancellation below 0.</summary>
    internal readonly struct LogNormalCdf : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.LogNormalCdf(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => LaneMath<V, T>.NormalHazard(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var hazard = LaneMath<V, T>.NormalHazard(a);
            var excess = V.Select(V.LessThan(a, Constant<V, T>.Zero), LaneMath<V, T>.HazardExcess(V.Abs(a)), hazard + a);
            return -(hazard * excess);
        }
    }

    /// <summary>Φ⁻¹(a); 1 / φ(y); y / φ(y)².</summary>
    internal readonly struct Probit : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static double Lowest => 0;

        public static double Highest => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.Probit(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => LaneMath<V, T>.ProbitDerivative(a, y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var derivative = LaneMath<V, T>.ProbitDerivative(a, y);
            return y * derivative * derivative;
        }
    }

    /// <summary>Φ⁻¹(e^a); d = e^a / φ(y); d (1 + y d).</summary>
    internal readonly struct ProbitOfLog : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        public static double Highest => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => LaneMath<V, T>.ProbitOfLog(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => LaneMath<V, T>.ProbitOfLogDerivative(a, y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y) => LaneMath<V, T>.ProbitOfLogSecondDerivative(a, y);
    }
}
