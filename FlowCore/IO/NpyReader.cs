using System.Buffers;
using System.Collections.Immutable;

namespace FlowCore.IO;

/// <summary>
/// Reads an .npy file, or an array in an .npz archive, in blocks of rows (slices along the first dimension), so that
/// data larger than memory passes through a buffer. C and Fortran order, little and big endian. Not safe for use by
/// several threads at once.
/// </summary>
public sealed class NpyReader : IDisposable
{
    private readonly FileStream _stream;
    private readonly string _file;
    private readonly string? _name;
    private readonly NpyHeader _header;

    /// <summary>Where the data starts in the file, unless it is deflated.</summary>
    private readonly long _dataStart;

    private readonly ZipReader? _zip;
    private readonly ZipEntry? _deflatedEntry;
    private ZipEntryStream? _deflated;
    private long _row;
    private bool _disposed;

    /// <summary>Opens an .npy file and reads its header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">The content is not an .npy array of one dimension or more.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public NpyReader(string path)
    {
        _file = path;
        _stream = InputFile.Open(path);
        try
        {
            InputFile.RequireSeekable(_stream, path);
            _header = NpyFile.ReadHeader(_stream, path, null);
            _dataStart = _header.Length;
            RowLength = RowLengthOf(_header);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens an array of an .npz archive. Stored arrays can be read in any order of rows: their checksum is checked here, by one
    /// pass over them. Deflated ones are unpacked from the start up to the row that is asked for, and the checksum is checked with
    /// the last row.
    /// </summary>
    /// <param name="path">The archive.</param>
    /// <param name="name">The name of the array, without ".npy".</param>
    /// <exception cref="ModelFormatException">
    /// There is no such array, it has no dimension, a stored one is damaged, or it is deflated in Fortran order, which has no rows
    /// to stream.
    /// </exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public NpyReader(string path, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _file = path;
        _name = name;
        _stream = InputFile.Open(path);
        try
        {
            _zip = new ZipReader(_stream, path);
            var entry = NpzFile.Find(_zip, path, name);
            using (var start = _zip.Open(entry))
            {
                _header = NpyFile.ReadHeader(start, path, name);
                if (!entry.IsDeflated)
                    start.Skip();
            }

            _dataStart = entry.DataOffset + _header.Length;
            RowLength = RowLengthOf(_header);
            if (entry.IsDeflated)
            {
                _deflatedEntry = entry;
                if (IsGathered)
                    throw Error("Expected C order in a deflated array that is read in rows, got Fortran order.");
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The type of the stored elements.</summary>
    public ElementType ElementType => _header.ElementType;

    /// <summary>The shape of the whole array, [rows, ...].</summary>
    public ImmutableArray<long> Shape => _header.Shape;

    /// <summary>The number of rows: the size of the first dimension.</summary>
    public long RowCount => _header.Shape[0];

    /// <summary>The number of elements in a row: the product of the other dimensions, 1 where there are none.</summary>
    public long RowLength { get; }

    /// <summary>The next row to be read, from 0 to <see cref="RowCount"/>; may be set to any of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside 0 to <see cref="RowCount"/>.</exception>
    public long Row
    {
        get => _row;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, RowCount);
            _row = value;
        }
    }

    /// <summary>Reads as many of the next rows as fit, each in C order, converted as by <see cref="TensorData.CopyTo"/>.</summary>
    /// <typeparam name="T">bool, an integer of 8 to 64 bits, <see cref="Half"/>, float or double.</typeparam>
    /// <param name="destination">Room for one row or more.</param>
    /// <returns>The number of rows read; 0 at the end.</returns>
    /// <exception cref="ArgumentException">The destination is too small for a single row.</exception>
    /// <exception cref="InvalidOperationException">The elements cannot be read as <typeparamref name="T"/>.</exception>
    /// <exception cref="OverflowException">An integer is outside the range of <typeparamref name="T"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The reader is disposed.</exception>
    public int ReadRows<T>(Span<T> destination)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!ElementConversion.IsSupported<T>(ElementType))
        {
            throw new InvalidOperationException(
                $"The elements of '{_file}' have type {ElementType} and cannot be read as {typeof(T)}.");
        }

        var left = RowCount - _row;
        if (left == 0)
            return 0;

        if (destination.Length < RowLength)
        {
            throw new ArgumentException(
                $"Expected room for at least one row of {RowLength} elements, got {destination.Length}.",
                nameof(destination));
        }

        if (RowLength == 0)
        {
            var empty = (int)Math.Min(left, int.MaxValue);
            _row += empty;
            return empty;
        }

        var rows = (int)Math.Min(left, destination.Length / RowLength);
        var block = destination[..(int)(rows * RowLength)];
        if (IsGathered)
            ReadColumns(block, rows);
        else
            ReadRun(_row * RowLength, block);

        _row += rows;
        return rows;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _disposed = true;
        _deflated?.Dispose();
        _stream.Dispose();
    }

