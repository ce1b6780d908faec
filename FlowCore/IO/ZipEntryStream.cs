using System.Buffers;
using System.IO.Compression;

namespace FlowCore.IO;

/// <summary>
/// The data of one zip entry: gives exactly the declared number of bytes, never more, and checks the checksum when the
/// last of them has been read. Not seekable.
/// </summary>
internal sealed class ZipEntryStream : Stream
{
    private readonly Stream _source;
    private readonly ZipEntry _entry;
    private readonly string _file;
    private uint _checksum;
    private bool _isChecked;

    public ZipEntryStream(Stream archive, ZipEntry entry, string file)
    {
        _entry = entry;
        _file = file;
        Remaining = entry.Length;
        Stream raw = new Section(archive, entry.DataOffset, entry.CompressedLength);
        _source = entry.IsDeflated ? new DeflateStream(raw, CompressionMode.Decompress) : raw;
    }

    /// <summary>The declared bytes that have not been read yet.</summary>
    public long Remaining { get; private set; }

    /// <summary>Whether the remaining bytes are known to be in the file, rather than only claimed.</summary>
    public bool IsStored => !_entry.IsDeflated;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => _entry.Length;

    public override long Position
    {
        get => _entry.Length - Remaining;
        set => throw new NotSupportedException();
    }

    /// <summary>Checks, once all bytes are read, that nothing follows and that the checksum holds.</summary>
    public void CheckEnd()
    {
        if (_isChecked)
            return;

        _isChecked = true;
        Span<byte> one = stackalloc byte[1];
        if (ReadSource(one) != 0)
            throw Error($"Expected {_entry.Length} bytes in {Quoted}, there are more.");

        if (_checksum != _entry.Checksum)
            throw Error($"Expected the checksum {_entry.Checksum:x8} of {Quoted}, got {_checksum:x8}: the data is damaged.");
    }

    /// <summary>Reads what is left and lets go of it, for the checks at the end.</summary>
    public void Skip()
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(Remaining, 1, 1 << 16));
        try
        {
            while (Read(buffer) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;

        if (Remaining == 0)
        {
            CheckEnd();
            return 0;
        }

        var read = ReadSource(buffer[..(int)Math.Min(buffer.Length, Remaining)]);
        if (read == 0)
            throw Error($"Expected {_entry.Length} bytes in {Quoted}, there are {_entry.Length - Remaining}.");

        _checksum = Crc32.Append(_checksum, buffer[..read]);
        Remaining -= read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _source.Dispose();

        base.Dispose(disposing);
    }

    private string Quoted => ModelFormatException.Quote(_entry.Name);

    private int ReadSource(Span<byte> buffer)
    {
        try
        {
            return _source.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException(_file, null, $"Expected deflated data in {Quoted}, it is damaged.", e);
        }
    }

    private ModelFormatException Error(string problem) => new(_file, null, problem);

    /// <summary>A stretch of the archive's stream, which stays open.</summary>
    private sealed class Section(Stream archive, long start, long length) : Stream
    {
        private long _done;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _done;
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var most = (int)Math.Min(buffer.Length, length - _done);
            if (most == 0)
                return 0;

            archive.Position = start + _done;
            var read = archive.Read(buffer[..most]);
            _done += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
