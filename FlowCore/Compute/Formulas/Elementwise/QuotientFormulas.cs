using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>Quotients that are 1 at 0, each followed by its derivatives: near 0, where these would cancel, by their series.</summary>
internal static class QuotientFormulas
{
    /// <summary>sin a / a; (cos a − y) / a; −y − 2y'/a.</summary>
    internal readonly struct Sinc : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => Quotient<V, T>(LaneMath<V, T>.Sin(a), a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Slope<V, T>(a, y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var square = a * a;
            var series = Constant<V, T>.Of(-2.515514385467045e-15);
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(6.74749741042925e-13));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-1.3917837991912066e-10));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(2.1197937864604532e-08));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-2.2546897546897547e-06));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(0.00015432098765432098));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-0.005952380952380952));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(0.1));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-0.3333333333333333));
            var slope = Slope<V, T>(a, y);
            return Near<V, T>(a, series, -y - ((slope + slope) / a));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Slope<V, T>(V a, V y)
            where V : unmanaged, ILane<V, T>
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var square = a * a;
            var series = Constant<V, T>.Of(-1.4797143443923793e-16);
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(4.498331606952833e-14));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-1.0706029224547743e-11));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(1.9270852604185937e-09));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-2.505210838544172e-07));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(2.2045855379188714e-05));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-0.0011904761904761906));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(0.03333333333333333));
            series = V.FusedMultiplyAdd(series, square, Constant<V, T>.Of(-0.3333333333333333));
            return Near<V, T>(a, a * series, (LaneMath<V, T>.Cos(a) - y) / a);
        }
    }

    /// <summary>(e^a − 1) / a; (e^a − y) / a; (e^a − 2y') / a.</summary>
    internal readonly struct Exprel : IUnaryFormula
    {
        public static bool DerivativeNeedsArgument => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => Quotient<V, T>(LaneMath<V, T>.Expm1(a), a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Slope<V, T>(a, y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var series = Constant<V, T>.Of(2.515514385467045e-15);
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(4.2484242954554536e-14));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(6.74749741042925e-13));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(1.0036902398013508e-11));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(1.3917837991912066e-10));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(1.789436313245837e-09));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.1197937864604532e-08));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.296443268665491e-07));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.2546897546897547e-06));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(1.984126984126984e-05));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.00015432098765432098));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.0010416666666666667));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.005952380952380952));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.027777777777777776));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.1));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.25));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.3333333333333333));
            var slope = Slope<V, T>(a, y);
            return Near<V, T>(a, series, (V.Exp(a) - (slope + slope)) / a);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Slope<V, T>(V a, V y)
            where V : unmanaged, ILane<V, T>
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var series = Constant<V, T>.Of(2.6552651846596585e-15);
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(4.498331606952833e-14));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(7.169215998581078e-13));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(1.0706029224547743e-11));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(1.4911969277048643e-10));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(1.9270852604185937e-09));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.296443268665491e-08));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.505210838544172e-07));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.48015873015873e-06));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.2045855379188714e-05));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.00017361111111111112));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.0011904761904761906));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.006944444444444444));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.03333333333333333));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.125));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.3333333333333333));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.5));
            return Near<V, T>(a, series, (V.Exp(a) - y) / a);
        }
    }

    /// <summary>ln(1 + a) / a; (1/(1 + a) − y) / a; −(1/(1 + a)² + 2y') / a.</summary>
    internal readonly struct Log1prel : IUnaryFormula
    {
        // The radius of the series' use: they converge up to 1 alone.
        private const double Small = 0.125;

        public static bool DerivativeNeedsArgument => true;

        public static double Lowest => -1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Value<V, T>(V a) => Quotient<V, T>(LaneMath<V, T>.Log1p(a), a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.Derivative<V, T>(V a, V y) => Slope<V, T>(a, y);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IUnaryFormula.SecondDerivative<V, T>(V a, V y)
        {
            var series = Constant<V, T>.Of(-17.1);
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(16.105263157894736));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-15.11111111111111));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(14.117647058823529));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-13.125));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(12.133333333333333));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-11.142857142857142));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(10.153846153846153));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-9.166666666666666));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(8.181818181818182));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-7.2));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(6.222222222222222));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-5.25));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(4.285714285714286));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-3.3333333333333335));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(2.4));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-1.5));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.6666666666666666));
            var factor = Constant<V, T>.One / (Constant<V, T>.One + a);
            var slope = Slope<V, T>(a, y);
            return Near<V, T>(a, series, -V.FusedMultiplyAdd(factor, factor, slope + slope) / a, Small);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Slope<V, T>(V a, V y)
            where V : unmanaged, ILane<V, T>
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var series = Constant<V, T>.Of(-0.9444444444444444);
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.9411764705882353));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.9375));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.9333333333333333));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.9285714285714286));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.9230769230769231));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.9166666666666666));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.9090909090909091));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.9));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.8888888888888888));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.875));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.8571428571428571));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.8333333333333334));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.8));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.75));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(0.6666666666666666));
            series = V.FusedMultiplyAdd(series, a, Constant<V, T>.Of(-0.5));
            return Near<V, T>(a, series, ((Constant<V, T>.One / (Constant<V, T>.One + a)) - y) / a, Small);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quotient<V, T>(V numerator, V a)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        V.Select(V.Equal(a, Constant<V, T>.Zero), Constant<V, T>.One, numerator / a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Near<V, T>(V a, V series, V formula, double small = 1)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        V.Select(V.LessThan(V.Abs(a), Constant<V, T>.Of(small)), series, formula);
}
