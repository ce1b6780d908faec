using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// A writer of zip archives (APPNOTE.TXT 6.3) that can align stored data in the file, which the base library's own
/// cannot. Deterministic: no time of day enters, every entry bears the format's first date, 1 January 1980.
/// </summary>
internal sealed class ZipWriter
{
    private const ushort UseUtf8Flag = 1 << 11;
    private const ushort FirstDate = (1 << 5) | 1;
    private const ushort PaddingId = 0x4246;

    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _directory = new();
    private readonly bool _deflate;
    private readonly int _alignment;
    private long _count;

    /// <summary>Starts an archive at the stream's position, which offsets in the archive count as it stands.</summary>
    /// <param name="stream">A seekable stream.</param>
    /// <param name="deflate">Whether data is deflated; otherwise it is stored.</param>
    /// <param name="alignment">A power of two that divides the offset of all stored data.</param>
    public ZipWriter(Stream stream, bool deflate, int alignment)
    {
        _stream = stream;
        _deflate = deflate;
        _alignment = alignment;
    }

    /// <summary>Adds an entry whose data is the sequence of two parts.</summary>
    public void Add(string name, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        var nameBytes = Encoding.UTF8.GetBytes(name);
        if (nameBytes.Length > ushort.MaxValue)
        {
            throw new ArgumentException(
                $"Expected names of at most {ushort.MaxValue} bytes, got {nameBytes.Length}.", nameof(name));
        }

        var start = _stream.Position;
        var length = (uint)first.Length + (uint)second.Length;
        var checksum = Crc32.Append(Crc32.Append(0, first), second);
        var padding = Padding(start + 30 + nameBytes.Length);
        var local = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(local, 0x04034b50);
        WriteCommon(local.AsSpan(4), checksum, length, length, nameBytes.Length, padding.Length);
        _stream.Write(local);
        _stream.Write(nameBytes);
        _stream.Write(padding);
        var dataStart = _stream.Position;
        if (_deflate)
        {
            using (var deflate = new DeflateStream(_stream, CompressionLevel.Optimal, leaveOpen: true))
            {
                deflate.Write(first);
                deflate.Write(second);
            }
        }
        else
        {
            _stream.Write(first);
            _stream.Write(second);
        }

        var end = _stream.Position;
        var compressed = checked((uint)(end - dataStart));
        if (compressed != length)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(local.AsSpan(18), compressed);
            _stream.Position = start;
            _stream.Write(local);
            _stream.Position = end;
        }

        AddToDirectory(nameBytes, checksum, compressed, length, start);
    }

    /// <summary>Writes the directory.</summary>
    public void Complete()
    {
        var start = _stream.Position;
        _stream.Write(_directory.WrittenSpan);
        long length = _directory.WrittenCount;
        var end = _stream.Position;
        Span<byte> record = stackalloc byte[98];
        record.Clear();
        var used = 0;
        if (_count >= ushort.MaxValue || length >= uint.MaxValue || start >= uint.MaxValue)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06064b50);
            BinaryPrimitives.WriteInt64LittleEndian(record[4..], 44);
            BinaryPrimitives.WriteUInt16LittleEndian(record[12..], 45);
            BinaryPrimitives.WriteUInt16LittleEndian(record[14..], 45);
            BinaryPrimitives.WriteInt64LittleEndian(record[24..], _count);
            BinaryPrimitives.WriteInt64LittleEndian(record[32..], _count);
            BinaryPrimitives.WriteInt64LittleEndian(record[40..], length);
            BinaryPrimitives.WriteInt64LittleEndian(record[48..], start);
            BinaryPrimitives.WriteUInt32LittleEndian(record[56..], 0x07064b50);
            BinaryPrimitives.WriteInt64LittleEndian(record[64..], end);
            BinaryPrimitives.WriteUInt32LittleEndian(record[72..], 1);
            used = 76;
        }

        var count = (ushort)Math.Min(_count, ushort.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(record[used..], 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(record[(used + 8)..], count);
        BinaryPrimitives.WriteUInt16LittleEndian(record[(used + 10)..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(used + 12)..], (uint)Math.Min(length, uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(record[(used + 16)..], (uint)Math.Min(start, uint.MaxValue));
        _stream.Write(record[..(used + 22)]);
    }

    /// <summary>An extra field of the length that moves the data to an aligned offset; other readers skip it.</summary>
    private byte[] Padding(long dataStart)
    {
        var missing = (int)(-dataStart & (_alignment - 1));
        if (_deflate || missing == 0)
            return [];

        // A field takes four bytes for itself.
        var padding = new byte[missing < 4 ? missing + Math.Max(4, _alignment) : missing];
        BinaryPrimitives.WriteUInt16LittleEndian(padding, PaddingId);
        BinaryPrimitives.WriteUInt16LittleEndian(padding.AsSpan(2), (ushort)(padding.Length - 4));
        return padding;
    }

    private void AddToDirectory(byte[] name, uint checksum, uint compressed, uint length, long start)
    {
        byte[] extra = [];
        if (start >= uint.MaxValue)
        {
            extra = new byte[12];
            BinaryPrimitives.WriteUInt16LittleEndian(extra, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), 8);
            BinaryPrimitives.WriteInt64LittleEndian(extra.AsSpan(4), start);
        }

        Span<byte> central = stackalloc byte[46];
        central.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(central, 0x02014b50);
        BinaryPrimitives.WriteUInt16LittleEndian(central[4..], 45);
        WriteCommon(central[6..], checksum, compressed, length, name.Length, extra.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(central[42..], (uint)Math.Min(start, uint.MaxValue));
        _directory.Write(central);
        _directory.Write(name);
        _directory.Write(extra);
        _count++;
    }

    /// <summary>The 26 bytes that the local header and the directory have in common.</summary>
    private void WriteCommon(
        Span<byte> common, uint checksum, uint compressed, uint length, int nameLength, int extraLength)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(common, 45);
        BinaryPrimitives.WriteUInt16LittleEndian(common[2..], UseUtf8Flag);
        BinaryPrimitives.WriteUInt16LittleEndian(common[4..], (ushort)(_deflate ? 8 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(common[8..], FirstDate);
        BinaryPrimitives.WriteUInt32LittleEndian(common[10..], checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(common[14..], compressed);
        BinaryPrimitives.WriteUInt32LittleEndian(common[18..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(common[22..], (ushort)nameLength);
        BinaryPrimitives.WriteUInt16LittleEndian(common[24..], (ushort)extraLength);
    }
}
