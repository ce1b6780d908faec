using System.Buffers.Binary;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// A strict reader of zip archives (APPNOTE.TXT 6.3: stored and deflated entries, zip64). The base library's own
/// reader is lenient where a file of weights must not be: this one demands that the central directory and the local
/// headers agree, that entries do not overlap (so that the archive's size bounds their sum), that names are unique,
/// and that every checksum holds. It also knows where stored data lies.
/// </summary>
internal sealed class ZipReader
{
    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint CentralSignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndLength = 22;
    private const int Locator64Length = 20;
    private const int End64Length = 56;
    private const int CentralLength = 46;
    private const int LocalLength = 30;
    private const ushort IsEncryptedFlag = 1;
    private const ushort HasDescriptorFlag = 8;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly Dictionary<string, ZipEntry> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads the directory.</summary>
    /// <param name="stream">A seekable stream, which the caller keeps open and closes.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <exception cref="ModelFormatException">The archive is damaged or of an unknown kind.</exception>
    public ZipReader(Stream stream, string file)
    {
        _stream = stream;
        _file = file;
        InputFile.RequireSeekable(stream, file);
        (var count, var start, var length) = FindDirectory();
        Entries = ReadDirectory(count, start, length);
        foreach (var entry in Entries)
        {
            if (!_byName.TryAdd(entry.Name, entry))
                throw Error($"Expected every name once, {ModelFormatException.Quote(entry.Name)} comes twice.");
        }
    }

    /// <summary>The entries in the order of the directory.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>The entry of a name, or null.</summary>
    public ZipEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// A stream over an entry's data. It ends after exactly the declared length and fails where the data is shorter,
    /// longer or of another checksum. One at a time: all of them share the archive's stream.
    /// </summary>
    public ZipEntryStream Open(ZipEntry entry) => new(_stream, entry, _file);

    /// <summary>The data of an entry, checksum checked.</summary>
    public byte[] Read(ZipEntry entry)
    {
        if (entry.Length > Array.MaxLength)
        {
            throw Error(
                $"Expected at most {Array.MaxLength} bytes in {ModelFormatException.Quote(entry.Name)}, " +
                $"got {entry.Length}.");
        }

        using var stream = Open(entry);
        var bytes = InputFile.ReadExactly(stream, (int)entry.Length)
            ?? throw Error($"Expected {entry.Length} bytes in {ModelFormatException.Quote(entry.Name)}, there are fewer.");
        stream.CheckEnd();
        return bytes;
    }

    private (long Count, long Start, long Length) FindDirectory()
    {
        var tailLength = (int)Math.Min(_stream.Length, EndLength + ushort.MaxValue);
        var tailStart = _stream.Length - tailLength;
        var tail = ReadAt(tailStart, tailLength);
        for (var at = tailLength - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            var isEnd = BinaryPrimitives.ReadUInt32LittleEndian(end) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == end.Length - EndLength;
            if (isEnd)
                return ReadEnd(end, tailStart + at);
        }

        throw Error("Expected a zip archive, no end of a zip directory was found: the file is truncated or another kind.");
    }

