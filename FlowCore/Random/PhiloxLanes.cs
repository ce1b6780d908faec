using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FlowCore.Random;

/// <summary>
/// The words 0 to 3 of eight consecutive Philox blocks: 64-bit lane l holds block l's word in its low half, and the high
/// half is undefined.
/// </summary>
internal readonly struct PhiloxLanes(
    Vector512<ulong> word0, Vector512<ulong> word1, Vector512<ulong> word2, Vector512<ulong> word3)
{
    public readonly Vector512<ulong> Word0 = word0;
    public readonly Vector512<ulong> Word1 = word1;
    public readonly Vector512<ulong> Word2 = word2;
    public readonly Vector512<ulong> Word3 = word3;

    /// <summary>Word 1 above word 0, one 64-bit word a block.</summary>
    public Vector512<ulong> FirstPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Join(Word0, Word1);
    }

    /// <summary>Word 3 above word 2, one 64-bit word a block.</summary>
    public Vector512<ulong> SecondPair
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Join(Word2, Word3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Join(Vector512<ulong> low, Vector512<ulong> high) =>
        (low & Vector512.Create(0xFFFFFFFFul)) | (high << 32);
}
