using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using FlowCore.IO;
using Tables.Csv;

namespace Tables;

/// <summary>Text: a line of names, and a line for every row with the shortest digits that give the number back.</summary>
internal sealed class CsvTableWriter : TableWriter
{
    // The longest double has 24 characters.
    private const int LongestNumber = 32;

    private readonly AtomicFileStream _file;
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly byte _delimiter;
    private readonly bool _isSingle;
    private int _length;

    // The column of the next number.
    private int _column;

    public CsvTableWriter(string path, string[] columns, char delimiter, bool isSingle)
        : base(path, columns)
    {
        _delimiter = (byte)delimiter;
        _isSingle = isSingle;
        _file = new AtomicFileStream(path);
        var line = string.Join(delimiter, columns.Select(name => Quoted(name, delimiter))) + "\n";
        Put(Encoding.UTF8.GetBytes(line));
    }

    public override void Complete()
    {
        Flush();
        _file.Commit();
    }

    private protected override void WriteRows(ReadOnlySpan<double> rowMajor)
    {
        if (!_isSingle)
        {
            WriteNumbers(rowMajor);
            return;
        }

        foreach (var number in rowMajor)
            WriteNumbers([(float)number]);
    }

    private protected override void WriteRows(ReadOnlySpan<float> rowMajor) => WriteNumbers(rowMajor);

    protected override void Dispose(bool isDisposing) => _file.Dispose();

    private void WriteNumbers<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var number in numbers)
        {
            if (_length + LongestNumber > _buffer.Length)
                Flush();
            number.TryFormat(_buffer.AsSpan(_length), out var written, "R", CultureInfo.InvariantCulture);
            _length += written;
            _column = _column + 1 == Columns.Count ? 0 : _column + 1;
            _buffer[_length++] = _column == 0 ? (byte)'\n' : _delimiter;
        }
    }

    private static string Quoted(string name, char delimiter) =>
        name.AsSpan().IndexOfAny([delimiter, '"', '\n', '\r']) >= 0 || name.Length == 0 || CsvNumber.TryParse(name, out _) ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;

    private void Put(ReadOnlySpan<byte> bytes)
    {
        Flush();
        try
        {
            _file.Stream.Write(bytes);
        }
        catch (Exception e) when (AtomicFileStream.IsFailureOfDisk(e))
        {
            throw _file.Failed(e);
        }
    }

    private void Flush()
    {
        var length = _length;
        _length = 0;
        if (length > 0)
            Put(_buffer.AsSpan(0, length));
    }
}
