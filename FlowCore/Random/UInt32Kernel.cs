using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowCore.Random;

/// <summary>The raw 32-bit words: element 4b + j is word j of block b.</summary>
internal readonly struct UInt32Kernel : IStreamKernel<uint>
{
    public static int ElementsPerBlock => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromBlock(uint word0, uint word1, uint word2, uint word3, ref uint destination)
    {
        destination = word0;
        Unsafe.Add(ref destination, 1) = word1;
        Unsafe.Add(ref destination, 2) = word2;
        Unsafe.Add(ref destination, 3) = word3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FromSixteenBlocks(in PhiloxLanes first, in PhiloxLanes second, ref uint destination)
    {
        (var a, var b) = LaneOrder.Interleave(first.FirstPair, first.SecondPair);
        a.AsUInt32().StoreUnsafe(ref destination, 0);
        b.AsUInt32().StoreUnsafe(ref destination, 16);
        (a, b) = LaneOrder.Interleave(second.FirstPair, second.SecondPair);
        a.AsUInt32().StoreUnsafe(ref destination, 32);
        b.AsUInt32().StoreUnsafe(ref destination, 48);
    }
}
