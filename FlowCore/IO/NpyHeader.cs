using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// The header of an .npy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a magic
/// string, a version, a length, and the text of a Python dictionary with 'descr', 'fortran_order' and 'shape'.
/// </summary>
internal sealed class NpyHeader
{
    /// <summary>The longest header text that is read; numpy itself writes one to a few hundred bytes.</summary>
    private const int MaximumTextLength = 1 << 16;

    /// <summary>Total header length is a multiple of this, so that the data is aligned.</summary>
    private const int Alignment = 64;

    /// <summary>Room kept for a row count that is not known yet: the digits of the largest 64-bit integer.</summary>
    private const int GrowthRoom = 20;

    private NpyHeader(ElementType type, bool isBigEndian, bool isFortranOrder, ImmutableArray<long> shape, int length)
    {
        ElementType = type;
        IsBigEndian = isBigEndian;
        IsFortranOrder = isFortranOrder;
        Shape = shape;
        Length = length;
        TensorData.TryByteCount(type, shape.AsSpan(), out var dataLength);
        DataLength = dataLength;
    }

    public ElementType ElementType { get; }

    public bool IsBigEndian { get; }

    public bool IsFortranOrder { get; }

    public ImmutableArray<long> Shape { get; }

    /// <summary>The bytes before the data.</summary>
    public int Length { get; }

    /// <summary>The bytes of the data, as type and shape demand; fits 63 bits.</summary>
    public long DataLength { get; }

