using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// The elementary functions in lanes. One formula serves every width, built of operations that are each rounded once,
/// so a scalar and every register width give identical bits.
/// </summary>
/// <remarks>
/// Errors in units in the last place, over the whole range with gradual underflow (those of the other files: docs/numerics.md): Exp and Log 1; Log1p, Expm1, Sin and
/// Cos 2; Tanh, Sigmoid and Softplus 3; NormalCdf 6. NaN gives NaN and the limits at ±∞ are exact. Polynomials are Chebyshev interpolations of the functions on the reduced range
/// with coefficients rounded to the type.
/// </remarks>
internal static partial class LaneMath<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>e^a.</summary>
    /// <remarks>a = n·ln 2 + r with |r| ≤ ½ ln 2 (Cody and Waite 1980: ln 2 in two parts, the first with so few bits that n times it is exact), e^r by polynomial.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Exp(V a)
    {
        // Comparisons with NaN are false, so Select keeps it where Min and Max might not.
        var low = C(-104f, -746.0);
        var high = C(89f, 710.0);
        a = V.Select(V.LessThan(a, low), low, a);
        a = V.Select(V.LessThan(high, a), high, a);
        var p = ReducedExpm1(a, out var n);
        return V.ScaleByPowerOfTwo(C(1f, 1.0) + p, n);
    }

    /// <summary>e^a − 1, without cancellation for small a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Expm1(V a)
    {
        var low = C(-30f, -60.0);
        var high = C(89f, 710.0);
        var x = V.Select(V.LessThan(a, low), low, a);
        x = V.Select(V.LessThan(high, x), high, x);
        var p = ReducedExpm1(x, out var n);

        // 2^n (p + 1) − 1, with half the scale so that it does not overflow before the result does.
        var one = C(1f, 1.0);
        var scale = V.ScaleByPowerOfTwo(one, n - one);
        var half = V.FusedMultiplyAdd(scale, p, scale - C(0.5f, 0.5));

        // For the smallest arguments e^a − 1 = a; this keeps the sign of zero and the subnormal numbers.
        return V.Select(V.LessThan(V.Abs(a), C(1e-9f, 1e-17)), a, half + half);
    }

    /// <summary>ln a: −∞ at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Log(V a)
    {
        // Subnormal numbers are scaled into the normal range first.
        var small = V.LessThan(a, C(1.17549435e-38f, 2.2250738585072014e-308));
        var scaled = V.Select(small, a * C(8388608f, 4503599627370496.0), a);
        var mantissa = V.Decompose(scaled, out var exponent);
        exponent = V.Select(small, exponent - C(23f, 52.0), exponent);
        return LogSpecial(a, ReducedLog(mantissa - C(1f, 1.0), exponent));
    }

    /// <summary>ln(1 + a), without cancellation for small a: −∞ at −1, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Log1p(V a)
    {
        // u + lost = 1 + a exactly (Knuth's two-sum); the lost part re-enters at the scale of the mantissa.
        var one = C(1f, 1.0);
        var u = one + a;
        var v = u - one;
        var lost = (one - (u - v)) + (a - v);
        var mantissa = V.Decompose(u, out var exponent);
        var f = (mantissa - one) + V.ScaleByPowerOfTwo(lost, -exponent);
        var result = LogSpecial(u, ReducedLog(f, exponent));
        return V.Select(V.LessThan(V.Abs(a), C(1e-9f, 1e-17)), a, result);
    }

    /// <summary>tanh a = t / (t + 2) with t = e^(2|a|) − 1, and the sign of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Tanh(V a)
    {
        // From the limit on the result rounds to 1.
        var limit = C(10f, 20.0);
        var x = V.Abs(a);
        x = V.Select(V.LessThan(limit, x), limit, x);
        var t = Expm1(x + x);
        var result = t / (t + C(2f, 2.0));
        result = V.Select(V.LessThan(a, C(0f, 0.0)), -result, result);
        return V.Select(V.Equal(a, C(0f, 0.0)), a, result);
    }

    /// <summary>1 / (1 + e^−a).</summary>
    /// <remarks>With z = e^−|a|: 1 / (1 + z) for a ≥ 0 and z / (1 + z) below, which keeps the relative precision of the lower tail.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sigmoid(V a)
    {
        var one = C(1f, 1.0);
        var z = Exp(-V.Abs(a));
        return V.Select(V.LessThan(a, C(0f, 0.0)), z, one) / (one + z);
    }

    /// <summary>ln(1 + e^a) = max(a, 0) + ln(1 + e^−|a|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Softplus(V a)
    {
        var zero = C(0f, 0.0);
        return V.Select(V.LessThan(zero, a), a, zero) + Log1p(Exp(-V.Abs(a)));
    }

    /// <summary>The distribution function of the standard normal distribution, Φ(a).</summary>
    /// <remarks>See <see cref="NormalCdf(V, out V)"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V NormalCdf(V a) => NormalCdf(a, out _);

    /// <summary>The distribution function of the standard normal distribution, Φ(a), and e^(−a²/2).</summary>
    /// <remarks>
    /// The tail Q(z) = e^(−z²/2) · t · P(t − ½) with t = 1 / (1 + 0.3 z), z = |a|: the scaled tail e^(z²/2) Q(z) is smooth and
    /// vanishes like 1/z, which t does too. Then Φ = Q below 0 and 1 − Q above.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V NormalCdf(V a, out V gaussian)
    {
        // Beyond the limit both tails have underflowed to zero.
        var limit = C(15f, 40.0);
        var z = V.Abs(a);
        z = V.Select(V.LessThan(limit, z), limit, z);
        var one = C(1f, 1.0);
        var t = one / V.FusedMultiplyAdd(C(0.3f, 0.3), z, one);
        var u = t - C(0.5f, 0.5);
        V p;
        if (V.IsSingle)
        {
            p = F(-0.0209846701f);
            p = V.FusedMultiplyAdd(p, u, F(0.0199711006f));
            p = V.FusedMultiplyAdd(p, u, F(0.0359109417f));
            p = V.FusedMultiplyAdd(p, u, F(-0.0365267918f));
            p = V.FusedMultiplyAdd(p, u, F(-0.0775421262f));
            p = V.FusedMultiplyAdd(p, u, F(0.0290606655f));
            p = V.FusedMultiplyAdd(p, u, F(0.222082049f));
            p = V.FusedMultiplyAdd(p, u, F(0.346198767f));
            p = V.FusedMultiplyAdd(p, u, F(0.329158992f));
            p = V.FusedMultiplyAdd(p, u, F(0.221970618f));
        }
        else
        {
            p = D(0.005682612839610171);
            p = V.FusedMultiplyAdd(p, u, D(-0.007317665680733054));
            p = V.FusedMultiplyAdd(p, u, D(-0.0060958960462213045));
            p = V.FusedMultiplyAdd(p, u, D(0.014753976165955337));
            p = V.FusedMultiplyAdd(p, u, D(-0.0019260781330383387));
            p = V.FusedMultiplyAdd(p, u, D(-0.014895988165423438));
            p = V.FusedMultiplyAdd(p, u, D(0.011731998991652014));
            p = V.FusedMultiplyAdd(p, u, D(0.008449088516646868));
            p = V.FusedMultiplyAdd(p, u, D(-0.018447937044257273));
            p = V.FusedMultiplyAdd(p, u, D(0.001006616551864495));
            p = V.FusedMultiplyAdd(p, u, D(0.02197921396878531));
            p = V.FusedMultiplyAdd(p, u, D(-0.01139292043108683));
            p = V.FusedMultiplyAdd(p, u, D(-0.025470219241675158));
            p = V.FusedMultiplyAdd(p, u, D(0.023075833398459037));
            p = V.FusedMultiplyAdd(p, u, D(0.0363055284048941));
            p = V.FusedMultiplyAdd(p, u, D(-0.0368411213682596));
            p = V.FusedMultiplyAdd(p, u, D(-0.07756468959815654));
            p = V.FusedMultiplyAdd(p, u, D(0.02907417273188107));
            p = V.FusedMultiplyAdd(p, u, D(0.22208292379035));
            p = V.FusedMultiplyAdd(p, u, D(0.3461985496738299));
            p = V.FusedMultiplyAdd(p, u, D(0.329158968172324));
            p = V.FusedMultiplyAdd(p, u, D(0.2219706138344328));
        }

        // z² = square + rest exactly; the rest enters to first order, so the far tail keeps its relative precision.
        var square = z * z;
        var rest = V.FusedMultiplyAdd(z, z, -square);
        var minusHalf = C(-0.5f, -0.5);
        var e = Exp(minusHalf * square);
        p = p * t;
        p = V.FusedMultiplyAdd(p, minusHalf * rest, p);
        gaussian = V.FusedMultiplyAdd(e, minusHalf * rest, e);
        var tail = e * p;
        return V.Select(V.LessThan(a, C(0f, 0.0)), tail, one - tail);
    }

    /// <summary>sin a for |a| up to 8,000 (float) or 1,000,000 (double); beyond that the reduced argument, and with it the result, loses precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sin(V a)
    {
        SinCos(a, out var sine, out _);
        return sine;
    }

    /// <summary>cos a, in the range of <see cref="Sin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Cos(V a)
    {
        SinCos(a, out _, out var cosine);
        return cosine;
    }

    /// <summary>sin a and cos a, in the range of <see cref="Sin"/>.</summary>
    /// <remarks>a = n·π/2 + r with π/2 in four parts, the first two with so few bits that n times them is exact.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SinCos(V a, out V sine, out V cosine)
    {
        var n = V.Round(a * C(0.636619772f, 0.63661977236758134));
        var r = V.FusedMultiplyAdd(n, C(-1.5703125f, -1.5707963267341256), a);
        r = V.FusedMultiplyAdd(n, C(-0.000483751297f, -6.077100506303966e-11), r);
        r = V.FusedMultiplyAdd(n, C(-7.54979013e-08f, -2.0222662487959506e-21), r);
        r = V.FusedMultiplyAdd(n, C(1.71512451e-15f, -1.0085833365551385e-37), r);
        var z = r * r;
        V s, c;
        if (V.IsSingle)
        {
            s = V.FusedMultiplyAdd(F(-0.00019587639f), z, F(0.00833274703f));
            s = V.FusedMultiplyAdd(s, z, F(-0.166666642f));
            c = V.FusedMultiplyAdd(F(2.45476895e-05f), z, F(-0.00138883013f));
            c = V.FusedMultiplyAdd(c, z, F(0.0416666642f));
        }
        else
        {
            s = V.FusedMultiplyAdd(D(1.5917988979397435e-10), z, D(-2.5051129896450185e-08));
            s = V.FusedMultiplyAdd(s, z, D(2.7557316093198404e-06));
            s = V.FusedMultiplyAdd(s, z, D(-0.00019841269836740532));
            s = V.FusedMultiplyAdd(s, z, D(0.008333333333330936));
            s = V.FusedMultiplyAdd(s, z, D(-0.16666666666666666));
            c = V.FusedMultiplyAdd(D(-1.138254464534925e-11), z, D(2.087614504941318e-09));
            c = V.FusedMultiplyAdd(c, z, D(-2.755731726587808e-07));
            c = V.FusedMultiplyAdd(c, z, D(2.48015872987544e-05));
            c = V.FusedMultiplyAdd(c, z, D(-0.0013888888888887389));
            c = V.FusedMultiplyAdd(c, z, D(0.041666666666666664));
        }

        s = V.FusedMultiplyAdd(r * z, s, r);
        var one = C(1f, 1.0);
        c = V.FusedMultiplyAdd(z * z, c, V.FusedMultiplyAdd(C(-0.5f, -0.5), z, one));

        // The quadrant, n mod 4: odd ones swap sine and cosine, 2 and 3 negate the sine, 1 and 2 the cosine.
        var quadrant = V.FusedMultiplyAdd(C(-4f, -4.0), V.Floor(n * C(0.25f, 0.25)), n);
        var odd = V.Equal(quadrant, one) | V.Equal(quadrant, C(3f, 3.0));
        var unsignedSine = V.Select(odd, c, s);
        var unsignedCosine = V.Select(odd, s, c);
        sine = V.Select(V.LessThan(one, quadrant), -unsignedSine, unsignedSine);
        sine = V.Select(V.Equal(a, C(0f, 0.0)), a, sine);
        cosine = V.Select(V.Equal(quadrant, one) | V.Equal(quadrant, C(2f, 2.0)), -unsignedCosine, unsignedCosine);
    }

    // e^r − 1 for a = n·ln 2 + r: r + r²·P(r).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedExpm1(V a, out V n)
    {
        n = V.Round(a * C(1.44269504f, 1.4426950408889634));
        var r = V.FusedMultiplyAdd(n, C(-0.693145752f, -0.6931471805598903), a);
        r = V.FusedMultiplyAdd(n, C(-1.42860677e-06f, -5.497923018708371e-14), r);
        V p;
        if (V.IsSingle)
        {
            p = V.FusedMultiplyAdd(F(0.000198909911f), r, F(0.00139336498f));
            p = V.FusedMultiplyAdd(p, r, F(0.00833331048f));
            p = V.FusedMultiplyAdd(p, r, F(0.0416664667f));
            p = V.FusedMultiplyAdd(p, r, F(0.166666672f));
            p = V.FusedMultiplyAdd(p, r, F(0.5f));
        }
        else
        {
            p = V.FusedMultiplyAdd(D(2.510038549551032e-08), r, D(2.7620088445409746e-07));
            p = V.FusedMultiplyAdd(p, r, D(2.7557268459997064e-06));
            p = V.FusedMultiplyAdd(p, r, D(2.4801521295954376e-05));
            p = V.FusedMultiplyAdd(p, r, D(0.00019841269863053618));
            p = V.FusedMultiplyAdd(p, r, D(0.0013888888917213717));
            p = V.FusedMultiplyAdd(p, r, D(0.008333333333330062));
            p = V.FusedMultiplyAdd(p, r, D(0.04166666666662413));
            p = V.FusedMultiplyAdd(p, r, D(0.16666666666666669));
            p = V.FusedMultiplyAdd(p, r, D(0.5000000000000001));
        }

        return V.FusedMultiplyAdd(r * r, p, r);
    }

    // ln(1 + f) + exponent·ln 2 for 1 + f in [√½, √2): f − f²/2 + rest, ln 2 in two parts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedLog(V f, V exponent)
    {
        var halfSquare = C(0.5f, 0.5) * f * f;
        V rest;
        if (V.IsSingle)
        {
            var q = V.FusedMultiplyAdd(F(0.0697161183f), f, F(-0.114797339f));
            q = V.FusedMultiplyAdd(q, f, F(0.116854198f));
            q = V.FusedMultiplyAdd(q, f, F(-0.124256872f));
            q = V.FusedMultiplyAdd(q, f, F(0.142490581f));
            q = V.FusedMultiplyAdd(q, f, F(-0.166678026f));
            q = V.FusedMultiplyAdd(q, f, F(0.200007156f));
            q = V.FusedMultiplyAdd(q, f, F(-0.24999997f));
            q = V.FusedMultiplyAdd(q, f, F(0.333333313f));
            rest = f * f * f * q;
        }
        else
        {
            // With s = f / (2 + f): ln(1 + f) = 2 artanh s = f − f²/2 + s (f²/2 + z·Q(z)), z = s².
            var s = f / (D(2.0) + f);
            var z = s * s;
            var q = V.FusedMultiplyAdd(D(0.14616585424888623), z, D(0.15331710618210773));
            q = V.FusedMultiplyAdd(q, z, D(0.18182889455674947));
            q = V.FusedMultiplyAdd(q, z, D(0.22222211130259878));
            q = V.FusedMultiplyAdd(q, z, D(0.2857142862600327));
            q = V.FusedMultiplyAdd(q, z, D(0.39999999999899444));
            q = V.FusedMultiplyAdd(q, z, D(0.666666666666667));
            rest = s * V.FusedMultiplyAdd(q, z, halfSquare);
        }

        rest = V.FusedMultiplyAdd(exponent, C(1.42860677e-06f, 5.497923018708371e-14), rest);
        return V.FusedMultiplyAdd(exponent, C(0.693145752f, 0.6931471805598903), f - (halfSquare - rest));
    }

    // The results of ln a where a is not a positive finite number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogSpecial(V a, V result)
    {
        var zero = C(0f, 0.0);
        result = V.Select(V.LessThan(a, C(float.PositiveInfinity, double.PositiveInfinity)), result, a);
        result = V.Select(V.LessThan(a, zero), C(float.NaN, double.NaN), result);
        return V.Select(V.Equal(a, zero), C(float.NegativeInfinity, double.NegativeInfinity), result);
    }

    // A constant that is folded for either type.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V C(float single, double precise) => V.Constant(single, precise);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V F(float value) => V.Constant(value, 0.0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V D(double value) => V.Constant(0f, value);
}
