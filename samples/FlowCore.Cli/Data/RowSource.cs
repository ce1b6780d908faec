using System.Globalization;
using System.Numerics;
using CommandLine;
using FlowCore.IO;
using Tables;

namespace FlowCore.Cli.Data;

/// <summary>Rows of numbers from the command line, a block at a time: from a table, or one row for all written as numbers.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class RowSource<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly string[] _tables = [".csv", ".tsv", ".tab", ".txt", ".dat", ".npz", ".parquet", ".pq", ".h5", ".hdf5", ".hdf", ".he5"];

    private readonly NpyReader? _reader;
    private readonly Table? _table;
    private readonly TableReader? _rows;
    private readonly int _columns;
    private readonly T[] _block;

    // Rows of a file that holds more than T does, as they are there: what is too large for T must not pass for an infinity of the file.
    private readonly double[] _wide;
    private long _next;

    private RowSource(string name, int columns, NpyReader? reader, T[] block, bool isShared, long rows)
    {
        Name = name;
        _columns = columns;
        _reader = reader;
        _block = block;
        _wide = reader is { ElementType: ElementType.Float64 } && typeof(T) == typeof(float) ? new double[block.Length] : [];
        IsShared = isShared;
        Rows = rows;
    }

    private RowSource(Table table, TableReader rows, int blockRows)
        : this(table.Name, rows.ColumnCount, null, new T[blockRows * rows.ColumnCount], isShared: false, table.RowCount)
    {
        _table = table;
        _rows = rows;
        _wide = new double[_block.Length];
    }

    /// <summary>What to call the source in messages.</summary>
    public string Name { get; }

    /// <summary>Whether one row stands for all.</summary>
    public bool IsShared { get; }

    /// <summary>How many rows there are; 1 for a shared one.</summary>
    public long Rows { get; }

    /// <summary>Opens a file of rows.</summary>
    /// <param name="path">A table; of an .npy file the shape is [n, columns], or [n] where there is one column.</param>
    /// <param name="what">What the columns are, for messages: "features".</param>
    /// <param name="columns">How many numbers a row must have, at least 1.</param>
    /// <param name="blockRows">The most rows of one block.</param>
    /// <param name="names">The names of the columns, which a table of another kind has to have; null to take all there are.</param>
    /// <exception cref="IOException">The file cannot be read or has another shape.</exception>
    public static RowSource<T> Open(string path, string what, int columns, int blockRows, IReadOnlyList<string>? names = null)
    {
        if (!IsArray(path))
            return OpenTable(path, what, columns, blockRows, names);
        var reader = new NpyReader(path);
        try
        {
            // One row for all may be written as a vector.
            var isVector = reader.Shape.Length == 1 && columns > 1 && reader.Shape[0] == columns;
            if (!isVector && (reader.RowLength != columns || reader.Shape.Length > 2))
            {
                throw new ModelFormatException(
                    path, null, $"the model takes {columns} {what} a row, so the shape must be [rows, {columns}], but it is [{string.Join(", ", reader.Shape)}].");
            }

            if (isVector)
            {
                var row = new double[columns];
                reader.ReadRows<double>(row);
                reader.Dispose();
                return new RowSource<T>(path, columns, null, Narrow(path, columns, row, firstRow: 0), isShared: true, rows: 1);
            }

            return new RowSource<T>(path, columns, reader, new T[blockRows * columns], isShared: false, reader.RowCount);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Opens what a model is conditioned on: a file with a row for each row or one for all, or numbers.</summary>
    /// <param name="argument">The flag's value, or null.</param>
    /// <param name="flag">The flag, for messages.</param>
    /// <param name="what">What the columns are, for messages: "context features".</param>
    /// <param name="columns">How many numbers the model takes; 0 for none.</param>
    /// <param name="rows">How many rows there will be; null for as many as this source has.</param>
    /// <param name="blockRows">The most rows of one block.</param>
    /// <param name="names">The names of the columns, which a table has to have; null to take all there are.</param>
    /// <exception cref="UsageException">The flag is missing, or the model takes nothing of the kind.</exception>
    /// <exception cref="IOException">The file cannot be read or has another shape or number of rows.</exception>
    public static RowSource<T>? OpenOptional(string? argument, string flag, string what, int columns, long? rows, int blockRows, IReadOnlyList<string>? names = null)
    {
        if (argument is null || columns == 0)
        {
            return (argument, columns) switch
            {
                (null, 0) => null,
                (null, _) => throw new UsageException($"The model takes {columns} {what} a row; {flag} gives them."),
                _ => throw new UsageException($"The model takes no {what}, but {flag} gives '{argument}'."),
            };
        }

        if (Numbers(argument) is { } numbers)
        {
            return numbers.Length == columns
                ? new RowSource<T>($"{flag} {argument}", columns, null, Narrow($"{flag} {argument}", columns, numbers, firstRow: 0), isShared: true, rows: 1)
                : throw new UsageException($"The model takes {columns} {what}, but {flag} gives {numbers.Length}: '{argument}'.");
        }

        var source = Open(argument, what, columns, blockRows, names);
        if (source is { IsShared: false, Rows: 1 } && rows != 1)
        {
            var row = source.Next(1).ToArray();
            source.Dispose();
            return new RowSource<T>(argument, columns, null, row, isShared: true, rows: 1);
        }

        if (!source.IsShared && rows is { } expected && source.Rows != expected)
        {
            source.Dispose();
            throw new ModelFormatException(
                argument, null, $"there must be one row for all, or as many as there are rows, {expected}, but there are {source.Rows}.");
        }

        return source;
    }

    /// <summary>The next rows, all of them finite; none of no source.</summary>
    /// <param name="source">The source, or null.</param>
    /// <param name="first">The index of the first in the whole source.</param>
    /// <param name="count">How many.</param>
    /// <param name="advice">What the user can do where one is not, or empty.</param>
    /// <exception cref="ModelFormatException">A number is NaN or infinite.</exception>
    public static Span<T> Finite(RowSource<T>? source, long first, int count, string advice = "")
    {
        if (source is null)
            return default;

        var rows = source.Next(count);
        var row = source.FirstNonFinite(rows);
        if (row < 0)
            return rows;
        var column = 0;
        while (T.IsFinite(rows[(row * source._columns) + column]))
            column++;

        var number = rows[(row * source._columns) + column].ToString("G", CultureInfo.InvariantCulture);
        throw new ModelFormatException(source.Name, null, $"row {(source.IsShared ? 0 : first) + row}, column {column} is {number}, but numbers must be finite{advice}.");
    }

    /// <summary>The next rows, row-major; of a shared source its one row. The memory is valid until the next call.</summary>
    /// <param name="rows">How many; they are there.</param>
    public Span<T> Next(int rows)
    {
        if (_reader is null && _rows is null)
            return _block;

        var block = _block.AsSpan(0, rows * _columns);
        int read;
        if (_rows is not null)
        {
            for (read = 0; read < rows;)
            {
                var more = _rows.Next(_wide.AsSpan(read * _columns, (rows - read) * _columns));
                if (more == 0)
                    break;
                read += more;
            }

            Narrow(Name, _columns, _wide.AsSpan(0, read * _columns), _next, block);
        }
        else if (_wide.Length > 0)
        {
            var wide = _wide.AsSpan(0, block.Length);
            read = _reader!.ReadRows(wide);
            Narrow(Name, _columns, wide, _next, block);
        }
        else
        {
            read = _reader!.ReadRows(block);
        }

        _next += read;
        return read == rows ? block : throw new ModelFormatException(Name, null, $"expected {rows} more rows, got {read}.");
    }

    /// <summary>The first row with a number that is NaN or infinite, from a given one on; -1 where there is none.</summary>
    /// <param name="rows">Row-major rows.</param>
    /// <param name="from">Where to begin.</param>
    public int FirstNonFinite(ReadOnlySpan<T> rows, int from = 0)
    {
        for (var i = from * _columns; i < rows.Length; i++)
        {
            if (!T.IsFinite(rows[i]))
                return i / _columns;
        }

        return -1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _rows?.Dispose();
        _table?.Dispose();
    }

    // What is no table by its name is read as an array, which says what is wrong with it.
    private static bool IsArray(string path) =>
        Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase) || !_tables.Any(extension => path.Contains(extension, StringComparison.OrdinalIgnoreCase));

    private static RowSource<T> OpenTable(string path, string what, int columns, int blockRows, IReadOnlyList<string>? names)
    {
        var table = Table.Open(path);
        try
        {
            if (names is null && table.Columns.Count != columns)
                throw new ModelFormatException(path, null, $"the model takes {columns} {what} a row, but the table has {table.Columns.Count} columns, and the model does not say which are meant.");
            int[] wanted = names is null ? [.. Enumerable.Range(0, columns)] : [.. names.Select(table.IndexOf)];
            return new RowSource<T>(table, table.Read(wanted), blockRows);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static T[] Narrow(string name, int columns, double[] numbers, long firstRow)
    {
        var narrow = new T[numbers.Length];
        Narrow(name, columns, numbers, firstRow, narrow);
        return narrow;
    }

    private static void Narrow(string name, int columns, ReadOnlySpan<double> numbers, long firstRow, Span<T> narrow)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            narrow[i] = T.CreateTruncating(numbers[i]);
            if (!T.IsFinite(narrow[i]) && double.IsFinite(numbers[i]))
            {
                throw new ModelFormatException(
                    name,
                    null,
                    string.Create(CultureInfo.InvariantCulture, $"row {firstRow + (i / columns)}, column {i % columns} is {numbers[i]}, which is too large for float; use --double."));
            }
        }
    }

    private static double[]? Numbers(string argument)
    {
        if (File.Exists(argument))
            return null;

        var words = argument.Split(',', StringSplitOptions.TrimEntries);
        var numbers = new double[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return numbers;
    }
}
