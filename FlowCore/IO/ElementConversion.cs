using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace FlowCore.IO;

/// <summary>Conversion of stored little-endian elements to .NET numbers.</summary>
internal static class ElementConversion
{
    /// <summary>Elements that pass through a buffer on the stack, where one is needed.</summary>
    private const int Chunk = 256;

    /// <summary>Whether elements of <paramref name="source"/> can be read as <typeparamref name="T"/>.</summary>
    public static bool IsSupported<T>(ElementType source)
        where T : unmanaged
    {
        if (!ElementTypes.TryOf<T>(out var target))
            return false;

        return target == ElementType.Bool
            ? source == ElementType.Bool
            : target.IsFloatingPoint() || !source.IsFloatingPoint();
    }

    /// <summary>
    /// Converts <paramref name="source"/>, whose length is that of <paramref name="destination"/> in elements.
    /// Floating-point destinations take every type, rounding to nearest; integer destinations take bool and integers
    /// in range; bool takes bool.
    /// </summary>
    /// <exception cref="InvalidOperationException">The pair of types is not one of those.</exception>
    /// <exception cref="OverflowException">An integer is outside the range of the destination.</exception>
    public static void Convert<T>(ReadOnlySpan<byte> source, ElementType type, Span<T> destination)
        where T : unmanaged
    {
        if (!IsSupported<T>(type))
            throw new InvalidOperationException($"Elements of type {type} cannot be read as {typeof(T)}.");

        var target = ElementTypes.Of<T>();
        var bytes = MemoryMarshal.AsBytes(destination);
        if (target == ElementType.Bool)
        {
            // A bool outside 0 and 1 breaks the language's own comparisons, so bytes are not taken as they are.
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = source[i] != 0 ? (byte)1 : (byte)0;

            return;
        }

        if (target == type)
        {
            source.CopyTo(bytes);
            ByteOrder.ToHost(bytes, type.SizeInBytes());
            return;
        }

        switch (target)
        {
            case ElementType.Float32:
                ToNumber(source, type, MemoryMarshal.Cast<byte, float>(bytes));
                break;
            case ElementType.Float64:
                ToNumber(source, type, MemoryMarshal.Cast<byte, double>(bytes));
                break;
            case ElementType.Float16:
                ToNumber(source, type, MemoryMarshal.Cast<byte, Half>(bytes));
                break;
            case ElementType.Int64:
                ToNumber(source, type, MemoryMarshal.Cast<byte, long>(bytes));
                break;
            case ElementType.UInt64:
                ToNumber(source, type, MemoryMarshal.Cast<byte, ulong>(bytes));
                break;
            case ElementType.Int32:
                ToNumber(source, type, MemoryMarshal.Cast<byte, int>(bytes));
                break;
            case ElementType.UInt32:
                ToNumber(source, type, MemoryMarshal.Cast<byte, uint>(bytes));
                break;
            case ElementType.Int16:
                ToNumber(source, type, MemoryMarshal.Cast<byte, short>(bytes));
                break;
            case ElementType.UInt16:
                ToNumber(source, type, MemoryMarshal.Cast<byte, ushort>(bytes));
                break;
            case ElementType.Int8:
                ToNumber(source, type, MemoryMarshal.Cast<byte, sbyte>(bytes));
                break;
            default:
                ToNumber(source, type, bytes);
                break;
        }
    }

    /// <summary>The nearest bfloat16, ties to even, of a float; NaN stays a quiet NaN.</summary>
    public static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
            return (ushort)((bits >> 16) | 0x0040);

        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static void ToNumber<T>(ReadOnlySpan<byte> source, ElementType type, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        switch (type)
        {
            case ElementType.Bool:
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = source[i] != 0 ? T.One : T.Zero;

                break;
            case ElementType.UInt8:
                TensorPrimitives.ConvertChecked(source, destination);
                break;
            case ElementType.Int8:
                TensorPrimitives.ConvertChecked(MemoryMarshal.Cast<byte, sbyte>(source), destination);
                break;
            case ElementType.Int16:
                Numbers<short, T>(source, destination);
                break;
            case ElementType.UInt16:
                Numbers<ushort, T>(source, destination);
                break;
            case ElementType.Int32:
                Numbers<int, T>(source, destination);
                break;
            case ElementType.UInt32:
                Numbers<uint, T>(source, destination);
                break;
            case ElementType.Int64:
                Numbers<long, T>(source, destination);
                break;
            case ElementType.UInt64:
                Numbers<ulong, T>(source, destination);
                break;
            case ElementType.Float16:
                Numbers<Half, T>(source, destination);
                break;
            case ElementType.BFloat16:
                BFloat16(source, destination);
                break;
            case ElementType.Float32:
                Numbers<float, T>(source, destination);
                break;
            default:
                Numbers<double, T>(source, destination);
                break;
        }
    }

    private static void Numbers<TSource, T>(ReadOnlySpan<byte> source, Span<T> destination)
        where TSource : unmanaged, INumberBase<TSource>
        where T : unmanaged, INumberBase<T>
    {
        if (BitConverter.IsLittleEndian)
        {
            TensorPrimitives.ConvertChecked(MemoryMarshal.Cast<byte, TSource>(source), destination);
            return;
        }

        Span<TSource> buffer = stackalloc TSource[Chunk];
        var all = MemoryMarshal.Cast<byte, TSource>(source);
        for (var start = 0; start < all.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, all.Length - start);
            all.Slice(start, count).CopyTo(buffer);
            ByteOrder.ToHost(MemoryMarshal.AsBytes(buffer[..count]), all.Length == 0 ? 1 : source.Length / all.Length);
            TensorPrimitives.ConvertChecked<TSource, T>(buffer[..count], destination.Slice(start, count));
        }
    }

    private static void BFloat16<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        Span<float> buffer = stackalloc float[Chunk];
        for (var start = 0; start < destination.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, destination.Length - start);
            for (var i = 0; i < count; i++)
            {
                var at = 2 * (start + i);
                var high = (uint)(source[at] | (source[at + 1] << 8));
                buffer[i] = BitConverter.UInt32BitsToSingle(high << 16);
            }

            TensorPrimitives.ConvertChecked<float, T>(buffer[..count], destination.Slice(start, count));
        }
    }
}
