using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowCore.Random;

/// <summary>
/// Uniform floats in the open interval (0, 1): the upper 24 bits of a word with the lowest bit set, times 2⁻²⁴. Odd multiples
/// of 2⁻²⁴ are exact in a float, never 0 or 1, and symmetric about one half.
/// </summary>
internal readonly struct UniformSingleKernel : IStreamKernel<float>
{
    private const float Step = 1f / (1 << 24);

    public static int ElementsPerBlock => 4;

    /// <summary>The uniform of one word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromWord(uint word) => (int)((word >> 8) | 1u) * Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromBlock(uint word0, uint word1, uint word2, uint word3, ref float destination)
    {
        destination = FromWord(word0);
        Unsafe.Add(ref destination, 1) = FromWord(word1);
        Unsafe.Add(ref destination, 2) = FromWord(word2);
        Unsafe.Add(ref destination, 3) = FromWord(word3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromSixteenBlocks(in PhiloxLanes first, in PhiloxLanes second, ref float destination)
    {
        (var a, var b) = LaneOrder.Interleave(first.FirstPair, first.SecondPair);
        FromWords(a).StoreUnsafe(ref destination, 0);
        FromWords(b).StoreUnsafe(ref destination, 16);
        (a, b) = LaneOrder.Interleave(second.FirstPair, second.SecondPair);
        FromWords(a).StoreUnsafe(ref destination, 32);
        FromWords(b).StoreUnsafe(ref destination, 48);
    }

    // The 24-bit integer is below 2^24, so the signed conversion and the product are exact, as in FromWord.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> FromWords(Vector512<ulong> pairs) =>
        Vector512.ConvertToSingle(((pairs.AsUInt32() >>> 8) | Vector512.Create(1u)).AsInt32()) * Vector512.Create(Step);
}
