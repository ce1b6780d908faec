using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FactorizableFlow.Generator;

/// <summary>
/// Elementary functions of sixteen floats. Every lane is computed alone and by correctly rounded operations, so a value's
/// result never depends on its neighbours, on the vector width or on a platform's mathematical library; absolute errors are a few
/// 10⁻⁷ of the larger of 1 and the result.
/// </summary>
internal static class VectorMath
{
    private const float TwoOverPi = 0.636619772f;

    // π/2 and ln 2 as a float and what the float leaves: with fused operations the reduction loses nothing that counts here.
    private const float HalfPi = 1.57079637f, HalfPiRest = -4.37113883e-8f;
    private const float LogTwo = 0.693147182f, LogTwoRest = -1.90465421e-9f;
    private const float LogTwoInverse = 1.44269504f;

    /// <summary>(sin x, cos x) for |x| below 10⁵.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Sine, Vector512<float> Cosine) SinCos(Vector512<float> x)
    {
        var n = Vector512.Round(x * Vector512.Create(TwoOverPi));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPi), x);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-HalfPiRest), r);
        var z = r * r;

        // Taylor series on |r| <= π/4; the first terms left out are below 2e-9.
        var s = Vector512.FusedMultiplyAdd(z, Vector512.Create(1f / 362880), Vector512.Create(-1f / 5040));
        s = Vector512.FusedMultiplyAdd(s, z, Vector512.Create(1f / 120));
        s = Vector512.FusedMultiplyAdd(s, z, Vector512.Create(-1f / 6));
        s = Vector512.FusedMultiplyAdd(s * z, r, r);
        var c = Vector512.FusedMultiplyAdd(z, Vector512.Create(-1f / 3628800), Vector512.Create(1f / 40320));
        c = Vector512.FusedMultiplyAdd(c, z, Vector512.Create(-1f / 720));
        c = Vector512.FusedMultiplyAdd(c, z, Vector512.Create(1f / 24));
        c = Vector512.FusedMultiplyAdd(c, z, Vector512.Create(-0.5f));
        c = Vector512.FusedMultiplyAdd(c, z, Vector512.Create(1f));

        var quadrant = Vector512.ConvertToInt32(n);
        var one = Vector512.Create(1);
        var two = Vector512.Create(2);
        var swap = Vector512.Equals(quadrant & one, one).AsSingle();
        var sine = Vector512.ConditionalSelect(swap, c, s).AsInt32() ^ ((quadrant & two) << 30);
        var cosine = Vector512.ConditionalSelect(swap, s, c).AsInt32() ^ (((quadrant + one) & two) << 30);
        return (sine.AsSingle(), cosine.AsSingle());
    }

    /// <summary>exp(-|x|): the stable core of the three functions below; 0 where the result would be subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpOfMinusAbs(Vector512<float> x)
    {
        var t = Vector512.Max(-Vector512.Abs(x), Vector512.Create(-87f));
        var n = Vector512.Round(t * Vector512.Create(LogTwoInverse));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-LogTwo), t);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-LogTwoRest), r);

        // Taylor series on |r| <= ½ ln 2; the first term left out is below 6e-9.
        var p = Vector512.FusedMultiplyAdd(r, Vector512.Create(1f / 5040), Vector512.Create(1f / 720));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 120));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 24));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 6));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f));
        return (p.AsInt32() + (Vector512.ConvertToInt32(n) << 23)).AsSingle();
    }

    /// <summary>ln(1 + e^x) = max(x, 0) + 2 artanh(e / (2 + e)) with e = exp(-|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Softplus(Vector512<float> x)
    {
        var e = ExpOfMinusAbs(x);
        var s = e / (e + Vector512.Create(2f));
        var z = s * s;

        // s <= 1/3; the first term left out of s + s³/3 + ... is below 3e-9 of the sum.
        var p = Vector512.FusedMultiplyAdd(z, Vector512.Create(1f / 15), Vector512.Create(1f / 13));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1f / 11));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1f / 9));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1f / 7));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1f / 5));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1f / 3));
        var twice = s + s;
        return Vector512.Max(x, Vector512<float>.Zero) + Vector512.FusedMultiplyAdd(twice * z, p, twice);
    }

    /// <summary>tanh x = sign(x) (1 - e) / (1 + e) with e = exp(-2|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        var e = ExpOfMinusAbs(x + x);
        var one = Vector512.Create(1f);
        var magnitude = (one - e) / (one + e);
        return Vector512.ConditionalSelect(Vector512.Create(-0f), x, magnitude);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
    {
        var e = ExpOfMinusAbs(x);
        var one = Vector512.Create(1f);
        var numerator = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), e, one);
        return numerator / (one + e);
    }
}
