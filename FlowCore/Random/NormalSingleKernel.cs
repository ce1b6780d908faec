using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowCore.Random;

/// <summary>
/// Standard normal floats by the transform of G. E. P. Box and M. E. Muller (Ann. Math. Stat. 29, 1958): a pair of words gives
/// the radius √(-2 ln u) and the angle 2πv, and their point in the plane is two independent normals.
/// </summary>
/// <remarks>
/// u = (word + ½) 2⁻³² rounded to a float, so values reach ±6.76, beyond which a normal variable falls once in 7·10¹⁰ draws. The logarithm,
/// sine and cosine are the power series below, in operations that IEEE 754 rounds in one way, so the bits are the same
/// on every machine and vector width; their relative error is below 3·10⁻⁷ (about two units in the last place), with sine and
/// cosine taken relative to 1.
/// </remarks>
internal readonly struct NormalSingleKernel : IStreamKernel<float>
{
    private const float UniformStep = 1f / 4294967296f;
    private const float UniformHalfStep = 0.5f / 4294967296f;
    private const float AngleStep = (float)(Math.PI / 2 / (1 << 30));
    private const float AngleHalfStep = (float)(Math.PI / 4 / (1 << 30));
    private const float LogOfTwo = 0.69314718f;
    private const int SquareRootOfHalfBits = 0x3F3504F3;

    // ln((1 + s)/(1 - s)) = 2 (s + s³/3 + s⁵/5 + ...), |s| <= 0.172; the first term left out is below 4e-10 relative.
    private const float Log3 = 1f / 3, Log5 = 1f / 5, Log7 = 1f / 7, Log9 = 1f / 9;

    // Taylor series on |a| <= π/4; the first terms left out are below 2e-9.
    private const float Sin3 = -1f / 6, Sin5 = 1f / 120, Sin7 = -1f / 5040, Sin9 = 1f / 362880;
    private const float Cos2 = -1f / 2, Cos4 = 1f / 24, Cos6 = -1f / 720, Cos8 = 1f / 40320, Cos10 = -1f / 3628800;

    public static int ElementsPerBlock => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromBlock(uint word0, uint word1, uint word2, uint word3, ref float destination)
    {
        (destination, Unsafe.Add(ref destination, 1)) = FromWords(word0, word1);
        (Unsafe.Add(ref destination, 2), Unsafe.Add(ref destination, 3)) = FromWords(word2, word3);
    }

    /// <summary>Two independent standard normals from two words.</summary>
    public static (float Cosine, float Sine) FromWords(uint radiusWord, uint angleWord)
    {
        var radius = MathF.Sqrt(-2f * Log(MathF.FusedMultiplyAdd((float)radiusWord, UniformStep, UniformHalfStep)));

        // The nearest quadrant, and the signed rest in units of 2^-30 of it: exact, so nothing is lost to a reduction by π.
        var quadrant = (angleWord + 0x20000000u) >> 30;
        var a = MathF.FusedMultiplyAdd((float)(int)(angleWord - (quadrant << 30)), AngleStep, AngleHalfStep);
        var z = a * a;
        var sinePolynomial = MathF.FusedMultiplyAdd(Sin9, z, Sin7);
        sinePolynomial = MathF.FusedMultiplyAdd(sinePolynomial, z, Sin5);
        sinePolynomial = MathF.FusedMultiplyAdd(sinePolynomial, z, Sin3);
        var sine = MathF.FusedMultiplyAdd(a * z, sinePolynomial, a);
        var cosinePolynomial = MathF.FusedMultiplyAdd(Cos10, z, Cos8);
        cosinePolynomial = MathF.FusedMultiplyAdd(cosinePolynomial, z, Cos6);
        cosinePolynomial = MathF.FusedMultiplyAdd(cosinePolynomial, z, Cos4);
        cosinePolynomial = MathF.FusedMultiplyAdd(cosinePolynomial, z, Cos2);
        var cosine = MathF.FusedMultiplyAdd(cosinePolynomial, z, 1f);

        var swap = (quadrant & 1) != 0;
        var x = swap ? sine : cosine;
        var y = swap ? cosine : sine;
        x = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) ^ (((quadrant + 1) & 2) << 30));
        y = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(y) ^ ((quadrant & 2) << 30));
        return (radius * x, radius * y);
    }

    /// <summary>Natural logarithm of a positive normal float: exponent · ln 2 + 2 artanh((m - 1)/(m + 1)), m in [√½, √2).</summary>
    public static float Log(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var exponent = (bits - SquareRootOfHalfBits) >> 23;
        var m = BitConverter.Int32BitsToSingle(bits - (exponent << 23));
        var s = (m - 1f) / (m + 1f);
        var z = s * s;
        var polynomial = MathF.FusedMultiplyAdd(Log9, z, Log7);
        polynomial = MathF.FusedMultiplyAdd(polynomial, z, Log5);
        polynomial = MathF.FusedMultiplyAdd(polynomial, z, Log3);
        var twice = s + s;
        var log = MathF.FusedMultiplyAdd(twice * z, polynomial, twice);
        return MathF.FusedMultiplyAdd((float)exponent, LogOfTwo, log);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromSixteenBlocks(in PhiloxLanes first, in PhiloxLanes second, ref float destination)
    {
        // Sixteen 32-bit lanes, one block each; the result is brought back into element order before the store.
        (var n0, var n1) =
            FromWords(Vector512.Narrow(first.Word0, second.Word0), Vector512.Narrow(first.Word1, second.Word1));
        (var n2, var n3) =
            FromWords(Vector512.Narrow(first.Word2, second.Word2), Vector512.Narrow(first.Word3, second.Word3));
        (var pairLow, var pairHigh) = LaneOrder.JoinHalves(n0.AsUInt32(), n1.AsUInt32());
        (var nextLow, var nextHigh) = LaneOrder.JoinHalves(n2.AsUInt32(), n3.AsUInt32());
        (var a, var b) = LaneOrder.Interleave(pairLow, nextLow);
        a.AsSingle().StoreUnsafe(ref destination, 0);
        b.AsSingle().StoreUnsafe(ref destination, 16);
        (a, b) = LaneOrder.Interleave(pairHigh, nextHigh);
        a.AsSingle().StoreUnsafe(ref destination, 32);
        b.AsSingle().StoreUnsafe(ref destination, 48);
    }

    // The scalar FromWords, operation by operation, in sixteen lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Cosine, Vector512<float> Sine) FromWords(
        Vector512<uint> radiusWord, Vector512<uint> angleWord)
    {
        var uniform = Vector512.FusedMultiplyAdd(
            Vector512.ConvertToSingle(radiusWord), Vector512.Create(UniformStep), Vector512.Create(UniformHalfStep));
        var radius = Vector512.Sqrt(Vector512.Create(-2f) * Log(uniform));

        var quadrant = (angleWord + Vector512.Create(0x20000000u)) >>> 30;
        var a = Vector512.FusedMultiplyAdd(
            Vector512.ConvertToSingle((angleWord - (quadrant << 30)).AsInt32()),
            Vector512.Create(AngleStep),
            Vector512.Create(AngleHalfStep));
        var z = a * a;
        var sinePolynomial = Vector512.FusedMultiplyAdd(Vector512.Create(Sin9), z, Vector512.Create(Sin7));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin5));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin3));
        var sine = Vector512.FusedMultiplyAdd(a * z, sinePolynomial, a);
        var cosinePolynomial = Vector512.FusedMultiplyAdd(Vector512.Create(Cos10), z, Vector512.Create(Cos8));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos6));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos4));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos2));
        var cosine = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(1f));

        var one = Vector512.Create(1u);
        var two = Vector512.Create(2u);
        var swap = Vector512.Equals(quadrant & one, one).AsSingle();
        var x = Vector512.ConditionalSelect(swap, sine, cosine).AsUInt32() ^ (((quadrant + one) & two) << 30);
        var y = Vector512.ConditionalSelect(swap, cosine, sine).AsUInt32() ^ ((quadrant & two) << 30);
        return (radius * x.AsSingle(), radius * y.AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Log(Vector512<float> value)
    {
        var bits = value.AsInt32();
        var exponent = (bits - Vector512.Create(SquareRootOfHalfBits)) >> 23;
        var m = (bits - (exponent << 23)).AsSingle();
        var s = (m - Vector512.Create(1f)) / (m + Vector512.Create(1f));
        var z = s * s;
        var polynomial = Vector512.FusedMultiplyAdd(Vector512.Create(Log9), z, Vector512.Create(Log7));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log5));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log3));
        var twice = s + s;
        var log = Vector512.FusedMultiplyAdd(twice * z, polynomial, twice);
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(exponent), Vector512.Create(LogOfTwo), log);
    }
}
