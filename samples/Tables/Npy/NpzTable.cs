using FlowCore.IO;

namespace Tables.Npy;

/// <summary>An .npz archive: its arrays [rows] are columns by their names, or one of its arrays [rows, columns].</summary>
internal sealed class NpzTable : Table
{
    private readonly string[] _arrays;

    private NpzTable(TableSpecification specification, TableOptions options)
        : base(specification, options)
    {
        var names = NpzFile.ReadNames(Path);
        if (names.Count == 0)
            throw Error("Expected at least one array, the archive is empty.");
        if (specification.Part is { } part && !names.Contains(part))
            throw Error($"Expected the name of an array behind the colon, got {TableException.Quote(part)}; there are {List(names)}.");
        _arrays = specification.Part is { } named ? [named] : [.. names];
        var columns = new List<string>();
        foreach (var array in _arrays)
        {
            using var reader = new NpyReader(Path, array);
            if (reader.Shape.Length > 2)
                throw Error($"Expected arrays of rows and columns, {TableException.Quote(array)} has {reader.Shape.Length} dimensions.");
            if (_arrays.Length > 1 && reader.Shape.Length != 1)
                throw Error($"Expected one array behind a colon, as in {specification.Path}:{array}, where not all are columns of numbers; there are {List(names)}.");
            if (columns.Count > 0 && reader.RowCount != RowCount)
                throw Error($"Expected arrays of one length, {TableException.Quote(array)} has {reader.RowCount} and {TableException.Quote(_arrays[0])} {RowCount}; a colon and a name choose one.");
            if (reader.RowLength is 0 or > int.MaxValue)
                throw Error($"Expected at least one column, {TableException.Quote(array)} has {reader.RowLength}.");
            RowCount = reader.RowCount;
            if (reader.Shape.Length == 1)
                columns.Add(array);
            else
                columns.AddRange(NumberedColumns(reader.RowLength));
        }

        if (RowCount == 0)
            throw Error("Expected at least one row, got none.");
        SetColumns([.. columns]);
    }

    /// <inheritdoc/>
    public override long RowCount { get; }

    public static NpzTable Open(TableSpecification specification, TableOptions options) => new(specification, options);

    private protected override TableReader Start(int[] columns)
    {
        if (_arrays.Length == 1)
            return new NpyTableReader(this, columns, [new NpyReader(Path, _arrays[0])]);
        var readers = new List<NpyReader>(columns.Length);
        try
        {
            foreach (var column in columns)
                readers.Add(new NpyReader(Path, _arrays[column]));
            return new NpyTableReader(this, columns, [.. readers]);
        }
        catch
        {
            readers.ForEach(reader => reader.Dispose());
            throw;
        }
    }

    private static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(8).Select(name => TableException.Quote(name))) + (names.Count > 8 ? $" and {names.Count - 8} more" : "");
}
