using System.Buffers.Binary;
using System.Text;
using FlowCore.IO;

namespace Tables.Hdf5;

/// <summary>
/// The links of an HDF5 file, looked at before the package follows them: it would open the files that external links name, and walk soft links in
/// a circle until the stack ends. (HDF5 file format specification, version 3: superblock, object headers, link messages.)
/// </summary>
/// <remarks>
/// Groups whose links stand in their object header are read here; links that lie apart, in symbol tables and fractal heaps, are left to
/// the package, which reads the file on its way and is stopped by <see cref="Hdf5Stream"/>. What does not look as it should is left to it as well.
/// </remarks>
internal sealed class Hdf5Links : IDisposable
{
    private const int MostLinks = 32;
    private const int MostMessages = 1 << 14;
    private const byte Hard = 0;
    private const byte Soft = 1;
    private const byte External = 64;

    private readonly FileStream _file;
    private readonly string _name;
    private int _links;

    public Hdf5Links(string path, string name)
    {
        _name = name;
        _file = InputFile.Open(path);
    }

    /// <summary>Refuses a path that leads outside of the file or in a circle, and a group that has such links.</summary>
    /// <param name="path">The path, from the root, without a slash at its ends.</param>
    /// <exception cref="TableException">It does.</exception>
    public void Check(string path)
    {
        if (Root() is not { } root)
            return;
        _links = 0;
        if (Follow(root, root, path) is not { } end)
            return;
        foreach (var link in Links(end))
        {
            _links = 0;
            if (link.Kind == External)
                throw Outside(link);
            if (link.Kind == Soft)
                Follow(root, end, link.Target);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // The address of what a path from a group leads to; null where links lie apart, or it is not there.
    private long? Follow(long root, long group, string path)
    {
        if (++_links > MostLinks)
            throw new TableException(_name, $"Expected the path of a dataset, {TableException.Quote(path)} is a link that leads nowhere or in a circle.");
        var here = path.StartsWith('/') ? root : group;
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var link = segment == "." ? new Hdf5Link(segment, Hard, here, "") : Links(here).Find(link => link.Name == segment);
            if (link.Name is null)
                return null;
            switch (link.Kind)
            {
                case Hard:
                    here = link.Address;
                    break;
                case Soft:
                    if (Follow(root, here, link.Target) is not { } target)
                        return null;
                    here = target;
                    break;
                case External:
                    throw Outside(link);
                default:
                    return null;
            }
        }

        return here;
    }

    private TableException Outside(Hdf5Link link) =>
        new(_name, $"Expected data in this file, the link {TableException.Quote(link.Name)} leads to another, {TableException.Quote(link.Target)}.");

    // The address of the root's object header, of superblocks with addresses of 8 bytes, which all but very old files have.
    private long? Root()
    {
        var bytes = new byte[96];
        for (var offset = 0L; offset + bytes.Length <= _file.Length; offset = offset == 0 ? 512 : 2 * offset)
        {
            if (!Read(offset, bytes) || !bytes.AsSpan(1, 3).SequenceEqual("HDF"u8))
                continue;
            var address = bytes[8] switch
            {
                0 when bytes[13] == 8 => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(64)),
                1 when bytes[13] == 8 => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(68)),
                2 or 3 when bytes[9] == 8 => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(36)),
                _ => -1,
            };

            // Addresses count from the superblock; files with a block of the user's own in front are left to the package.
            return offset == 0 && address >= 0 ? address : null;
        }

        return null;
    }

    private List<Hdf5Link> Links(long address)
    {
        var links = new List<Hdf5Link>();
        var chunks = new Queue<(long Start, long Length)>();
        var first = new byte[64];
        if (!Read(address, first.AsSpan(0, (int)Math.Clamp(_file.Length - address, 0, first.Length))))
            return links;
        var isNew = first.AsSpan(0, 4).SequenceEqual("OHDR"u8);
        var hasOrder = false;
        if (isNew)
        {
            var flags = first[5];
            hasOrder = (flags & 4) != 0;
            var at = 6 + ((flags & 32) != 0 ? 16 : 0) + ((flags & 16) != 0 ? 4 : 0);
            var size = 1 << (flags & 3);
            var length = 0L;
            for (var i = size - 1; i >= 0; i--)
                length = (length << 8) | first[at + i];
            chunks.Enqueue((address + at + size, length));
        }
        else if (first[0] == 1)
        {
            chunks.Enqueue((address + 16, BinaryPrimitives.ReadUInt32LittleEndian(first.AsSpan(8))));
        }

        for (var messages = 0; chunks.TryDequeue(out var chunk);)
        {
            if (chunk.Start < 0 || chunk.Length is < 0 or > 1 << 24 || chunk.Start > _file.Length - chunk.Length)
                return links;
            var bytes = new byte[chunk.Length];
            if (!Read(chunk.Start, bytes))
                return links;
            var header = isNew ? hasOrder ? 6 : 4 : 8;
            for (var at = 0; at + header <= bytes.Length && ++messages < MostMessages;)
            {
                var type = isNew ? bytes[at] : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
                int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + (isNew ? 1 : 2)));
                at += header;
                if (at + size > bytes.Length)
                    break;
                var message = bytes.AsSpan(at, size);
                if (type == 6 && Link(message) is { } link)
                    links.Add(link);
                if (type == 16 && size >= 16)
                {
                    // A chunk that continues the header; the new kind has a signature before and a checksum behind.
                    var start = BinaryPrimitives.ReadInt64LittleEndian(message);
                    var length = BinaryPrimitives.ReadInt64LittleEndian(message[8..]);
                    chunks.Enqueue(isNew ? (start + 4, length - 8) : (start, length));
                }

                at += size;
            }
        }

        return links;
    }

    private static Hdf5Link? Link(ReadOnlySpan<byte> message)
    {
        if (message.Length < 4 || message[0] != 1)
            return null;
        var flags = message[1];
        var at = 2;
        var kind = (flags & 8) != 0 ? message[at++] : Hard;
        at += ((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0);
        var size = 1 << (flags & 3);
        var length = 0L;
        for (var i = size - 1; i >= 0 && at + i < message.Length; i--)
            length = (length << 8) | message[at + i];
        at += size;
        if (length < 0 || at + length + 2 > message.Length)
            return null;
        var name = Encoding.UTF8.GetString(message.Slice(at, (int)length));
        var rest = message[(at + (int)length)..];
        if (kind == Hard)
            return rest.Length < 8 ? null : new Hdf5Link(name, kind, BinaryPrimitives.ReadInt64LittleEndian(rest), "");
        var value = rest.Slice(2, Math.Min(rest.Length - 2, BinaryPrimitives.ReadUInt16LittleEndian(rest)));
        return new Hdf5Link(name, kind, 0, Encoding.UTF8.GetString(kind == External && value.Length > 0 ? value[1..] : value).TrimEnd('\0').Replace('\0', ':'));
    }

    private bool Read(long offset, Span<byte> bytes)
    {
        if (offset < 0 || offset > _file.Length - bytes.Length)
            return false;
        _file.Position = offset;
        return _file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
    }
}
