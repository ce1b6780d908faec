using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FlowCore.Random;

/// <summary>
/// The counter-based generator Philox 4x32 with ten rounds: a keyed bijection of 128-bit counters whose values pass the
/// usual statistical batteries. Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy
/// as 1, 2, 3", SC11 (2011), section 3.3.
/// </summary>
/// <remarks>
/// One round multiplies the counter words 0 and 2 by two constants, and crosses the high halves of the products with the two
/// other words and the key; the key advances by a Weyl sequence. Pure functions without state: safe from any thread.
/// </remarks>
internal static class Philox4x32
{
    private const uint Multiplier0 = 0xD2511F53u;
    private const uint Multiplier1 = 0xCD9E8D57u;
    private const uint Weyl0 = 0x9E3779B9u;
    private const uint Weyl1 = 0xBB67AE85u;
    private const int Rounds = 10;

    /// <summary>Number of blocks that <see cref="EightBlocks"/> computes at once.</summary>
    public const int Lanes = 8;

    /// <summary>The four random words of one counter.</summary>
    /// <param name="counterLow">Counter words 0 (low half) and 1 (high half).</param>
    /// <param name="counterHigh">Counter words 2 (low half) and 3 (high half).</param>
    /// <param name="key">Key words 0 (low half) and 1 (high half).</param>
    public static (uint W0, uint W1, uint W2, uint W3) Block(ulong counterLow, ulong counterHigh, ulong key)
    {
        var c0 = (uint)counterLow;
        var c1 = (uint)(counterLow >> 32);
        var c2 = (uint)counterHigh;
        var c3 = (uint)(counterHigh >> 32);
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * c0;
            var product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>
    /// The words of eight consecutive counters, equal to eight calls of <see cref="Block"/>. Each 64-bit lane holds one
    /// counter's word in its low half; the high half is left undefined.
    /// </summary>
    /// <remarks>
    /// The 32-by-32 multiplication reads the low halves alone and exclusive-or never mixes halves, so what the high halves
    /// gather over the rounds does no harm and need not be cleared.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PhiloxLanes EightBlocks(ulong counterLow, ulong counterHigh, ulong key)
    {
        var c0 = Vector512.Create(counterLow) + Vector512.Create(0ul, 1, 2, 3, 4, 5, 6, 7);
        var c1 = c0 >>> 32;
        var c2 = Vector512.Create(counterHigh);
        var c3 = c2 >>> 32;
        var k0 = (uint)key;
        var k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = MultiplyLowHalves(c0, Multiplier0);
            var product1 = MultiplyLowHalves(c2, Multiplier1);
            c0 = (product1 >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c1 = product1;
            c2 = (product0 >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c3 = product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return new PhiloxLanes(c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> MultiplyLowHalves(Vector512<ulong> value, uint factor) =>
        Avx512F.IsSupported
            ? Avx512F.Multiply(value.AsUInt32(), Vector512.Create((ulong)factor).AsUInt32())
            : (value & Vector512.Create(0xFFFFFFFFul)) * Vector512.Create((ulong)factor);
}