    /// <summary>Reads the header and leaves the stream at the first byte of the data.</summary>
    /// <param name="stream">A readable stream.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <param name="tensor">The array's name for messages, or null.</param>
    public static NpyHeader Read(Stream stream, string file, string? tensor)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false) < 10
            || start[0] != 0x93
            || !start[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new ModelFormatException(file, tensor, "Expected the .npy magic string at the start, it is not there.");
        }

        (var major, var minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
            throw new ModelFormatException(file, tensor, $"Expected .npy version 1.0, 2.0 or 3.0, got {major}.{minor}.");

        uint textLength = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        var length = 10;
        if (major > 1)
        {
            length = 12;
            if (stream.ReadAtLeast(start[10..], 2, throwOnEndOfStream: false) < 2)
                throw new ModelFormatException(file, tensor, "Expected a header length, the file is shorter.");

            textLength = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }

        if (textLength > MaximumTextLength)
        {
            throw new ModelFormatException(
                file, tensor, $"Expected a header of at most {MaximumTextLength} bytes, its length says {textLength}.");
        }

        var text = InputFile.ReadExactly(stream, (int)textLength)
            ?? throw new ModelFormatException(
                file, tensor, $"Expected a header of {textLength} bytes, the file is shorter.");
        return new Parser(Encoding.Latin1.GetString(text), file, tensor).Parse(length + (int)textLength);
    }

    /// <summary>The bytes of a version 1.0 header for little-endian C order.</summary>
    /// <param name="type">The element type, not bfloat16.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="canGrow">
    /// Whether the header keeps the same length for any size of the first dimension.
    /// </param>
    public static byte[] Format(ElementType type, ReadOnlySpan<long> shape, bool canGrow = false)
    {
        var text = new StringBuilder();
        text.Append("{'descr': '").Append(Descr(type)).Append("', 'fortran_order': False, 'shape': (");
        var firstLength = 0;
        for (var i = 0; i < shape.Length; i++)
        {
            var size = shape[i].ToString(CultureInfo.InvariantCulture);
            firstLength = i == 0 ? size.Length : firstLength;
            text.Append(i > 0 ? " " : "").Append(size).Append(i + 1 < shape.Length || i == 0 ? "," : "");
        }

        text.Append("), }");
        var room = canGrow ? GrowthRoom - firstLength : 0;
        var used = 10 + text.Length + room + 1;
        text.Append(' ', room + ((Alignment - (used % Alignment)) % Alignment)).Append('\n');
        var header = new byte[10 + text.Length];
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)text.Length);
        Encoding.Latin1.GetBytes(text.ToString(), header.AsSpan(10));
        return header;
    }

    private static string Descr(ElementType type) => type switch
    {
        ElementType.Bool => "|b1",
        ElementType.UInt8 => "|u1",
        ElementType.Int8 => "|i1",
        ElementType.Int16 => "<i2",
        ElementType.UInt16 => "<u2",
        ElementType.Int32 => "<i4",
        ElementType.UInt32 => "<u4",
        ElementType.Int64 => "<i8",
        ElementType.UInt64 => "<u8",
        ElementType.Float16 => "<f2",
        ElementType.Float32 => "<f4",
        ElementType.Float64 => "<f8",
        _ => throw new ArgumentException(
            $"Expected an element type that .npy knows, got {type}; convert to Float32 first.", nameof(type)),
    };

    private static ElementType? TypeOf(ReadOnlySpan<char> kindAndSize) => kindAndSize switch
    {
        "b1" => ElementType.Bool,
        "u1" => ElementType.UInt8,
        "i1" => ElementType.Int8,
        "i2" => ElementType.Int16,
        "u2" => ElementType.UInt16,
        "i4" => ElementType.Int32,
        "u4" => ElementType.UInt32,
        "i8" => ElementType.Int64,
        "u8" => ElementType.UInt64,
        "f2" => ElementType.Float16,
        "f4" => ElementType.Float32,
        "f8" => ElementType.Float64,
        _ => null,
    };

    /// <summary>A parser of the one kind of Python literal that a header may be.</summary>
    private sealed class Parser(string text, string file, string? tensor)
    {
        private int _at;

        public NpyHeader Parse(int length)
        {
            string? descr = null;
            bool? isFortranOrder = null;
            ImmutableArray<long>? shape = null;
            Require('{');
            while (!Accept('}'))
            {
                var key = ParseText("a key");
                Require(':');
                var isRepeated = key switch
                {
                    "descr" => descr is not null,
                    "fortran_order" => isFortranOrder.HasValue,
                    "shape" => shape.HasValue,
                    _ => throw Error($"Expected descr, fortran_order and shape, got {ModelFormatException.Quote(key)}."),
                };
                if (isRepeated)
                    throw Error($"Expected '{key}' once, it comes twice.");

                switch (key)
                {
                    case "descr":
                        descr = Peek() == '['
                            ? throw Error("Expected a plain element type, got a structured one.")
                            : ParseText("an element type as text");
                        break;
                    case "fortran_order":
                        isFortranOrder = ParseBoolean();
                        break;
                    default:
                        shape = ParseShape();
                        break;
                }

                if (!Accept(','))
                {
                    Require('}');
                    break;
                }
            }

            if (Peek() != '\0' || _at != text.Length)
                throw Error("Expected nothing but spaces after the header's dictionary, there is more.");

            if (descr is null || isFortranOrder is null || shape is null)
            {
                var missing = descr is null ? "descr" : isFortranOrder is null ? "fortran_order" : "shape";
                throw Error($"Expected '{missing}' in the header, it is missing.");
            }

            (var type, var isBigEndian) = ParseDescr(descr);
            if (!TensorData.TryByteCount(type, shape.Value.AsSpan(), out _))
            {
                throw Error(
                    $"Expected a shape whose size fits 63 bits, got {TensorData.FormatShape(shape.Value.AsSpan())}.");
            }

            return new NpyHeader(type, isBigEndian, isFortranOrder.Value, shape.Value, length);
        }

        private (ElementType Type, bool IsBigEndian) ParseDescr(string descr)
        {
            var type = descr.Length == 3 ? TypeOf(descr.AsSpan(1)) : null;
            var isKnown = type is { } known
                && (descr[0] is '<' or '>' || (descr[0] == '|' && known.SizeInBytes() == 1));
            return isKnown
                ? (type!.Value, descr[0] == '>')
                : throw Error(
                    "Expected an element type out of b1, i1, i2, i4, i8, u1, u2, u4, u8, f2, f4, f8 in either byte " +
                    $"order, got {ModelFormatException.Quote(descr)}.");
        }

        private string ParseText(string what)
        {
            var quote = Peek();
            if (quote is not ('\'' or '"'))
                throw Error($"Expected {what} at byte {_at} of the header.");

            var end = text.IndexOf(quote, _at + 1);
            if (end < 0 || text.AsSpan(_at, end - _at).Contains('\\'))
                throw Error($"Expected {what} without escapes at byte {_at} of the header.");

            var content = text[(_at + 1)..end];
            _at = end + 1;
            return content;
        }

        private bool ParseBoolean()
        {
            Peek();
            var rest = text.AsSpan(_at);
            var value = rest.StartsWith("True", StringComparison.Ordinal);
            if (!value && !rest.StartsWith("False", StringComparison.Ordinal))
                throw Error("Expected True or False as fortran_order.");

            _at += value ? 4 : 5;
            return value;
        }

        private ImmutableArray<long> ParseShape()
        {
            var shape = ImmutableArray.CreateBuilder<long>(4);
            Require('(');
            var hasComma = true;
            while (!Accept(')'))
            {
                if (!hasComma)
                    throw Error("Expected commas between the dimensions of the shape.");

                if (shape.Count == TensorData.MaximumRank)
                    throw Error($"Expected at most {TensorData.MaximumRank} dimensions, there are more.");

                shape.Add(ParseSize());
                hasComma = Accept(',');
            }

            // (3) is a number in Python and no shape; numpy writes (3,).
            return shape.Count == 1 && !hasComma
                ? throw Error("Expected a tuple as shape, got a number in parentheses.")
                : shape.DrainToImmutable();
        }

        private long ParseSize()
        {
            Peek();
            var end = _at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;

            if (!long.TryParse(text.AsSpan(_at, end - _at), NumberStyles.None, CultureInfo.InvariantCulture, out var size))
                throw Error($"Expected dimensions from 0 to {long.MaxValue} in the shape, got something else.");

            // Python 2 marked long integers so.
            _at = end < text.Length && text[end] == 'L' ? end + 1 : end;
            return size;
        }

        private char Peek()
        {
            while (_at < text.Length && text[_at] is (' ' or '\n' or '\t' or '\r'))
                _at++;

            return _at < text.Length ? text[_at] : '\0';
        }

        private bool Accept(char c)
        {
            if (Peek() != c)
                return false;

            _at++;
            return true;
        }

        private void Require(char c)
        {
            if (!Accept(c))
                throw Error($"Expected '{c}' at byte {_at} of the header.");
        }

        private ModelFormatException Error(string problem) => new(file, tensor, problem);
    }
}
