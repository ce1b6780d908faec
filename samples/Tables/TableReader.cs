using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tables;

/// <summary>One pass over the rows of a table, forwards and in blocks. Not safe for use by several threads at once.</summary>
public abstract class TableReader : IDisposable
{
    // Whole numbers up to here are doubles.
    private protected const long LargestWholeNumber = 1L << 53;

    private readonly int[] _columns;
    private double[] _wide = [];

    // Which rows of the last block were kept, where some were left out; and the row of the file that it began with.
    private int[] _kept = [];
    private bool _isThinned;
    private long _blockStart;

    private protected TableReader(Table table, int[] columns)
    {
        Table = table;
        _columns = columns;
    }

    /// <summary>The numbers of a row.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>The rows of the file that have been passed, those that were left out included.</summary>
    public long RowsRead { get; private set; }

    /// <summary>The rows that were left out because a number is missing.</summary>
    public long DroppedRows { get; private set; }

    /// <summary>The table.</summary>
    private protected Table Table { get; }

    /// <summary>What the file should be, for messages.</summary>
    private protected abstract string Kind { get; }

    /// <summary>The columns that were asked for.</summary>
    private protected ReadOnlySpan<int> Wanted => _columns;

    /// <summary>Reads the next rows.</summary>
    /// <param name="rowMajor">Receives whole rows, as many as fit and are there; room for one row or more.</param>
    /// <returns>How many rows; 0 at the end. Every number is finite.</returns>
    /// <exception cref="ArgumentException">There is no room for a row.</exception>
    /// <exception cref="TableException">A number is missing and may not be, or is none, or infinite, or too large; or the file is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int Next(Span<double> rowMajor)
    {
        var room = rowMajor.Length / ColumnCount;
        if (room == 0)
            throw new ArgumentException($"Expected room for at least one row of {ColumnCount} numbers, got {rowMajor.Length}.", nameof(rowMajor));
        while (true)
        {
            var read = ReadGuarded(rowMajor[..(room * ColumnCount)]);
            if (read == 0)
            {
                Table.CheckUnchanged();
                return 0;
            }

            _blockStart = RowsRead;
            var kept = Keep(rowMajor[..(read * ColumnCount)], read);
            RowsRead += read;
            DroppedRows += read - kept;
            if (kept > 0)
                return kept;
        }
    }

    /// <summary>Reads the next rows, each number rounded to single precision.</summary>
    /// <param name="rowMajor">Receives whole rows, as many as fit and are there; room for one row or more.</param>
    /// <returns>How many rows; 0 at the end. Every number is finite.</returns>
    /// <exception cref="ArgumentException">There is no room for a row.</exception>
    /// <exception cref="TableException">As for double precision, or a number is too large for single precision.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int Next(Span<float> rowMajor)
    {
        if (_wide.Length < rowMajor.Length)
            _wide = new double[rowMajor.Length];
        var rows = Next(_wide.AsSpan(0, rowMajor.Length));
        for (var i = 0; i < rows * ColumnCount; i++)
        {
            rowMajor[i] = (float)_wide[i];
            if (!float.IsFinite(rowMajor[i]))
                throw new TableException(Table.Name, string.Create(CultureInfo.InvariantCulture, $"Expected numbers of single precision in column {NameOf(i % ColumnCount)}, {PlaceOf(i / ColumnCount)}, got {_wide[i]:r}; double precision holds it."));
        }

        return rows;
    }

    /// <summary>Closes what the pass has opened.</summary>
    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the next rows in the precision of a number type.</summary>
    internal int Next<T>(Span<T> rowMajor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(double)
        ? Next(MemoryMarshal.Cast<T, double>(rowMajor))
        : Next(MemoryMarshal.Cast<T, float>(rowMajor));

    /// <summary>Reads the next rows as they are; NaN stands for a missing number.</summary>
    /// <param name="rowMajor">Room for whole rows.</param>
    /// <returns>How many rows.</returns>
    private protected abstract int ReadRows(Span<double> rowMajor);

    /// <summary>Where the user finds a row of the block that was read last: "line 8" of text, "row 7, counted from 1" of everything else.</summary>
    /// <param name="row">The row of the block, from 0.</param>
    internal string PlaceOf(int row) => Place(_blockStart + (_isThinned ? _kept[row] : row));

    /// <summary>Where the user finds a row of the block that was read last.</summary>
    /// <param name="row">The row of the file, from 0.</param>
    private protected virtual string Place(long row) => string.Create(CultureInfo.InvariantCulture, $"row {row + 1}, counted from 1");

    /// <summary>Closes what is open.</summary>
    /// <param name="isDisposing">True.</param>
    protected abstract void Dispose(bool isDisposing);

    /// <summary>The name of a wanted column, quoted.</summary>
    private protected string NameOf(int wanted) => TableException.Quote(Table.Columns[_columns[wanted]]);

    /// <summary>The sentence for a missing number.</summary>
    private protected TableException Missing(string place, int wanted, string got) => new(
        Table.Name, $"Expected a number in column {NameOf(wanted)}, {place}, got {got}; --missing drop leaves such rows out.");

    private int ReadGuarded(Span<double> rowMajor)
    {
        try
        {
            return ReadRows(rowMajor);
        }
        catch (Exception e) when (e is not (TableException or OperationCanceledException or ObjectDisposedException))
        {
            Table.CheckUnchanged();
            throw TableException.Of(Table.Name, Kind, e);
        }
    }

    // Most blocks are finite throughout: one sweep that a register can do. A row with a hole is moved over.
    private int Keep(Span<double> rows, int count)
    {
        var sum = 0.0;
        foreach (var number in rows)
            sum += number * 0;
        _isThinned = sum != 0;
        if (!_isThinned)
            return count;
        if (_kept.Length < count)
            _kept = new int[count];
        var kept = 0;
        for (var row = 0; row < count; row++)
        {
            var numbers = rows.Slice(row * ColumnCount, ColumnCount);
            var isWhole = true;
            for (var j = 0; j < numbers.Length; j++)
            {
                if (double.IsFinite(numbers[j]))
                    continue;
                if (!double.IsNaN(numbers[j]))
                    throw new TableException(Table.Name, string.Create(CultureInfo.InvariantCulture, $"Expected finite numbers in column {NameOf(j)}, {Place(RowsRead + row)}, got {numbers[j]}."));
                if (Table.Options.Missing == MissingValues.Refuse)
                    throw Missing(Place(RowsRead + row), j, "none (NaN or null)");
                isWhole = false;
            }

            if (!isWhole)
                continue;
            numbers.CopyTo(rows[(ColumnCount * kept)..]);
            _kept[kept++] = row;
        }

        return kept;
    }
}
