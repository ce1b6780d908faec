using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FlowCore.IO;

/// <summary>
/// Writes an .npy file in blocks of rows whose number need not be known before: the header is completed at the end,
/// and the file takes its name only then (see <see cref="AtomicFile"/>). Little-endian, C order. Not safe for use by
/// several threads at once.
/// </summary>
public sealed class NpyWriter : IDisposable
{
    private readonly AtomicFileStream _file;
    private readonly string _path;
    private readonly long[] _shape;
    private readonly int _headerLength;
    private bool _isComplete;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="elementType">The type of the elements; .npy has no bfloat16.</param>
    /// <param name="rowShape">The shape of a row: of the dimensions after the first; empty for a vector.</param>
    /// <exception cref="ArgumentException">The type cannot be stored, or the shape of a row is not one.</exception>
    /// <exception cref="IOException">The folder is missing or read-only.</exception>
    public NpyWriter(string path, ElementType elementType, ReadOnlySpan<long> rowShape)
    {
        if (rowShape.Length + 1 > TensorData.MaximumRank
            || !TensorData.TryByteCount(elementType, rowShape, out var rowBytes))
        {
            throw new ArgumentException(
                $"Expected fewer than {TensorData.MaximumRank} dimensions, none negative, got " +
                $"{TensorData.FormatShape(rowShape)}.",
                nameof(rowShape));
        }

        _path = path;
        _shape = [0, .. rowShape];
        ElementType = elementType;
        RowLength = rowBytes / elementType.SizeInBytes();
        var header = NpyHeader.Format(elementType, _shape, canGrow: true);
        _headerLength = header.Length;
        _file = new AtomicFileStream(path);
        Do(() => _file.Stream.Write(header));
    }

    /// <summary>The type of the stored elements.</summary>
    public ElementType ElementType { get; }

    /// <summary>The number of elements in a row.</summary>
    public long RowLength { get; }

    /// <summary>The number of rows written so far.</summary>
    public long RowCount => _shape[0];

    /// <summary>Appends rows.</summary>
    /// <typeparam name="T">The .NET type of <see cref="ElementType"/>.</typeparam>
    /// <param name="rows">Whole rows in C order.</param>
    /// <exception cref="ArgumentException">
    /// <typeparamref name="T"/> is another type, or the length is not a multiple of <see cref="RowLength"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The file is already complete or was given up.</exception>
    /// <exception cref="IOException">The disk refused; the temporary file is gone.</exception>
    public void WriteRows<T>(ReadOnlySpan<T> rows)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        if (!ElementTypes.TryOf<T>(out var type) || type != ElementType)
            throw new ArgumentException($"Expected elements of type {ElementType}, got {typeof(T)}.", nameof(rows));

        if (RowLength == 0 ? rows.Length != 0 : rows.Length % RowLength != 0)
        {
            throw new ArgumentException(
                $"Expected whole rows of {RowLength} elements, got {rows.Length} elements.", nameof(rows));
        }

        var bytes = MemoryMarshal.AsBytes(rows);
        try
        {
            if (BitConverter.IsLittleEndian)
            {
                _file.Stream.Write(bytes);
            }
            else
            {
                var reversed = bytes.ToArray();
                ByteOrder.ToHost(reversed, type.SizeInBytes());
                _file.Stream.Write(reversed);
            }
        }
        catch (Exception e) when (AtomicFileStream.IsFailureOfDisk(e))
        {
            throw Failed(e);
        }

        _shape[0] += RowLength == 0 ? 0 : rows.Length / RowLength;
    }

    /// <summary>Completes the header, flushes the file to the disk and gives it its name.</summary>
    /// <exception cref="ObjectDisposedException">The file is already complete or was given up.</exception>
    /// <exception cref="IOException">The disk refused; what was there before is unchanged.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        Do(() =>
        {
            var header = NpyHeader.Format(ElementType, _shape, canGrow: true);
            System.Diagnostics.Debug.Assert(header.Length == _headerLength, "Room is kept for any row count.");
            _file.Stream.Position = 0;
            _file.Stream.Write(header);
            _file.Commit();
        });
        _isComplete = true;
    }

    /// <summary>Closes the file; what was not completed is deleted.</summary>
    public void Dispose()
    {
        _isComplete = true;
        _file.Dispose();
    }

    private void Do(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (AtomicFileStream.IsFailureOfDisk(e))
        {
            throw Failed(e);
        }
    }

    private IOException Failed(Exception e)
    {
        var failure = _file.Failed(e);
        Dispose();
        return failure;
    }
}
