using Tables.Csv;
using Tables.Hdf5;
using Tables.Npy;
using Tables.Parquet;

namespace Tables;

/// <summary>
/// Columns of numbers in a file: .csv, .tsv, .txt, .dat, .npy, .npz, .parquet, .h5. It is read forwards in blocks of rows, so that files larger
/// than memory pass, and columns that are not asked for are not converted.
/// </summary>
/// <remarks>Several readers may read at once; a table itself is used by one thread at a time.</remarks>
public abstract class Table : IDisposable
{
    private const int MostNamesShown = 8;

    private readonly FileInfo _file;
    private readonly (long Length, DateTime Time) _stamp;
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private string[] _columns = [];

    private protected Table(TableSpecification specification, TableOptions options)
    {
        Name = specification.Text;
        Path = specification.Path;
        Options = options;
        _file = new FileInfo(Path);
        _stamp = Stamp();
    }

    /// <summary>The table as the user named it.</summary>
    public string Name { get; }

    /// <summary>The names of the columns, each once.</summary>
    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The rows of the file, those included that a reader will leave out. The first call on a text file passes over it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract long RowCount { get; }

    /// <summary>What was read off the file where nobody said it, as sentences to show: the delimiter, that there is no header.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What was said about the table.</summary>
    public TableOptions Options { get; }

    /// <summary>The file.</summary>
    private protected string Path { get; }

    /// <summary>Opens a table.</summary>
    /// <param name="specification">A path; of an archive or an HDF5 file also with what is meant in it: "file.npz:name", "file.h5:/group/data".</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <returns>The table, with at least one column and one row.</returns>
    /// <exception cref="TableException">The content is not a table of numbers.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Table Open(string specification, TableOptions? options = null)
    {
        options ??= new TableOptions();
        if (options.MemoryLimit is { } limit)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit, nameof(options));
        var parsed = TableSpecification.Parse(specification);
        CheckFile(parsed);
        return parsed.Extension switch
        {
            ".csv" or ".tsv" or ".tab" or ".txt" or ".dat" => CsvTable.Open(parsed, options),
            ".npy" => TableException.Guard(parsed.Text, "a plain .npy array", () => NpyTable.Open(parsed, options)),
            ".npz" => TableException.Guard(parsed.Text, "an .npz archive", () => NpzTable.Open(parsed, options)),
            ".parquet" or ".pq" => TableException.Guard(parsed.Text, ParquetTable.Kind, () => ParquetTable.Open(parsed, options)),
            ".h5" or ".hdf5" or ".hdf" or ".he5" => TableException.Guard(parsed.Text, Hdf5Table.Kind, () => Hdf5Table.Open(parsed, options)),
            ".gz" or ".bz2" or ".xz" or ".zst" or ".zip" => throw new TableException(parsed.Text, "Expected a table, got a compressed file: unpack it first."),
            _ => throw new TableException(parsed.Text, "Expected a name that ends in .csv, .tsv, .txt, .dat, .npy, .npz, .parquet, .h5 or .hdf5, got another."),
        };
    }

    /// <summary>The place of a column.</summary>
    /// <param name="name">Its name, upper and lower case as in the file.</param>
    /// <returns>The index in <see cref="Columns"/>.</returns>
    /// <exception cref="TableException">There is no such column: the sentence says which there are.</exception>
    public int IndexOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_indices.TryGetValue(name, out var index))
            return index;
        var alike = Array.Find(_columns, column => string.Equals(Plain(column), Plain(name), StringComparison.OrdinalIgnoreCase));
        var shown = string.Join(", ", _columns.Take(MostNamesShown).Select(column => TableException.Quote(column)));
        var rest = _columns.Length > MostNamesShown ? $" and {_columns.Length - MostNamesShown} more" : "";
        throw new TableException(Name, alike is null
            ? $"Expected the name of a column, got {TableException.Quote(name)}; there are {shown}{rest}."
            : $"Expected the name of a column, got {TableException.Quote(name)}; did you mean {TableException.Quote(alike)}?");
    }

    /// <summary>Starts a pass over all rows.</summary>
    /// <param name="columns">Which columns, at least one, in the order in which the rows shall have them; the same one may come twice.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ArgumentException">There is no column, or an index is out of range.</exception>
    /// <exception cref="TableException">A column does not hold numbers.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public TableReader Read(IReadOnlyList<int> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            throw new ArgumentException("Expected at least one column, got none.", nameof(columns));
        foreach (var column in columns)
        {
            if ((uint)column >= (uint)_columns.Length)
                throw new ArgumentException($"Expected columns in [0, {_columns.Length}), got {column}.", nameof(columns));
        }

        CheckUnchanged();
        return Start([.. columns]);
    }

    /// <summary>Starts a pass over all rows and columns.</summary>
    /// <returns>The reader.</returns>
    /// <exception cref="TableException">A column does not hold numbers.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public TableReader Read() => Read([.. Enumerable.Range(0, _columns.Length)]);

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Refuses a file that is no longer the one that was opened.</summary>
    internal void CheckUnchanged()
    {
        if (Stamp() != _stamp)
            throw new TableException(Name, "Expected the file as it was when it was opened, it was changed meanwhile.");
    }

    /// <summary>Starts a pass.</summary>
    private protected abstract TableReader Start(int[] columns);

    /// <summary>Closes what is open.</summary>
    /// <param name="isDisposing">True.</param>
    protected virtual void Dispose(bool isDisposing)
    {
    }

    /// <summary>Gives the columns their names.</summary>
    private protected void SetColumns(string[] columns)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            if (!_indices.TryAdd(columns[i], i))
                throw new TableException(Name, $"Expected every column name once, {TableException.Quote(columns[i])} is that of columns {_indices[columns[i]] + 1} and {i + 1}.");
        }

        _columns = columns;
    }

    /// <summary>x0, x1, ...</summary>
    private protected static string[] NumberedColumns(long count)
    {
        var names = new string[count];
        for (var i = 0; i < names.Length; i++)
            names[i] = FormattableString.Invariant($"x{i}");
        return names;
    }

    /// <summary>Notes what was read off the file.</summary>
    private protected void Note(string sentence) => _notes.Add($"{Name}: {sentence}");

    /// <summary>The sentence for what is wrong with the content.</summary>
    private protected TableException Error(string problem) => new(Name, problem);

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private static void CheckFile(TableSpecification specification)
    {
        if (Directory.Exists(specification.Path))
            throw new IOException($"The table '{specification.Path}' cannot be read: this name is a folder.");
        if (!File.Exists(specification.Path))
            throw new FileNotFoundException($"The file '{specification.Path}' does not exist.", specification.Path);
        if (new FileInfo(specification.Path).Length > 0)
            return;

        // A pipe, too, has the length 0; it is told by what it cannot do.
        using var stream = new FileStream(specification.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        throw new TableException(specification.Text, stream.CanSeek
            ? "Expected a table, the file is empty."
            : "Expected a file, got a pipe, which cannot be read twice: write it to a file first.");
    }

    private (long Length, DateTime Time) Stamp()
    {
        _file.Refresh();
        return _file.Exists ? (_file.Length, _file.LastWriteTimeUtc) : (-1, default);
    }
}
