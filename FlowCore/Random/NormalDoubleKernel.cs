using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowCore.Random;

/// <summary>
/// Standard normal doubles by the transform of Box and Muller, as <see cref="NormalSingleKernel"/> does for floats: the two
/// 64-bit words of a block give radius and angle.
/// </summary>
/// <remarks>
/// u is a uniform of <see cref="UniformDoubleKernel"/>, so values reach ±8.57. The series are long enough for a relative
/// error below 7·10⁻¹⁶ (about three units in the last place), with sine and cosine taken relative to 1, in operations that
/// IEEE 754 rounds in one way.
/// </remarks>
internal readonly struct NormalDoubleKernel : IStreamKernel<double>
{
    private const double AngleStep = Math.PI / 2 / (1L << 62);
    private const double AngleHalfStep = Math.PI / 4 / (1L << 62);
    private const double LogOfTwo = 0.69314718055994530942;
    private const long SquareRootOfHalfBits = 0x3FE6A09E667F3BCD;

    // ln((1 + s)/(1 - s)) = 2 (s + s³/3 + s⁵/5 + ...), |s| <= 0.172; the first term left out is below 3e-20 relative.
    private const double Log3 = 1.0 / 3, Log5 = 1.0 / 5, Log7 = 1.0 / 7, Log9 = 1.0 / 9, Log11 = 1.0 / 11,
        Log13 = 1.0 / 13, Log15 = 1.0 / 15, Log17 = 1.0 / 17, Log19 = 1.0 / 19, Log21 = 1.0 / 21, Log23 = 1.0 / 23;

    // Taylor series on |a| <= π/4; the first terms left out are below 1e-19.
    private const double Sin3 = -1.0 / 6.0, Sin5 = 1.0 / 120.0, Sin7 = -1.0 / 5040.0, Sin9 = 1.0 / 362880.0,
        Sin11 = -1.0 / 39916800.0, Sin13 = 1.0 / 6227020800.0, Sin15 = -1.0 / 1307674368000.0,
        Sin17 = 1.0 / 355687428096000.0;
    private const double Cos2 = -1.0 / 2.0, Cos4 = 1.0 / 24.0, Cos6 = -1.0 / 720.0, Cos8 = 1.0 / 40320.0,
        Cos10 = -1.0 / 3628800.0, Cos12 = 1.0 / 479001600.0, Cos14 = -1.0 / 87178291200.0,
        Cos16 = 1.0 / 20922789888000.0, Cos18 = -1.0 / 6402373705728000.0;

    public static int ElementsPerBlock => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromBlock(uint word0, uint word1, uint word2, uint word3, ref double destination) =>
        (destination, Unsafe.Add(ref destination, 1)) =
            FromWords(word0 | ((ulong)word1 << 32), word2 | ((ulong)word3 << 32));

    /// <summary>Two independent standard normals from two 64-bit words.</summary>
    public static (double Cosine, double Sine) FromWords(ulong radiusWord, ulong angleWord)
    {
        var radius = Math.Sqrt(-2.0 * Log(UniformDoubleKernel.FromWord(radiusWord)));

        // The nearest quadrant, and the signed rest in units of 2^-62 of it.
        var quadrant = (angleWord + 0x2000000000000000ul) >> 62;
        var a = Math.FusedMultiplyAdd((double)(long)(angleWord - (quadrant << 62)), AngleStep, AngleHalfStep);
        var z = a * a;
        var sinePolynomial = Math.FusedMultiplyAdd(Sin17, z, Sin15);
        sinePolynomial = Math.FusedMultiplyAdd(sinePolynomial, z, Sin13);
        sinePolynomial = Math.FusedMultiplyAdd(sinePolynomial, z, Sin11);
        sinePolynomial = Math.FusedMultiplyAdd(sinePolynomial, z, Sin9);
        sinePolynomial = Math.FusedMultiplyAdd(sinePolynomial, z, Sin7);
        sinePolynomial = Math.FusedMultiplyAdd(sinePolynomial, z, Sin5);
        sinePolynomial = Math.FusedMultiplyAdd(sinePolynomial, z, Sin3);
        var sine = Math.FusedMultiplyAdd(a * z, sinePolynomial, a);
        var cosinePolynomial = Math.FusedMultiplyAdd(Cos18, z, Cos16);
        cosinePolynomial = Math.FusedMultiplyAdd(cosinePolynomial, z, Cos14);
        cosinePolynomial = Math.FusedMultiplyAdd(cosinePolynomial, z, Cos12);
        cosinePolynomial = Math.FusedMultiplyAdd(cosinePolynomial, z, Cos10);
        cosinePolynomial = Math.FusedMultiplyAdd(cosinePolynomial, z, Cos8);
        cosinePolynomial = Math.FusedMultiplyAdd(cosinePolynomial, z, Cos6);
        cosinePolynomial = Math.FusedMultiplyAdd(cosinePolynomial, z, Cos4);
        cosinePolynomial = Math.FusedMultiplyAdd(cosinePolynomial, z, Cos2);
        var cosine = Math.FusedMultiplyAdd(cosinePolynomial, z, 1.0);

        var swap = (quadrant & 1) != 0;
        var x = swap ? sine : cosine;
        var y = swap ? cosine : sine;
        x = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(x) ^ (((quadrant + 1) & 2) << 62));
        y = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(y) ^ ((quadrant & 2) << 62));
        return (radius * x, radius * y);
    }

    /// <summary>Natural logarithm of a positive normal double: exponent · ln 2 + 2 artanh((m - 1)/(m + 1)), m in [√½, √2).</summary>
    public static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (bits - SquareRootOfHalfBits) >> 52;
        var m = BitConverter.Int64BitsToDouble(bits - (exponent << 52));
        var s = (m - 1.0) / (m + 1.0);
        var z = s * s;
        var polynomial = Math.FusedMultiplyAdd(Log23, z, Log21);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log19);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log17);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log15);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log13);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log11);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log9);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log7);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log5);
        polynomial = Math.FusedMultiplyAdd(polynomial, z, Log3);
        var twice = s + s;
        var log = Math.FusedMultiplyAdd(twice * z, polynomial, twice);
        return Math.FusedMultiplyAdd((double)exponent, LogOfTwo, log);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromSixteenBlocks(in PhiloxLanes first, in PhiloxLanes second, ref double destination)
    {
        FromEightBlocks(first, ref destination);
        FromEightBlocks(second, ref Unsafe.Add(ref destination, 16));
    }

    // Eight 64-bit lanes, one block each; the interleave brings cosine and sine into element order.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FromEightBlocks(in PhiloxLanes blocks, ref double destination)
    {
        (var n0, var n1) = FromWords(blocks.FirstPair, blocks.SecondPair);
        (var a, var b) = LaneOrder.Interleave(n0.AsUInt64(), n1.AsUInt64());
        a.AsDouble().StoreUnsafe(ref destination, 0);
        b.AsDouble().StoreUnsafe(ref destination, 8);
    }

    // The scalar FromWords, operation by operation, in eight lanes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> Cosine, Vector512<double> Sine) FromWords(
        Vector512<ulong> radiusWord, Vector512<ulong> angleWord)
    {
        var radius =
            Vector512.Sqrt(Vector512.Create(-2.0) * Log(UniformDoubleKernel.FromWords(radiusWord)));

        var quadrant = (angleWord + Vector512.Create(0x2000000000000000ul)) >>> 62;
        var a = Vector512.FusedMultiplyAdd(
            Vector512.ConvertToDouble((angleWord - (quadrant << 62)).AsInt64()),
            Vector512.Create(AngleStep),
            Vector512.Create(AngleHalfStep));
        var z = a * a;
        var sinePolynomial = Vector512.FusedMultiplyAdd(Vector512.Create(Sin17), z, Vector512.Create(Sin15));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin13));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin11));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin9));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin7));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin5));
        sinePolynomial = Vector512.FusedMultiplyAdd(sinePolynomial, z, Vector512.Create(Sin3));
        var sine = Vector512.FusedMultiplyAdd(a * z, sinePolynomial, a);
        var cosinePolynomial = Vector512.FusedMultiplyAdd(Vector512.Create(Cos18), z, Vector512.Create(Cos16));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos14));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos12));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos10));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos8));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos6));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos4));
        cosinePolynomial = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(Cos2));
        var cosine = Vector512.FusedMultiplyAdd(cosinePolynomial, z, Vector512.Create(1.0));

        var one = Vector512.Create(1ul);
        var two = Vector512.Create(2ul);
        var swap = Vector512.Equals(quadrant & one, one).AsDouble();
        var x = Vector512.ConditionalSelect(swap, sine, cosine).AsUInt64() ^ (((quadrant + one) & two) << 62);
        var y = Vector512.ConditionalSelect(swap, cosine, sine).AsUInt64() ^ ((quadrant & two) << 62);
        return (radius * x.AsDouble(), radius * y.AsDouble());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Log(Vector512<double> value)
    {
        var bits = value.AsInt64();
        var exponent = (bits - Vector512.Create(SquareRootOfHalfBits)) >> 52;
        var m = (bits - (exponent << 52)).AsDouble();
        var s = (m - Vector512.Create(1.0)) / (m + Vector512.Create(1.0));
        var z = s * s;
        var polynomial = Vector512.FusedMultiplyAdd(Vector512.Create(Log23), z, Vector512.Create(Log21));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log19));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log17));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log15));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log13));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log11));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log9));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log7));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log5));
        polynomial = Vector512.FusedMultiplyAdd(polynomial, z, Vector512.Create(Log3));
        var twice = s + s;
        var log = Vector512.FusedMultiplyAdd(twice * z, polynomial, twice);
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToDouble(exponent), Vector512.Create(LogOfTwo), log);
    }
}
