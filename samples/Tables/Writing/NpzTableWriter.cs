using System.IO.Compression;
using System.Runtime.InteropServices;
using FlowCore.IO;

namespace Tables;

/// <summary>An .npz archive with an array for every column. The rows wait in a scratch file, which is read once for every column at the end.</summary>
internal sealed class NpzTableWriter(string path, string[] columns, bool isSingle) : TableWriter(path, columns)
{
    private const int BlockBytes = 1 << 20;

    // Before the scratch file: it says in the words of all formats what is wrong with the folder.
    private readonly AtomicFileStream _file = new(path);
    private readonly ScratchFile _scratch = new(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? ".");
    private long _bytes;

    public override void Complete()
    {
        try
        {
            WriteArchive();
            _file.Stream.Flush();
        }
        catch (Exception e) when (AtomicFileStream.IsFailureOfDisk(e))
        {
            throw _file.Failed(e);
        }

        _file.Commit();
    }

    private void WriteArchive()
    {
        using var archive = new ZipArchive(_file.Stream, ZipArchiveMode.Create, leaveOpen: true);
        for (var j = 0; j < Columns.Count; j++)
        {
            using var entry = archive.CreateEntry(Columns[j] + ".npy", CompressionLevel.NoCompression).Open();
            entry.Write(NpyHeader.Format(isSingle ? ElementType.Float32 : ElementType.Float64, [RowCount]));
            if (isSingle)
                WriteColumn<float>(entry, j);
            else
                WriteColumn<double>(entry, j);
        }
    }

    private protected override void WriteRows(ReadOnlySpan<double> rowMajor) =>
        Append(isSingle ? MemoryMarshal.AsBytes<float>(Precision.Narrow(rowMajor)) : MemoryMarshal.AsBytes(rowMajor));

    private protected override void WriteRows(ReadOnlySpan<float> rowMajor) =>
        Append(isSingle ? MemoryMarshal.AsBytes(rowMajor) : MemoryMarshal.AsBytes<double>(Precision.Widen(rowMajor)));

    protected override void Dispose(bool isDisposing)
    {
        _scratch.Dispose();
        _file.Dispose();
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _scratch.Write(bytes, _bytes);
        }
        catch (IOException e)
        {
            throw _file.Failed(e.InnerException ?? e);
        }

        _bytes += bytes.Length;
    }

    private void WriteColumn<T>(Stream entry, int column)
        where T : unmanaged
    {
        var width = Columns.Count;
        var size = Marshal.SizeOf<T>();
        var rows = new T[Math.Max(1, BlockBytes / (size * width)) * width];
        var numbers = new T[rows.Length / width];
        for (var at = 0L; at < _bytes;)
        {
            var block = rows.AsSpan(0, (int)Math.Min(rows.Length, (_bytes - at) / size));
            _scratch.Read(MemoryMarshal.AsBytes(block), at);
            for (var i = 0; i < block.Length / width; i++)
                numbers[i] = block[(i * width) + column];
            entry.Write(MemoryMarshal.AsBytes(numbers.AsSpan(0, block.Length / width)));
            at += (long)block.Length * size;
        }
    }
}
