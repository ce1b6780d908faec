using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>Hyperbolic functions, powers and lengths.</content>
internal static partial class LaneMath<V, T>
{
    /// <summary>sinh a = (t + t / (t + 1)) / 2 with t = e^|a| − 1, and the sign of a; it overflows where the result does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sinh(V a)
    {
        var x = V.Abs(a);
        var eighth = EighthExpm1(x);
        var t = C(8f, 8.0) * eighth;
        var fraction = V.Select(V.LessThan(C(20f, 40.0), x), C(1f, 1.0), t / (t + C(1f, 1.0)));
        var result = V.FusedMultiplyAdd(C(0.5f, 0.5), fraction, C(4f, 4.0) * eighth);
        result = V.Select(V.LessThan(x, C(1e-9f, 1e-17)), x, result);
        return V.Select(V.LessThan(a, C(0f, 0.0)), -result, V.Select(V.Equal(a, C(0f, 0.0)), a, result));
    }

    /// <summary>cosh a = (e^|a| + e^−|a|) / 2; it overflows where the result does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Cosh(V a)
    {
        var x = Bound(V.Abs(a));
        var p = ReducedExpm1(x, out var n);
        var quarter = V.ScaleByPowerOfTwo(C(1f, 1.0) + p, n - C(2f, 2.0));
        return (quarter + quarter) + (C(0.125f, 0.125) / quarter);
    }

    /// <summary>arsinh a = ln(1 + |a| + a² / (1 + √(1 + a²))), and the sign of a; ln 2|a| where a² would overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Asinh(V a)
    {
        var one = C(1f, 1.0);
        var magnitude = V.Abs(a);
        var large = V.LessThan(C(1e9f, 1e17), magnitude);
        var x = V.Select(large, one, magnitude);
        var square = x * x;
        var grown = V.Select(large, magnitude, x + (square / (one + V.Sqrt(one + square))));
        var result = Log1p(grown);
        result = V.Select(large, result + C(0.693147182f, 0.6931471805599453), result);
        result = V.Select(V.LessThan(magnitude, C(1e-9f, 1e-17)), magnitude, result);
        return V.Select(V.LessThan(a, C(0f, 0.0)), -result, V.Select(V.Equal(a, C(0f, 0.0)), a, result));
    }

    /// <summary>ln(1 − e^−a): −∞ at 0, NaN below.</summary>
    /// <remarks>ln(−(e^−a − 1)) up to ln 2 and ln(1 + (−e^−a)) beyond: neither cancels (Mächler 2012).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Log1mexp(V a)
    {
        var near = V.LessThan(a, C(0.693147182f, 0.6931471805599453));
        return V.Select(near, Log(-Expm1(-a)), Log1p(-Exp(-a)));
    }

    /// <summary>√(a² + b²), without overflow or underflow of the squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Hypot(V a, V b)
    {
        var one = C(1f, 1.0);
        var x = V.Abs(a);
        var y = V.Abs(b);
        var swapped = V.LessThan(x, y);
        var larger = V.Select(swapped, y, x);
        var smaller = V.Select(swapped, x, y);
        var ratio = smaller / larger;
        var square = ratio * ratio;
        var result = V.FusedMultiplyAdd(larger, square / (one + V.Sqrt(one + square)), larger);
        var infinity = C(float.PositiveInfinity, double.PositiveInfinity);
        return V.Select(V.Equal(larger, C(0f, 0.0)) | V.Equal(larger, infinity), larger, result);
    }

