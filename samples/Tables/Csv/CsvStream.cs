using System.Text;
using FlowCore.IO;

namespace Tables.Csv;

/// <summary>The bytes of a text file behind its byte order mark. Null characters, and a row that does not end, stop it: a quote that is never closed would take all memory.</summary>
internal sealed class CsvStream : Stream
{
    // Some hundred thousand columns of numbers in full precision; Sep itself stops at twice as many characters.
    private const int LongestRow = 1 << 23;

    private readonly FileStream _file;
    private readonly string _name;
    private long _rowStart;

    public CsvStream(string path, string name)
    {
        _name = name;
        _file = InputFile.Open(path);
        Span<byte> mark = stackalloc byte[3];
        if (_file.ReadAtLeast(mark, 3, throwOnEndOfStream: false) < 3 || !mark.SequenceEqual(Encoding.UTF8.Preamble))
            _file.Position = 0;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => _file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>Says that a row has been read.</summary>
    public void StartRow() => _rowStart = _file.Position;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_file.Position - _rowStart > LongestRow)
            throw new TableException(_name, $"Expected rows of less than {LongestRow >> 20} MiB, got a longer one: a quote may not be closed, or the file is no table.");
        var read = _file.Read(buffer);
        if (buffer[..read].Contains((byte)0))
            throw new TableException(_name, "Expected text, got a null character: the file is damaged or no text.");
        return read;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
