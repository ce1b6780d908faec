using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FlowCore.IO;

/// <summary>
/// One stored tensor: a name, an element type, a shape and its elements as little-endian bytes in C order (last
/// dimension fastest). Immutable as long as the memory it was given is not written to; safe to share between threads.
/// </summary>
public sealed class TensorData
{
    /// <summary>The largest number of dimensions a tensor may have.</summary>
    public const int MaximumRank = 64;

    /// <summary>Describes a tensor whose bytes are given. The memory is kept, not copied.</summary>
    /// <param name="name">The name; well-formed text, possibly empty.</param>
    /// <param name="elementType">The type of the elements.</param>
    /// <param name="shape">The sizes of the dimensions, each at least 0; empty for a scalar.</param>
    /// <param name="bytes">Little-endian elements in C order: product of the shape times the element size.</param>
    /// <exception cref="ArgumentException">
    /// The name is not well-formed, a dimension is negative, there are more than <see cref="MaximumRank"/> of them,
    /// or the number of bytes differs from what type and shape demand.
    /// </exception>
    public TensorData(string name, ElementType elementType, ImmutableArray<long> shape, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsWellFormed(name))
            throw new ArgumentException("Expected well-formed text, got an unpaired surrogate.", nameof(name));

        if (!Enum.IsDefined(elementType))
            throw new ArgumentException($"Expected a defined element type, got {elementType}.", nameof(elementType));

        if (shape.IsDefault)
            throw new ArgumentException("Expected a shape, got the default value.", nameof(shape));

        if (!TryByteCount(elementType, shape.AsSpan(), out var byteCount))
        {
            throw new ArgumentException(
                $"Expected at most {MaximumRank} dimensions, none negative, of at most {long.MaxValue} bytes, got " +
                $"{FormatShape(shape.AsSpan())}.",
                nameof(shape));
        }

        if (byteCount != bytes.Length)
        {
            throw new ArgumentException(
                $"Expected {byteCount} bytes for {elementType} {FormatShape(shape.AsSpan())}, got {bytes.Length}.",
                nameof(bytes));
        }

        Name = name;
        ElementType = elementType;
        Shape = shape;
        Bytes = bytes;
    }

    /// <summary>The name; unique in a <see cref="TensorArchive"/>.</summary>
    public string Name { get; }

    /// <summary>The type of the elements.</summary>
    public ElementType ElementType { get; }

    /// <summary>The sizes of the dimensions; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The elements as little-endian bytes in C order.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The number of elements: the product of the shape, 1 for a scalar.</summary>
    public int Count => Bytes.Length / ElementType.SizeInBytes();

    /// <summary>Creates a tensor from numbers, which are copied.</summary>
    /// <typeparam name="T">bool, an integer of 8 to 64 bits, <see cref="Half"/>, float or double.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="shape">The sizes of the dimensions; empty for a scalar.</param>
    /// <param name="values">The elements in C order, as many as the product of the shape.</param>
    /// <exception cref="ArgumentException">The number of values differs from the product of the shape.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is any other type.</exception>
    public static TensorData Create<T>(string name, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var type = ElementTypes.Of<T>();
        if (!TryByteCount(type, shape, out var byteCount) || byteCount / type.SizeInBytes() != values.Length)
        {
            throw new ArgumentException(
                $"Expected as many values as the shape {FormatShape(shape)} has elements, got {values.Length}.",
                nameof(values));
        }

        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        ByteOrder.ToHost(bytes, type.SizeInBytes());
        return new TensorData(name, type, [.. shape], bytes);
    }

    /// <summary>Creates a tensor of bfloat16, each value rounded to nearest, ties to even.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The sizes of the dimensions; empty for a scalar.</param>
    /// <param name="values">The elements in C order, as many as the product of the shape.</param>
    /// <exception cref="ArgumentException">The number of values differs from the product of the shape.</exception>
    public static TensorData CreateBFloat16(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values)
    {
        var halves = new ushort[values.Length];
        for (var i = 0; i < values.Length; i++)
            halves[i] = ElementConversion.ToBFloat16(values[i]);

        var bits = Create<ushort>(name, shape, halves);
        return new TensorData(name, ElementType.BFloat16, bits.Shape, bits.Bytes);
    }

    /// <summary>The same tensor under another name; the bytes are shared.</summary>
    /// <param name="name">The new name.</param>
    public TensorData Rename(string name) => new(name, ElementType, Shape, Bytes);

    /// <summary>The elements in C order as a new array, converted as by <see cref="CopyTo"/>.</summary>
    /// <typeparam name="T">bool, an integer of 8 to 64 bits, <see cref="Half"/>, float or double.</typeparam>
    /// <exception cref="InvalidOperationException">The elements cannot be read as <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">An integer is outside the range of <typeparamref name="T"/>.</exception>
    public T[] ToArray<T>()
        where T : unmanaged
    {
        var values = new T[Count];
        CopyTo<T>(values);
        return values;
    }

    /// <summary>
    /// Copies the elements in C order, converted where the types differ: to floating point from every type (rounded to
    /// nearest; true is 1), to an integer from bool and integers in range, to bool from bool alone.
    /// </summary>
    /// <typeparam name="T">bool, an integer of 8 to 64 bits, <see cref="Half"/>, float or double.</typeparam>
    /// <param name="destination">Exactly <see cref="Count"/> elements.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="InvalidOperationException">The elements cannot be read as <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">An integer is outside the range of <typeparamref name="T"/>.</exception>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged
    {
        if (destination.Length != Count)
        {
            throw new ArgumentException(
                $"Expected room for the {Count} elements of {this}, got {destination.Length}.", nameof(destination));
        }

        if (!ElementConversion.IsSupported<T>(ElementType))
            throw new InvalidOperationException($"{this} cannot be read as {typeof(T)}.");

        ElementConversion.Convert(Bytes.Span, ElementType, destination);
    }

    /// <summary>The name, the type and the shape.</summary>
    public override string ToString() => $"{ModelFormatException.Quote(Name)} {ElementType} {FormatShape(Shape.AsSpan())}";

    /// <summary>A shape as "[3, 4]".</summary>
    internal static string FormatShape(ReadOnlySpan<long> shape)
    {
        const int Most = 16;
        var text = new System.Text.StringBuilder("[");
        for (var i = 0; i < shape.Length && i < Most; i++)
            text.Append(i > 0 ? ", " : "").Append(shape[i]);

        return text.Append(shape.Length > Most ? ", ...]" : "]").ToString();
    }

    /// <summary>
    /// The bytes that a tensor takes, false where a dimension is negative, there are too many of them, or the count
    /// does not fit a long. Nothing is taken on trust: a zero among overflowing dimensions does not hide them.
    /// </summary>
    internal static bool TryByteCount(ElementType type, ReadOnlySpan<long> shape, out long byteCount)
    {
        byteCount = 0;
        if (shape.Length > MaximumRank)
            return false;

        Int128 count = type.SizeInBytes();
        var isEmpty = false;
        foreach (var size in shape)
        {
            if (size < 0)
                return false;

            isEmpty |= size == 0;
            count *= Math.Max(size, 1);
            if (count > long.MaxValue)
                return false;
        }

        byteCount = isEmpty ? 0 : (long)count;
        return true;
    }

    /// <summary>Whether every surrogate has its partner, so that the text has a UTF-8 form.</summary>
    internal static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }
}
