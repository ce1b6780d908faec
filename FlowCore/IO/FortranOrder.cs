namespace FlowCore.IO;

/// <summary>Walking an array in Fortran order (first dimension fastest) with offsets in C order (last fastest).</summary>
internal static class FortranOrder
{
    /// <summary>
    /// The C-order offset of the current multi-index, which is then advanced by one step in Fortran order; wraps to
    /// the start after the last.
    /// </summary>
    public static long NextOffset(Span<long> index, ReadOnlySpan<long> shape)
    {
        long offset = 0;
        for (var i = 0; i < shape.Length; i++)
            offset = (offset * shape[i]) + index[i];

        for (var i = 0; i < shape.Length; i++)
        {
            if (++index[i] < shape[i])
                break;

            index[i] = 0;
        }

        return offset;
    }

    /// <summary>Rearranges elements of a few bytes from Fortran to C order.</summary>
    public static byte[] ToC(ReadOnlySpan<byte> source, int elementSize, ReadOnlySpan<long> shape)
    {
        var result = GC.AllocateUninitializedArray<byte>(source.Length);
        Span<long> index = stackalloc long[TensorData.MaximumRank];
        index.Clear();
        for (var at = 0; at < source.Length; at += elementSize)
        {
            var offset = NextOffset(index, shape) * elementSize;
            source.Slice(at, elementSize).CopyTo(result.AsSpan((int)offset));
        }

        return result;
    }
}
