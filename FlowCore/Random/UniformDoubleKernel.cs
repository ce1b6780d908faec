using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowCore.Random;

/// <summary>
/// Uniform doubles in the open interval (0, 1): the upper 53 bits of a 64-bit word (the second 32-bit word above the first)
/// with the lowest bit set, times 2⁻⁵³.
/// </summary>
internal readonly struct UniformDoubleKernel : IStreamKernel<double>
{
    private const double Step = 1.0 / (1L << 53);

    public static int ElementsPerBlock => 2;

    /// <summary>The uniform of one 64-bit word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double FromWord(ulong word) => (long)((word >> 11) | 1ul) * Step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromBlock(uint word0, uint word1, uint word2, uint word3, ref double destination)
    {
        destination = FromWord(word0 | ((ulong)word1 << 32));
        Unsafe.Add(ref destination, 1) = FromWord(word2 | ((ulong)word3 << 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromSixteenBlocks(in PhiloxLanes first, in PhiloxLanes second, ref double destination)
    {
        (var a, var b) = LaneOrder.Interleave(first.FirstPair, first.SecondPair);
        FromWords(a).StoreUnsafe(ref destination, 0);
        FromWords(b).StoreUnsafe(ref destination, 8);
        (a, b) = LaneOrder.Interleave(second.FirstPair, second.SecondPair);
        FromWords(a).StoreUnsafe(ref destination, 16);
        FromWords(b).StoreUnsafe(ref destination, 24);
    }

    /// <summary><see cref="FromWord"/> in eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> FromWords(Vector512<ulong> words) =>
        Vector512.ConvertToDouble(((words >>> 11) | Vector512.Create(1ul)).AsInt64()) * Vector512.Create(Step);
}
