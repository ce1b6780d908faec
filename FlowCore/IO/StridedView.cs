using System.Runtime.InteropServices;

namespace FlowCore.IO;

/// <summary>Views of a flat array given by an offset, a shape and strides, all counted in elements.</summary>
internal static class StridedView
{
    /// <summary>The strides of C order without gaps; a dimension of size 0 counts as 1, as PyTorch does it.</summary>
    public static long[] ContiguousStrides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    /// <summary>The index of the last element that the view touches, -1 where it has none.</summary>
    public static Int128 LastIndex(long offset, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        Int128 last = offset;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0)
                return -1;

            last += (Int128)(shape[i] - 1) * strides[i];
        }

        return last;
    }

    /// <summary>Whether the view is in C order without gaps, so that it is a slice. Strides of size 1 do not matter.</summary>
    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] > 1 && strides[i] != expected)
                return false;

            expected *= Math.Max(shape[i], 1);
        }

        return true;
    }

    /// <summary>Gathers a view that has elements, all inside the storage, into C order.</summary>
    public static byte[] Gather(
        ReadOnlySpan<byte> storage, int elementSize, long offset, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long count = 1;
        foreach (var size in shape)
            count *= size;

        var result = GC.AllocateUninitializedArray<byte>((int)(count * elementSize));
        switch (elementSize)
        {
            case 1:
                Gather(storage, result.AsSpan(), offset, shape, strides);
                break;
            case 2:
                Gather(
                    MemoryMarshal.Cast<byte, ushort>(storage), MemoryMarshal.Cast<byte, ushort>(result.AsSpan()), offset, shape, strides);
                break;
            case 4:
                Gather(
                    MemoryMarshal.Cast<byte, uint>(storage), MemoryMarshal.Cast<byte, uint>(result.AsSpan()), offset, shape, strides);
                break;
            default:
                Gather(
                    MemoryMarshal.Cast<byte, ulong>(storage), MemoryMarshal.Cast<byte, ulong>(result.AsSpan()), offset, shape, strides);
                break;
        }

        return result;
    }

    private static void Gather<T>(
        ReadOnlySpan<T> storage, Span<T> result, long offset, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
        where T : unmanaged
    {
        Span<long> index = stackalloc long[TensorData.MaximumRank];
        index.Clear();
        var from = offset;
        for (var to = 0; to < result.Length; to++)
        {
            result[to] = storage[(int)from];

            // The last dimension runs fastest; one that wraps steps back to its start and carries to the one before.
            for (var i = shape.Length - 1; i >= 0; i--)
            {
                from += strides[i];
                if (++index[i] < shape[i])
                    break;

                from -= strides[i] * shape[i];
                index[i] = 0;
            }
        }
    }
}
