using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The inverse trigonometric functions and the tangent.</content>
internal static partial class LaneMath<V, T>
{
    /// <summary>tan a = sin a / cos a, in the range of <see cref="Sin"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Tan(V a)
    {
        SinCos(a, out var sine, out var cosine);
        return sine / cosine;
    }

    /// <summary>arctan a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Atan(V a)
    {
        var result = AtanOfRatio(V.Abs(a), C(1f, 1.0));
        result = V.Select(V.LessThan(a, C(0f, 0.0)), -result, result);
        return V.Select(V.Equal(a, C(0f, 0.0)), a, result);
    }

    /// <summary>The angle of the point (b, a) in (−π, π], with IEEE 754's conventions for zeros and infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Atan2(V a, V b)
    {
        var y = V.Abs(a);
        var x = V.Abs(b);

        // Two infinities are as two ones; large numbers are scaled, so that their sum does not overflow.
        var infinity = C(float.PositiveInfinity, double.PositiveInfinity);
        var both = V.Equal(y, infinity) & V.Equal(x, infinity);
        var large = V.LessThan(C(1e38f, 1e300), y) | V.LessThan(C(1e38f, 1e300), x);
        var scale = V.Select(large, C(0.25f, 0.25), C(1f, 1.0));
        y = V.Select(both, C(1f, 1.0), y * scale);
        x = V.Select(both, C(1f, 1.0), x * scale);
        var result = AtanOfRatio(y, x);
        result = V.Select(IsNegative(b), (C(3.14159274f, 3.1415926535897931) - result) + C(-8.74227766e-08f, 1.2246467991473532e-16), result);
        return V.Select(IsNegative(a), -result, result);
    }

    /// <summary>arcsin a: NaN beyond ±1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Asin(V a)
    {
        var x = V.Abs(a);
        var small = V.LessThanOrEqual(x, C(0.5f, 0.5));
        var inner = AsinReduced(x, small);

        // arcsin x = π/2 − 2 arcsin √((1 − x)/2).
        var result = V.Select(small, inner, (C(1.57079637f, 1.5707963267948966) - (inner + inner)) + C(-4.37113883e-08f, 6.123233995736766e-17));
        result = V.Select(V.LessThan(a, C(0f, 0.0)), -result, result);
        return V.Select(V.Equal(a, C(0f, 0.0)), a, result);
    }

    /// <summary>arccos a: NaN beyond ±1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Acos(V a)
    {
        var zero = C(0f, 0.0);
        var x = V.Abs(a);
        var small = V.LessThanOrEqual(x, C(0.5f, 0.5));
        var inner = AsinReduced(x, small);
        var signed = V.Select(V.LessThan(a, zero), -inner, inner);
        var near = C(1.57079637f, 1.5707963267948966) - (signed - C(-4.37113883e-08f, 6.123233995736766e-17));
        var twice = inner + inner;
        var far = V.Select(V.LessThan(a, zero), (C(3.14159274f, 3.1415926535897931) - twice) + C(-8.74227766e-08f, 1.2246467991473532e-16), twice);
        return V.Select(small, near, far);
    }

    /// <summary>The mask of numbers with a minus sign, −0 among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V IsNegative(V a) => V.LessThan(a, C(0f, 0.0)) | V.LessThan(C(1f, 1.0) / a, C(0f, 0.0));

