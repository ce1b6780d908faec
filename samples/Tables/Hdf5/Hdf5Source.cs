using System.Numerics;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Tables.Hdf5;

/// <summary>A dataset [rows] or [rows, columns] of numbers, read as a range of its columns in blocks of whole chunks.</summary>
internal sealed class Hdf5Source
{
    private const int BlockNumbers = 1 << 17;

    private readonly NativeDataset _dataset;
    private readonly string _table;
    private readonly string _path;
    private Array? _typed;

    /// <summary>Looks at a dataset.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="path">The dataset's path, for messages.</param>
    /// <param name="dataset">The dataset.</param>
    /// <param name="limit">The memory limit, in bytes.</param>
    /// <exception cref="TableException">It is no table of numbers.</exception>
    public Hdf5Source(string table, string path, NativeDataset dataset, long limit)
    {
        (_table, _path, _dataset) = (table, path, dataset);
        if (WhyNot(dataset.Type) is { } reason)
            throw Error($"Expected numbers, got {reason}");
        var dimensions = dataset.Space.Dimensions;
        if (dimensions.Length is not (1 or 2))
            throw Error($"Expected a dataset of rows and columns, got one of {dimensions.Length} dimensions");
        if (dimensions[0] == 0 || (dimensions.Length == 2 && dimensions[1] == 0))
            throw Error("Expected at least one row and one column, got none");
        if (dimensions[0] > long.MaxValue / 8 || (dimensions.Length == 2 && dimensions[1] > int.MaxValue))
            throw Error("Expected sizes of a table, got larger ones");
        Rows = (long)dimensions[0];
        Columns = dimensions.Length == 2 ? (int)dimensions[1] : 1;
        IsVector = dimensions.Length == 1;
        if (dataset.Layout.Class is not (H5DataLayoutClass.Contiguous or H5DataLayoutClass.Chunked))
            throw Error("Expected a dataset that holds its numbers in this file, as one run or in chunks, got a virtual or a compact one: write a copy of it");
        var chunk = dataset.Layout.Chunks is { Length: > 0 } chunks ? chunks : null;
        var chunkRows = chunk is null ? 1 : (long)Math.Min(chunk[0], dimensions[0]);
        if ((double)chunkRows * (chunk is { Length: > 1 } ? Math.Min(chunk[1], dimensions[^1]) : 1) * 8 > limit / 4)
            throw Error("Expected chunks that fit a quarter of the memory limit, got larger ones: give --memory more");
        BlockRows = (int)Math.Min(chunkRows * Math.Max(1, BlockNumbers / Math.Max(1, chunkRows * Columns)), Math.Min(Rows, int.MaxValue));
    }

    /// <summary>The rows.</summary>
    public long Rows { get; }

    /// <summary>The columns.</summary>
    public int Columns { get; }

    /// <summary>Whether the dataset has one dimension.</summary>
    public bool IsVector { get; }

    /// <summary>The rows of a block: whole chunks, so that none is unpacked twice.</summary>
    public int BlockRows { get; }

    /// <summary>Refuses a dataset whose numbers lie in another file.</summary>
    /// <param name="stream">The file.</param>
    public void CheckIsHere(Hdf5Stream stream)
    {
        var before = stream.BytesRead;
        var rows = Math.Min(BlockRows, 4096);
        Read(0, rows, 0, 1, new double[rows]);
        var isChunked = _dataset.Layout.Class == H5DataLayoutClass.Chunked;
        if (stream.BytesRead - before < (isChunked ? 1 : (long)rows * _dataset.Type.Size))
            throw Error("Expected a dataset that lies in this file, its numbers lie in another or were never written");
    }

    /// <summary>Reads rows of a range of columns.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="column">The first column.</param>
    /// <param name="columns">How many.</param>
    /// <param name="numbers">[rows, columns].</param>
    public void Read(long row, int rows, int column, int columns, double[] numbers)
    {
        Selection selection = IsVector
            ? new HyperslabSelection((ulong)row, (ulong)rows)
            : new HyperslabSelection(2, [(ulong)row, (ulong)column], [(ulong)rows, (ulong)columns]);
        var count = rows * columns;
        var type = _dataset.Type;
        if (type.Class == H5DataTypeClass.FloatingPoint)
        {
            if (type.Size == 8)
                _dataset.Read(numbers.AsSpan(0, count), selection);
            else if (type.Size == 4)
                Convert<float>(selection, numbers.AsSpan(0, count));
            else
                Convert<Half>(selection, numbers.AsSpan(0, count));
            return;
        }

        var isSigned = type.FixedPoint.IsSigned;
        switch (type.Size)
        {
            case 1 when isSigned:
                Convert<sbyte>(selection, numbers.AsSpan(0, count));
                break;
            case 1:
                Convert<byte>(selection, numbers.AsSpan(0, count));
                break;
            case 2 when isSigned:
                Convert<short>(selection, numbers.AsSpan(0, count));
                break;
            case 2:
                Convert<ushort>(selection, numbers.AsSpan(0, count));
                break;
            case 4 when isSigned:
                Convert<int>(selection, numbers.AsSpan(0, count));
                break;
            case 4:
                Convert<uint>(selection, numbers.AsSpan(0, count));
                break;
            case 8 when isSigned:
                Convert<long>(selection, numbers.AsSpan(0, count));
                break;
            default:
                Convert<ulong>(selection, numbers.AsSpan(0, count));
                break;
        }
    }

    private static string? WhyNot(IH5DataType type) => (type.Class, type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 2 or 4 or 8) => null,
        (H5DataTypeClass.FixedPoint, 1 or 2 or 4 or 8) => null,
        (H5DataTypeClass.FloatingPoint or H5DataTypeClass.FixedPoint, var size) => $"numbers of {size} bytes",
        (H5DataTypeClass.Compound, _) => "a compound type: write its members as datasets of their own",
        (H5DataTypeClass.String or H5DataTypeClass.VariableLength, _) => "text or lists",
        (var other, _) => $"the type {other}",
    };

    private void Convert<T>(Selection selection, Span<double> numbers)
        where T : unmanaged, INumberBase<T>, IComparisonOperators<T, T, bool>
    {
        if (_typed is not T[] typed || typed.Length < numbers.Length)
            _typed = typed = new T[numbers.Length];
        _dataset.Read(typed.AsSpan(0, numbers.Length), selection);
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = double.CreateTruncating(typed[i]);
            if ((typeof(T) == typeof(long) || typeof(T) == typeof(ulong)) && T.CreateTruncating(numbers[i]) != typed[i])
                throw Error($"Expected whole numbers up to 2^53, got {typed[i]}, which floating point would round");
        }
    }

    private TableException Error(string problem) => new(_table, $"{problem} ({TableException.Quote(_path)}).");
}