    /// <summary>a^b for a ≥ 0; NaN below.</summary>
    /// <remarks>
    /// e^(b ln a) with the logarithm in two numbers, high + low, since the exponential magnifies its error by up to the logarithm of the
    /// largest number: ln m = 2 artanh s = 2 s + ⅔ s³ + s⁵ Q(s²) with s = f / (2 + f), m = 1 + f; the first two terms carry their
    /// rounding errors along.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Power(V a, V b)
    {
        var zero = C(0f, 0.0);
        var one = C(1f, 1.0);
        var infinity = C(float.PositiveInfinity, double.PositiveInfinity);
        LogInTwo(a, out var high, out var low);
        high = V.Select(V.LessThan(a, infinity), high, a);
        high = V.Select(V.Equal(a, zero), -infinity, high);
        var product = b * high;
        var rest = V.FusedMultiplyAdd(b, low, V.FusedMultiplyAdd(b, high, -product));
        rest = V.Select(V.LessThan(V.Abs(product), C(200f, 800.0)), rest, zero);
        var e = Exp(product);
        var result = V.FusedMultiplyAdd(e, rest, e);
        result = V.Select(V.Equal(e, infinity), e, result);
        result = V.Select(V.LessThan(a, zero), C(float.NaN, double.NaN), result);
        return V.Select(V.Equal(b, zero), one, result);
    }

    // ln a = high + low for positive a.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LogInTwo(V a, out V high, out V low)
    {
        var two = C(2f, 2.0);
        var small = V.LessThan(a, C(1.17549435e-38f, 2.2250738585072014e-308));
        var mantissa = V.Decompose(V.Select(small, a * C(8388608f, 4503599627370496.0), a), out var exponent);
        exponent = V.Select(small, exponent - C(23f, 52.0), exponent);
        var f = mantissa - C(1f, 1.0);
        var d = two + f;
        var dRest = (two - d) + f;
        var s = f / d;
        var sRest = V.FusedMultiplyAdd(-s, dRest, V.FusedMultiplyAdd(-s, d, f)) / d;
        var z = s * s;
        var zRest = V.FusedMultiplyAdd(s + s, sRest, V.FusedMultiplyAdd(s, s, -z));
        var cube = s * z;
        var cubeRest = V.FusedMultiplyAdd(s, zRest, V.FusedMultiplyAdd(sRest, z, V.FusedMultiplyAdd(s, z, -cube)));
        var third = C(0.666666687f, 0.66666666666666663);
        var second = third * cube;
        var secondRest = V.FusedMultiplyAdd(third, cubeRest, V.FusedMultiplyAdd(C(-1.98682152e-08f, 3.7007434154171882e-17), cube, V.FusedMultiplyAdd(third, cube, -second)));
        V q;
        if (V.IsSingle)
        {
            q = V.FusedMultiplyAdd(F(0.23049964f), z, F(0.285621971f));
            q = V.FusedMultiplyAdd(q, z, F(0.400000155f));
        }
        else
        {
            q = V.FusedMultiplyAdd(D(0.12916088513173332), z, D(0.1328575731452747));
            q = V.FusedMultiplyAdd(q, z, D(0.15385580823628317));
            q = V.FusedMultiplyAdd(q, z, D(0.18181808164729227));
            q = V.FusedMultiplyAdd(q, z, D(0.2222222227161022));
            q = V.FusedMultiplyAdd(q, z, D(0.2857142857133739));
            q = V.FusedMultiplyAdd(q, z, D(0.4000000000000003));
        }

        // From the largest to the smallest term, with what each addition loses.
        var whole = exponent * C(0.693145752f, 0.6931471805598903);
        var first = s + s;
        var sum = whole + first;
        var lost = (whole - sum) + first;
        var total = sum + second;
        lost += (sum - total) + second;
        lost += secondRest + V.FusedMultiplyAdd(cube * z, q, sRest + sRest);
        lost = V.FusedMultiplyAdd(exponent, C(1.42860677e-06f, 5.497923018708371e-14), lost);
        high = total + lost;
        low = (total - high) + lost;
    }

    // (e^x − 1) / 8 for x ≥ 0, which is finite for a little longer than e^x, as is its power of two.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V EighthExpm1(V x)
    {
        var p = ReducedExpm1(Bound(x), out var n);
        var scale = V.ScaleByPowerOfTwo(C(1f, 1.0), n - C(3f, 3.0));
        return V.FusedMultiplyAdd(scale, p, scale - C(0.125f, 0.125));
    }

    // Where sinh and cosh have overflowed, but an eighth of e^x has not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bound(V x)
    {
        var limit = C(90f, 711.0);
        return V.Select(V.LessThan(limit, x), limit, x);
    }
}