    // arctan(a / b) for a, b ≥ 0: reduced to |t| ≤ tan(π/8) with arctan x = π/4 + arctan((x − 1)/(x + 1)) = π/2 − arctan(1/x).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AtanOfRatio(V a, V b)
    {
        var zero = C(0f, 0.0);
        var middle = V.LessThan(C(0.414213562f, 0.41421356237309503) * b, a);
        var steep = V.LessThan(C(2.41421366f, 2.414213562373095) * b, a);
        var numerator = V.Select(steep, -b, V.Select(middle, a - b, a));
        var denominator = V.Select(steep, a, V.Select(middle, a + b, b));
        var t = V.Select(V.Equal(numerator, zero), zero, numerator / denominator);
        var z = t * t;
        V p;
        if (V.IsSingle)
        {
            p = V.FusedMultiplyAdd(F(-0.0645192787f), z, F(0.107437313f));
            p = V.FusedMultiplyAdd(p, z, F(-0.142639562f));
            p = V.FusedMultiplyAdd(p, z, F(0.199995399f));
            p = V.FusedMultiplyAdd(p, z, F(-0.333333313f));
        }
        else
        {
            p = V.FusedMultiplyAdd(D(-0.01917688711906226), z, D(0.03923165829558719));
            p = V.FusedMultiplyAdd(p, z, D(-0.0508544973794026));
            p = V.FusedMultiplyAdd(p, z, D(0.0585814891280221));
            p = V.FusedMultiplyAdd(p, z, D(-0.06664511447381948));
            p = V.FusedMultiplyAdd(p, z, D(0.07692183190826087));
            p = V.FusedMultiplyAdd(p, z, D(-0.09090904578123903));
            p = V.FusedMultiplyAdd(p, z, D(0.11111111015256361));
            p = V.FusedMultiplyAdd(p, z, D(-0.14285714284666542));
            p = V.FusedMultiplyAdd(p, z, D(0.1999999999999552));
            p = V.FusedMultiplyAdd(p, z, D(-0.3333333333333333));
        }

        var high = V.Select(steep, C(1.57079637f, 1.5707963267948966), V.Select(middle, C(0.785398185f, 0.78539816339744828), zero));
        var low = V.Select(steep, C(-4.37113883e-08f, 6.123233995736766e-17), V.Select(middle, C(-2.18556941e-08f, 3.061616997868383e-17), zero));
        return high + (t + V.FusedMultiplyAdd(t * z, p, low));
    }

    // arcsin x for x ≤ ½, else arcsin √((1 − x)/2), whose argument is at most ½, too: s + s·z·P(z) with z = s².
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AsinReduced(V x, V small)
    {
        var half = C(0.5f, 0.5);
        var z = V.Select(small, x * x, V.FusedMultiplyAdd(-half, x, half));
        var s = V.Select(small, x, V.Sqrt(z));
        V p;
        if (V.IsSingle)
        {
            p = V.FusedMultiplyAdd(F(0.0336908475f), z, F(0.0171492379f));
            p = V.FusedMultiplyAdd(p, z, F(0.0311006624f));
            p = V.FusedMultiplyAdd(p, z, F(0.0445994027f));
            p = V.FusedMultiplyAdd(p, z, F(0.0750009418f));
            p = V.FusedMultiplyAdd(p, z, F(0.166666657f));
        }
        else
        {
            p = V.FusedMultiplyAdd(D(0.028757851367421566), z, D(-0.014851887071247204));
            p = V.FusedMultiplyAdd(p, z, D(0.01740087944269402));
            p = V.FusedMultiplyAdd(p, z, D(0.005457506718640358));
            p = V.FusedMultiplyAdd(p, z, D(0.01032281435018578));
            p = V.FusedMultiplyAdd(p, z, D(0.011479177415184906));
            p = V.FusedMultiplyAdd(p, z, D(0.013971212973552933));
            p = V.FusedMultiplyAdd(p, z, D(0.017352392720869973));
            p = V.FusedMultiplyAdd(p, z, D(0.02237217294214989));
            p = V.FusedMultiplyAdd(p, z, D(0.030381944138531247));
            p = V.FusedMultiplyAdd(p, z, D(0.04464285714635543));
            p = V.FusedMultiplyAdd(p, z, D(0.07499999999998433));
            p = V.FusedMultiplyAdd(p, z, D(0.16666666666666669));
        }

        return V.FusedMultiplyAdd(s * z, p, s);
    }
}
