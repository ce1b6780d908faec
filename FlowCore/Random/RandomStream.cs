using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowCore.Random;

/// <summary>
/// A stream of random numbers in which element i is a pure function of seed, stream number and i: the same numbers come for
/// any number of threads, any block size and any device. Built on Philox 4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror,
/// D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11, 2011).
/// </summary>
/// <remarks>
/// <para>
/// The value has no position: whoever draws keeps the offset. The seed is the Philox key, the stream number the upper half of
/// its counter and the block index the lower half, so streams of one seed never overlap.
/// </para>
/// <para>
/// Every kind of number reads the same words. To draw, say, uniforms and normals that are independent of each other, take a
/// <see cref="Substream"/> for each, or offsets that do not overlap. Elements of 32 bits take one word each, those of 64 bits two.
/// </para>
/// <para>
/// Bits are reproducible across machines: nothing but integer arithmetic and correctly rounded IEEE 754 operations is used.
/// Immutable; safe from any thread; nothing is allocated. Not for cryptography.
/// </para>
/// </remarks>
/// <param name="Seed">The seed; any value.</param>
/// <param name="Stream">The stream number; any value.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of numbers, as the field calls it; no System.IO.Stream.")]
public readonly record struct RandomStream(ulong Seed, ulong Stream = 0)
{
    // Key of the hash behind Substream: differs from Seed, so a substream's name is never also one of the parent's numbers.
    private const ulong SubstreamKey = 0x5851F42D4C957F2Dul;

    /// <summary>
    /// A stream derived from this one by hashing its seed, its number and <paramref name="index"/> with Philox. Substreams of
    /// substreams are independent in the same way: collisions are those of a 128-bit hash.
    /// </summary>
    /// <param name="index">Which substream; any value, each gives another one.</param>
    public RandomStream Substream(ulong index)
    {
        (var w0, var w1, var w2, var w3) = Philox4x32.Block(index, Stream, Seed ^ SubstreamKey);
        return new RandomStream(w0 | ((ulong)w1 << 32), w2 | ((ulong)w3 << 32));
    }

    /// <summary>Fills with uniform 32-bit words: element i of the stream is word i mod 4 of Philox block i / 4.</summary>
    /// <param name="destination">Receives elements offset, offset + 1, ...</param>
    /// <param name="offset">Index of the first element.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range ends beyond element 2⁶⁴ - 1.</exception>
    public void FillUInt32(Span<uint> destination, ulong offset = 0)
    {
        CheckRange(destination.Length, offset);
        StreamFill.Fill<uint, UInt32Kernel>(destination, offset, Seed, Stream);
    }

    /// <summary>
    /// Fills with uniform numbers of the open interval (0, 1): odd multiples of 2⁻²⁴ (float) or 2⁻⁵³ (double), never 0 or 1.
    /// </summary>
    /// <typeparam name="T">float or double. The two types draw different numbers.</typeparam>
    /// <param name="destination">Receives elements offset, offset + 1, ...</param>
    /// <param name="offset">Index of the first element; how a range is split into calls changes no bit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range ends beyond element 2⁶⁴ - 1.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public void FillUniform<T>(Span<T> destination, ulong offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRange(destination.Length, offset);
        if (typeof(T) == typeof(float))
            StreamFill.Fill<float, UniformSingleKernel>(MemoryMarshal.Cast<T, float>(destination), offset, Seed, Stream);
        else if (typeof(T) == typeof(double))
            StreamFill.Fill<double, UniformDoubleKernel>(MemoryMarshal.Cast<T, double>(destination), offset, Seed, Stream);
        else
            throw Unsupported<T>();
    }

    /// <summary>
    /// Fills with standard normal numbers by the transform of Box and Muller on pairs of words; elements 2p and 2p + 1 share a pair.
    /// Values reach ±6.76 (float) or ±8.57 (double).
    /// </summary>
    /// <typeparam name="T">float or double. The two types draw different numbers.</typeparam>
    /// <param name="destination">Receives elements offset, offset + 1, ...</param>
    /// <param name="offset">Index of the first element, odd or even; how a range is split into calls changes no bit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range ends beyond element 2⁶⁴ - 1.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public void FillNormal<T>(Span<T> destination, ulong offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRange(destination.Length, offset);
        if (typeof(T) == typeof(float))
            StreamFill.Fill<float, NormalSingleKernel>(MemoryMarshal.Cast<T, float>(destination), offset, Seed, Stream);
        else if (typeof(T) == typeof(double))
            StreamFill.Fill<double, NormalDoubleKernel>(MemoryMarshal.Cast<T, double>(destination), offset, Seed, Stream);
        else
            throw Unsupported<T>();
    }

    /// <summary>Element <paramref name="index"/> of the stream of 64-bit words: words 2(i mod 2) and the next of block i / 2.</summary>
    /// <param name="index">Index of the element.</param>
    public ulong UInt64At(ulong index)
    {
        (var w0, var w1, var w2, var w3) = Philox4x32.Block(index >> 1, Stream, Seed);
        return (index & 1) == 0 ? w0 | ((ulong)w1 << 32) : w2 | ((ulong)w3 << 32);
    }

    /// <summary>
    /// Element <paramref name="index"/> of a stream of integers in [0, <paramref name="bound"/>), every one exactly as likely as
    /// the others: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
    /// </summary>
    /// <param name="bound">How many integers there are; at least 1.</param>
    /// <param name="index">Index of the element.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is 0.</exception>
    public ulong BelowAt(ulong bound, ulong index)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        var product = (UInt128)UInt64At(index) * bound;
        if ((ulong)product < bound)
        {
            // Words below 2^64 mod bound would favour some integers: they are drawn again, from a substream for each attempt,
            // so that the other elements keep their words.
            var threshold = (0ul - bound) % bound;
            for (ulong attempt = 0; (ulong)product < threshold; attempt++)
                product = (UInt128)Substream(attempt).UInt64At(index) * bound;
        }

        return (ulong)(product >> 64);
    }

    /// <summary>Fills with integers of [0, <paramref name="bound"/>), as <see cref="BelowAt"/> gives them.</summary>
    /// <param name="destination">Receives elements offset, offset + 1, ...</param>
    /// <param name="bound">How many integers there are; at least 1.</param>
    /// <param name="offset">Index of the first element.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1, or the range ends beyond element 2⁶⁴ - 1.</exception>
    public void FillInt32(Span<int> destination, int bound, ulong offset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        CheckRange(destination.Length, offset);
        for (var i = 0; i < destination.Length; i++)
            destination[i] = (int)BelowAt((ulong)bound, offset + (ulong)i);
    }

    /// <summary>
    /// Puts the values into a random order, every order equally likely up to the 128 bits that name the stream (Fisher and
    /// Yates). The order depends on the stream and the length alone.
    /// </summary>
    /// <param name="values">Values to reorder in place.</param>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = (int)BelowAt((ulong)i + 1, (ulong)i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>Fills with a random permutation of 0, 1, ..., Length - 1; see <see cref="Shuffle"/>.</summary>
    /// <param name="destination">Receives the permutation.</param>
    public void FillPermutation(Span<int> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = i;

        Shuffle(destination);
    }

    private static void CheckRange(int length, ulong offset)
    {
        if (length > 0 && offset > ulong.MaxValue - (ulong)(length - 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"A range of {length} elements must end at or before element 2^64 - 1.");
        }
    }

    private static NotSupportedException Unsupported<T>() =>
        new($"Random numbers are drawn as float or double, not as {typeof(T).Name}.");
}
