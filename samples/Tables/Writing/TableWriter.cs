using System.Globalization;

namespace Tables;

/// <summary>
/// Writes rows of numbers with the names of their columns: .csv, .tsv, .npy, .npz or .parquet, as the name says. The file takes its name with
/// <see cref="Complete"/>; until then, and whatever fails, what was there before stays.
/// </summary>
/// <remarks>Not safe for use by several threads at once. .npy has no names: they are not stored.</remarks>
public abstract class TableWriter : IDisposable
{
    private protected TableWriter(string path, string[] columns)
    {
        Path = path;
        Columns = columns;
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows written so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>The file.</summary>
    private protected string Path { get; }

    /// <summary>Starts a file.</summary>
    /// <param name="path">The file; its folder exists. Its extension says the format.</param>
    /// <param name="columns">The names of the columns, each once, at least one.</param>
    /// <param name="isSingle">Whether binary formats store single precision, and text the shortest digits that give it back; otherwise double.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="ArgumentException">There is no column, a name comes twice, or the extension is another.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static TableWriter Create(string path, IReadOnlyList<string> columns, bool isSingle = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(columns);
        string[] names = [.. columns];
        if (names.Length == 0)
            throw new ArgumentException("Expected at least one column, got none.", nameof(columns));
        var twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw new ArgumentException($"Expected every column name once, got {TableException.Quote(twice.Key)} {twice.Count()} times.", nameof(columns));
        return System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".csv" => new CsvTableWriter(path, names, ',', isSingle),
            ".tsv" or ".tab" => new CsvTableWriter(path, names, '\t', isSingle),
            ".npy" => new NpyTableWriter(path, names, isSingle),
            ".npz" => new NpzTableWriter(path, names, isSingle),
            ".parquet" or ".pq" => new ParquetTableWriter(path, names, isSingle),
            _ => throw new ArgumentException($"Expected a name that ends in .csv, .tsv, .npy, .npz or .parquet, got {TableException.Quote(path)}.", nameof(path)),
        };
    }

    /// <summary>Appends rows.</summary>
    /// <param name="rowMajor">Whole rows.</param>
    /// <exception cref="ArgumentException">The numbers do not make whole rows.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Write(ReadOnlySpan<double> rowMajor)
    {
        var rows = RowsIn(rowMajor.Length, nameof(rowMajor));
        WriteRows(rowMajor);
        RowCount += rows;
    }

    /// <summary>Appends rows.</summary>
    /// <param name="rowMajor">Whole rows.</param>
    /// <exception cref="ArgumentException">The numbers do not make whole rows.</exception>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Write(ReadOnlySpan<float> rowMajor)
    {
        var rows = RowsIn(rowMajor.Length, nameof(rowMajor));
        WriteRows(rowMajor);
        RowCount += rows;
    }

    /// <summary>Flushes the file to the disk and gives it its name.</summary>
    /// <exception cref="IOException">The disk refused; what was there before is unchanged.</exception>
    public abstract void Complete();

    /// <summary>Closes the file; what was not completed is deleted.</summary>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Appends whole rows.</summary>
    private protected abstract void WriteRows(ReadOnlySpan<double> rowMajor);

    /// <summary>Appends whole rows.</summary>
    private protected abstract void WriteRows(ReadOnlySpan<float> rowMajor);

    /// <summary>Closes what is open.</summary>
    /// <param name="isDisposing">True.</param>
    protected abstract void Dispose(bool isDisposing);

    private int RowsIn(int numbers, string name) => numbers % Columns.Count == 0
        ? numbers / Columns.Count
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected whole rows of {Columns.Count} numbers, got {numbers} numbers."), name);
}
