using System.Text;

namespace Tables.Csv;

/// <summary>The bytes of a text file behind its byte order mark. Null characters, and a row that does not end, stop it: a quote that is never closed would take all memory.</summary>
internal sealed class CsvStream : FileBytes
{
    // Some hundred thousand columns of numbers in full precision; Sep itself stops at twice as many characters.
    private const int LongestRow = 1 << 23;

    private readonly string _name;
    private long _rowStart;

    public CsvStream(string path, string name)
        : base(path)
    {
        _name = name;
        Span<byte> mark = stackalloc byte[3];
        if (File.ReadAtLeast(mark, 3, throwOnEndOfStream: false) < 3 || !mark.SequenceEqual(Encoding.UTF8.Preamble))
            File.Position = 0;
    }

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Position
    {
        get => File.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>Says that a row has been read.</summary>
    public void StartRow() => _rowStart = File.Position;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (File.Position - _rowStart > LongestRow)
            throw new TableException(_name, $"Expected rows of less than {LongestRow >> 20} MiB, got a longer one: a quote may not be closed, or the file is no table.");
        var read = File.Read(buffer);
        if (buffer[..read].Contains((byte)0))
            throw new TableException(_name, "Expected text, got a null character: the file is damaged or no text.");
        return read;
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
}
