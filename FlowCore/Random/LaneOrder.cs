using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowCore.Random;

/// <summary>Brings lanes that hold one Philox block each into the order of the stream's elements.</summary>
internal static class LaneOrder
{
    /// <summary>Interleaves 64-bit lanes: (a0, b0, a1, b1, a2, b2, a3, b3) and the same for lanes 4 to 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<ulong> Low, Vector512<ulong> High) Interleave(Vector512<ulong> a, Vector512<ulong> b)
    {
        if (Avx512F.IsSupported)
        {
            return (
                Avx512F.PermuteVar8x64x2(a, Vector512.Create(0ul, 8, 1, 9, 2, 10, 3, 11), b),
                Avx512F.PermuteVar8x64x2(a, Vector512.Create(4ul, 12, 5, 13, 6, 14, 7, 15), b));
        }

        var odd = Vector512.Create(0ul, ~0ul, 0, ~0ul, 0, ~0ul, 0, ~0ul);
        var low = Vector512.Create(0ul, 0, 1, 1, 2, 2, 3, 3);
        var high = Vector512.Create(4ul, 4, 5, 5, 6, 6, 7, 7);
        return (
            Vector512.ConditionalSelect(odd, Vector512.Shuffle(b, low), Vector512.Shuffle(a, low)),
            Vector512.ConditionalSelect(odd, Vector512.Shuffle(b, high), Vector512.Shuffle(a, high)));
    }

    /// <summary>
    /// Interleaves 32-bit lanes pairwise: each 64-bit lane of the result holds a's value in its low half and b's above it;
    /// Low has lanes 0 to 7, High lanes 8 to 15.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<ulong> Low, Vector512<ulong> High) JoinHalves(Vector512<uint> a, Vector512<uint> b)
    {
        (var aLow, var aHigh) = Vector512.Widen(a);
        (var bLow, var bHigh) = Vector512.Widen(b);
        return (aLow | (bLow << 32), aHigh | (bHigh << 32));
    }
}