    private (long Count, long Start, long Length) ReadEnd(ReadOnlySpan<byte> end, long at)
    {
        long disks = BinaryPrimitives.ReadUInt32LittleEndian(end[4..]);
        long countHere = BinaryPrimitives.ReadUInt16LittleEndian(end[8..]);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        var directoryEnd = at;
        if (at >= Locator64Length + End64Length)
        {
            var locator = ReadAt(at - Locator64Length, Locator64Length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(locator) == Locator64Signature)
            {
                var at64 = BinaryPrimitives.ReadUInt64LittleEndian(locator.AsSpan(8));
                if (at64 > (ulong)(at - Locator64Length - End64Length))
                    throw Error("Expected the zip64 directory end inside the file, it points outside.");

                var end64 = ReadAt((long)at64, End64Length);
                var recordLength = BinaryPrimitives.ReadUInt64LittleEndian(end64.AsSpan(4));
                if (BinaryPrimitives.ReadUInt32LittleEndian(end64) != End64Signature
                    || recordLength + 12 != (ulong)at - Locator64Length - at64)
                {
                    throw Error("Expected a zip64 directory end where the locator points, it is not there.");
                }

                disks |= BinaryPrimitives.ReadUInt32LittleEndian(end64.AsSpan(16))
                    | BinaryPrimitives.ReadUInt32LittleEndian(end64.AsSpan(20))
                    | BinaryPrimitives.ReadUInt32LittleEndian(locator.AsSpan(4));
                Widen(ref countHere, ushort.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(end64.AsSpan(24)));
                Widen(ref count, ushort.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(end64.AsSpan(32)));
                Widen(ref length, uint.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(end64.AsSpan(40)));
                Widen(ref start, uint.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(end64.AsSpan(48)));
                directoryEnd = (long)at64;
            }
        }

        if (disks != 0 || countHere != count)
            throw Error("Expected a zip archive in one piece, it says to be one of several.");

        if (start > directoryEnd || directoryEnd - start != length || count > length / CentralLength)
        {
            throw Error(
                $"Expected {count} zip directory entries in {length} bytes at offset {start}, that does not fit the file.");
        }

        return (count, start, length);
    }

    /// <summary>Replaces a saturated 16- or 32-bit number by its 64-bit one; otherwise the two have to agree.</summary>
    private void Widen(ref long value, long saturated, ulong wide)
    {
        if ((value != saturated && (ulong)value != wide) || wide > long.MaxValue)
            throw Error("Expected the zip directory end and its zip64 form to agree, they differ.");

        value = (long)wide;
    }

    private ZipEntry[] ReadDirectory(long count, long start, long length)
    {
        if (length > Array.MaxLength)
            throw Error($"Expected a zip directory of at most {Array.MaxLength} bytes, got {length}.");

        var directory = ReadAt(start, (int)length);
        var entries = new ZipEntry[count];
        var spans = new (long Start, long End)[count];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            entries[i] = ReadEntry(directory, ref at, start, out var headerOffset);
            spans[i] = (headerOffset, entries[i].DataOffset + entries[i].CompressedLength);
        }

        if (at != length)
            throw Error($"Expected {count} zip directory entries in {length} bytes, they take {at}.");

        Array.Sort(spans);
        for (var i = 0; i < count; i++)
        {
            if (spans[i].End > (i + 1 < count ? spans[i + 1].Start : start))
                throw Error("Expected zip entries that do not overlap, two share bytes.");
        }

