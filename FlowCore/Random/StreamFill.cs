using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowCore.Random;

/// <summary>Fills any range of a stream: whole groups of sixteen blocks in lanes, the ends block by block.</summary>
internal static class StreamFill
{
    private const int GroupBlocks = 2 * Philox4x32.Lanes;

    /// <summary>Writes elements offset, offset + 1, ... of the stream with this key and number.</summary>
    public static void Fill<T, TKernel>(Span<T> destination, ulong offset, ulong seed, ulong stream)
        where T : unmanaged
        where TKernel : IStreamKernel<T>
    {
        var perBlock = TKernel.ElementsPerBlock;
        var block = offset / (ulong)perBlock;
        var skip = (int)(offset % (ulong)perBlock);
        if (skip != 0 && !destination.IsEmpty)
        {
            destination = destination[PartOfBlock<T, TKernel>(destination, skip, block, seed, stream)..];
            block++;
        }

        if (Vector512.IsHardwareAccelerated)
        {
            while (destination.Length >= GroupBlocks * perBlock)
            {
                // The stream's number fills the counter's upper half, so eight lanes never carry into it.
                var first = Philox4x32.EightBlocks(block, stream, seed);
                var second = Philox4x32.EightBlocks(block + Philox4x32.Lanes, stream, seed);
                TKernel.FromSixteenBlocks(first, second, ref MemoryMarshal.GetReference(destination));
                destination = destination[(GroupBlocks * perBlock)..];
                block += GroupBlocks;
            }
        }

        while (destination.Length >= perBlock)
        {
            (var w0, var w1, var w2, var w3) = Philox4x32.Block(block, stream, seed);
            TKernel.FromBlock(w0, w1, w2, w3, ref MemoryMarshal.GetReference(destination));
            destination = destination[perBlock..];
            block++;
        }

        if (!destination.IsEmpty)
            PartOfBlock<T, TKernel>(destination, 0, block, seed, stream);
    }

    private static int PartOfBlock<T, TKernel>(Span<T> destination, int skip, ulong block, ulong seed, ulong stream)
        where T : unmanaged
        where TKernel : IStreamKernel<T>
    {
        FourElements<T> elements = default;
        (var w0, var w1, var w2, var w3) = Philox4x32.Block(block, stream, seed);
        TKernel.FromBlock(w0, w1, w2, w3, ref Unsafe.As<FourElements<T>, T>(ref elements));
        var count = Math.Min(TKernel.ElementsPerBlock - skip, destination.Length);
        ((ReadOnlySpan<T>)elements).Slice(skip, count).CopyTo(destination);
        return count;
    }
}