    /// <summary>Whether a row's elements are apart in the file.</summary>
    private bool IsGathered => _header.IsFortranOrder && Shape.Length > 1;

    private long RowLengthOf(NpyHeader header)
    {
        if (header.Shape.Length == 0)
            throw Error("Expected an array with rows, got a scalar.");

        // The header is read only where the product of all sizes, zeros counted as ones, fits a long.
        long length = 1;
        foreach (var size in header.Shape.AsSpan()[1..])
            length *= size;

        return length;
    }

    private ModelFormatException Error(string problem) => new(_file, _name, problem);

    /// <summary>A stream at an element's index in the data.</summary>
    private Stream Seek(long element)
    {
        var offset = element * ElementType.SizeInBytes();
        if (_deflatedEntry is null)
        {
            _stream.Position = _dataStart + offset;
            return _stream;
        }

        offset += _header.Length;
        if (_deflated is null || _deflated.Position > offset)
        {
            _deflated?.Dispose();
            _deflated = _zip!.Open(_deflatedEntry);
        }

        Span<byte> skipped = stackalloc byte[4096];
        while (_deflated.Position < offset)
        {
            // The entry's stream fails where it ends too early, so this cannot go on for ever.
            _deflated.ReadExactly(skipped[..(int)Math.Min(skipped.Length, offset - _deflated.Position)]);
        }

        return _deflated;
    }

    /// <summary>Reads a run of consecutive stored elements that starts at an element's index.</summary>
    private void ReadRun<T>(long start, Span<T> destination)
        where T : unmanaged
    {
        const int MostBytes = 1 << 18;
        var size = ElementType.SizeInBytes();
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(MostBytes, (long)destination.Length * size));
        try
        {
            var stream = Seek(start);
            var perRead = buffer.Length / size;
            for (var done = 0; done < destination.Length;)
            {
                var count = Math.Min(perRead, destination.Length - done);
                var bytes = buffer.AsSpan(0, count * size);
                if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                    throw Error("Expected more data, the file became shorter.");

                if (_header.IsBigEndian)
                    ByteOrder.Reverse(bytes, size);

                ElementConversion.Convert(bytes, ElementType, destination.Slice(done, count));
                done += count;
            }

            if (_deflated is { Remaining: 0 })
                _deflated.CheckEnd();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Gathers rows from Fortran order, where the first dimension is fastest: each position in the row is one run of
    /// consecutive elements in the file.
    /// </summary>
    private void ReadColumns<T>(Span<T> block, int rows)
        where T : unmanaged
    {
        var column = ArrayPool<T>.Shared.Rent(rows);
        try
        {
            Span<long> index = stackalloc long[TensorData.MaximumRank];
            index.Clear();
            for (long k = 0; k < RowLength; k++)
            {
                ReadRun((k * RowCount) + _row, column.AsSpan(0, rows));
                var at = (int)FortranOrder.NextOffset(index, Shape.AsSpan()[1..]);
                for (var row = 0; row < rows; row++)
                    block[at + (int)(row * RowLength)] = column[row];
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(column);
        }
    }
}