        return entries;
    }

    private ZipEntry ReadEntry(byte[] directory, ref int at, long dataEnd, out long headerOffset)
    {
        ReadOnlySpan<byte> rest = directory.AsSpan(at);
        if (rest.Length < CentralLength || BinaryPrimitives.ReadUInt32LittleEndian(rest) != CentralSignature)
            throw Error("Expected another entry in the zip directory, it is damaged.");

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(rest[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(rest[10..]);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(rest[16..]);
        long compressed = BinaryPrimitives.ReadUInt32LittleEndian(rest[20..]);
        long uncompressed = BinaryPrimitives.ReadUInt32LittleEndian(rest[24..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[30..]);
        int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[32..]);
        int disk = BinaryPrimitives.ReadUInt16LittleEndian(rest[34..]);
        headerOffset = BinaryPrimitives.ReadUInt32LittleEndian(rest[42..]);
        var total = CentralLength + nameLength + extraLength + commentLength;
        if (rest.Length < total)
            throw Error("Expected another entry in the zip directory, it is damaged.");

        var nameBytes = rest.Slice(CentralLength, nameLength);
        var name = NameOf(nameBytes);
        var quoted = ModelFormatException.Quote(name);
        ReadZip64(
            rest.Slice(CentralLength + nameLength, extraLength), quoted, ref uncompressed, ref compressed, ref headerOffset);
        at += total;

        if ((flags & IsEncryptedFlag) != 0)
            throw Error($"Expected plain zip entries, {quoted} is encrypted.");

        if (method is not (0 or 8))
            throw Error($"Expected stored or deflated zip entries, {quoted} uses method {method}.");

        if (disk is not (0 or ushort.MaxValue))
            throw Error("Expected a zip archive in one piece, it says to be one of several.");

        if (method == 0 && compressed != uncompressed)
        {
            throw Error(
                $"Expected as many stored as original bytes in {quoted}, got {compressed} and {uncompressed}.");
        }

        var dataOffset = ReadLocalHeader(
            headerOffset, dataEnd, nameBytes, quoted, flags, method, checksum, compressed, uncompressed);
        if (compressed > dataEnd - dataOffset)
            throw Error($"Expected {compressed} bytes for {quoted}, they reach past the end of the data.");

        return new ZipEntry(name, method == 8, checksum, compressed, uncompressed, dataOffset);
    }

    private long ReadLocalHeader(
        long offset,
        long dataEnd,
        ReadOnlySpan<byte> name,
        string quoted,
        ushort flags,
        ushort method,
        uint checksum,
        long compressed,
        long uncompressed)
    {
        if (offset > dataEnd - LocalLength - name.Length)
            throw Error($"Expected the zip entry {quoted} inside the file, it points outside.");

        var local = ReadAt(offset, LocalLength + name.Length);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        var agrees = BinaryPrimitives.ReadUInt32LittleEndian(local) == LocalSignature
            && BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(6)) == flags
            && BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(8)) == method
            && BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26)) == name.Length
            && local.AsSpan(LocalLength).SequenceEqual(name)
            && extraLength <= dataEnd - offset - LocalLength - name.Length;

        // Where a descriptor follows the data the three numbers here may be zero, and large ones stand in an extra field.
        var mayBeZero = (flags & HasDescriptorFlag) != 0;
        agrees = agrees
            && Agrees(BinaryPrimitives.ReadUInt32LittleEndian(local.AsSpan(14)), checksum, mayBeZero, false)
            && Agrees(BinaryPrimitives.ReadUInt32LittleEndian(local.AsSpan(18)), compressed, mayBeZero, true)
            && Agrees(BinaryPrimitives.ReadUInt32LittleEndian(local.AsSpan(22)), uncompressed, mayBeZero, true);
        return agrees
            ? offset + LocalLength + name.Length + extraLength
            : throw Error($"Expected the zip directory and the header of {quoted} to agree, they differ.");
    }

    private static bool Agrees(uint local, long central, bool mayBeZero, bool mayBeSaturated) =>
        local == central || (mayBeZero && local == 0) || (mayBeSaturated && local == uint.MaxValue);

    private void ReadZip64(
        ReadOnlySpan<byte> extra, string quoted, ref long uncompressed, ref long compressed, ref long headerOffset)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
                break;

            if (id == 1)
            {
                var numbers = extra.Slice(4, length);
                Take(ref numbers, ref uncompressed, quoted);
                Take(ref numbers, ref compressed, quoted);
                Take(ref numbers, ref headerOffset, quoted);
                return;
            }

            extra = extra[(4 + length)..];
        }
    }

    private void Take(ref ReadOnlySpan<byte> numbers, ref long value, string quoted)
    {
        if (value != uint.MaxValue)
            return;

        var wide = numbers.Length >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(numbers) : ulong.MaxValue;
        if (wide > long.MaxValue)
            throw Error($"Expected 64-bit sizes for {quoted}, they are missing or too large.");

        value = (long)wide;
        numbers = numbers[8..];
    }

    private string NameOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(_file, null, "Expected names in UTF-8 in the zip directory, got others.", e);
        }
    }

    private byte[] ReadAt(long offset, int length)
    {
        _stream.Position = offset;
        return InputFile.ReadExactly(_stream, length)
            ?? throw Error($"Expected {length} bytes at offset {offset}, the file is shorter.");
    }

    private ModelFormatException Error(string problem) => new(_file, null, problem);
}
