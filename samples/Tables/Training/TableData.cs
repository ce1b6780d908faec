using System.Buffers;
using System.Numerics;
using FlowCore.Random;
using FlowCore.Training;

namespace Tables;

/// <summary>
/// Chosen columns of a table to train on. They are read once, and held where they fit a quarter of the memory limit; otherwise they lie row by row in a
/// scratch file, from which a bounded part is in memory at any time. The file is gone with this object, and with the process however that ends.
/// </summary>
/// <remarks>
/// A training takes the rows in a new order every epoch: blocks of about 256 KiB in random order, 64 of them at a time with their rows mixed, which is every
/// row among all up to 16 MiB. The order depends on the run's seed and the epoch alone, not on the memory limit. A validation takes the rows as they lie. Thread-safe.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class TableData<T> : ITrainingData<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockNumbers = 1 << 16;
    private const ulong SplitSubstream = 1UL << 40;

    private readonly RowStore<T> _store;
    private readonly TableColumns _columns;
    private readonly int _width;

    // Of each block, the row of the table that its first row is, and which rows of the table are here.
    private readonly List<long> _firstRows = [];
    private readonly Func<long, bool> _isHere;
    private readonly Lock _lock = new();
    private readonly List<RowWindow<T>> _windows = [];
    private int[] _order = [];
    private int _orderEpoch = -1;
    private RandomStream _orderStream;
    private int _shortPlace;
    private long _uses;

    private TableData(Table table, TableColumns columns, double share, Func<long, bool> isHere)
    {
        _columns = columns;
        _width = columns.All.Length;
        _isHere = isHere;
        _store = new RowStore<T>(_width, (long)(table.Options.Limit / 4.0 * share), table.Options.ScratchFolder ?? Path.GetTempPath());
    }

    /// <summary>How many rows.</summary>
    public long Count => _store.Count;

    /// <inheritdoc/>
    public long? Rows => Count;

    /// <summary>The rows of the table that were left out because a number is missing, here and in the other part.</summary>
    public long DroppedRows { get; private set; }

    /// <summary>Whether the rows lie in a scratch file because they do not fit the memory limit.</summary>
    public bool IsSpooled => _store.IsSpooled;

    /// <summary>Whether training takes the rows in a new random order every epoch, and not as they lie.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Reads all rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Which columns.</param>
    /// <param name="cancellationToken">Cancels between two blocks.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A column is out of range, or there is none.</exception>
    /// <exception cref="TableException">The table's content is not fit to train on.</exception>
    /// <exception cref="IOException">The file cannot be read, or the disk is full.</exception>
    public static TableData<T> Load(Table table, TableColumns columns, CancellationToken cancellationToken = default)
    {
        Check(table, columns);
        var data = new TableData<T>(table, columns, 1, static _ => true);
        Read(table, columns, data, null, static _ => false, cancellationToken);
        return data;
    }

    /// <summary>Reads all rows, each into one of two parts at random.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Which columns.</param>
    /// <param name="validationFraction">The chance of a row to be held out, in (0, 1).</param>
    /// <param name="seed">The seed: the same one divides the same way.</param>
    /// <param name="cancellationToken">Cancels between two blocks.</param>
    /// <returns>The rows to train on and the rows to validate on, at least one each.</returns>
    /// <exception cref="ArgumentException">A column or the fraction is out of range, or there is no column.</exception>
    /// <exception cref="TableException">The table's content is not fit to train on, or there are too few rows.</exception>
    /// <exception cref="IOException">The file cannot be read, or the disk is full.</exception>
    public static (TableData<T> Training, TableData<T> Validation) LoadSplit(
        Table table, TableColumns columns, double validationFraction, ulong seed, CancellationToken cancellationToken = default)
    {
        Check(table, columns);
        if (!(validationFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationFraction), validationFraction, "Expected a share in (0, 1).");
        var stream = new RandomStream(seed).Substream(SplitSubstream);
        bool IsHeld(long row) => (stream.UInt64At((ulong)row) >> 11) * (1.0 / (1UL << 53)) < validationFraction;
        var training = new TableData<T>(table, columns, 1 - validationFraction, row => !IsHeld(row));
        var validation = new TableData<T>(table, columns, validationFraction, IsHeld);
        Read(table, columns, training, validation, IsHeld, cancellationToken);
        return (training, validation);
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        var first = request.FirstRowOfEpoch;
        if (first < 0 || first + request.RowCount > Count)
            throw new ArgumentOutOfRangeException(nameof(request), $"Expected rows below {Count}, got {first} to {first + request.RowCount - 1}.");
        if (request.Purpose != BatchPurpose.Training || !Shuffle)
        {
            FillInOrder(first, request.RowCount, x, context, nuisances, weights);
            return;
        }

        for (var done = 0; done < request.RowCount;)
        {
            var window = Rent(request, first + done);
            try
            {
                var from = (int)(first + done - window.Start);
                var count = Math.Min(window.Count - from, request.RowCount - done);
                for (var i = 0; i < count; i++)
                    Spread(window.Row(from + i), done + i, x, context, nuisances, weights);
                done += count;
            }
            finally
            {
                Return(window);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>The row of the table; null where rows were left out, after which they are not counted.</remarks>
    public long? NumberOf(in BatchRequest request, int row)
    {
        if (DroppedRows > 0)
            return null;
        var place = request.FirstRowOfEpoch + row;
        if (request.Purpose == BatchPurpose.Training && Shuffle)
        {
            var window = Rent(request, place);
            place = window.NumberOf((int)(place - window.Start));
            Return(window);
        }

        var number = _firstRows[(int)(place / _store.BlockRows)];
        for (var left = place % _store.BlockRows; left > 0; left--)
        {
            do
                number++;
            while (!_isHere(number));
        }

        return number;
    }

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        if (features != _columns.Features.Count)
            throw new ArgumentException($"Expected rows of {features} features, got {_columns.Features.Count}.");
        if (contextFeatures != _columns.Context.Count)
            throw new ArgumentException($"Expected rows of {contextFeatures} context features, got {_columns.Context.Count}.");
        if (nuisances != _columns.Nuisances.Count)
            throw new ArgumentException($"Expected rows of {nuisances} nuisances, got {_columns.Nuisances.Count}.");
    }

    /// <summary>Lets go of the memory, and of the scratch file where there is one.</summary>
    public void Dispose() => _store.Dispose();

    private static void Check(Table table, TableColumns columns)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Features.Count == 0)
            throw new ArgumentException("Expected the column of at least one feature, got none.", nameof(columns));
    }

    private static void Read(Table table, TableColumns columns, TableData<T> training, TableData<T>? validation, Func<long, bool> isHeld, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = table.Read(columns.All);
            var width = reader.ColumnCount;
            var block = new T[Math.Max(1, BlockNumbers / width) * width];
            var row = 0L;
            var hasWeight = columns.Weight is null;
            for (int rows; (rows = reader.Next(block.AsSpan())) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < rows; i++, row++)
                {
                    var numbers = block.AsSpan(i * width, width);
                    if (columns.Weight is { } weight)
                    {
                        if (numbers[^1] < T.Zero)
                            throw new TableException(table.Name, $"Expected weights of at least 0 in column {TableException.Quote(table.Columns[weight])}, got {numbers[^1]} in {reader.PlaceOf(i)}.");
                        hasWeight |= numbers[^1] > T.Zero;
                    }

                    (validation is not null && isHeld(row) ? validation : training).Add(numbers, row);
                }
            }

            training._store.Complete();
            validation?._store.Complete();
            training.DroppedRows = reader.DroppedRows;
            if (validation is not null)
                validation.DroppedRows = reader.DroppedRows;
            if (training.Count == 0 || validation?.Count == 0)
                throw new TableException(table.Name, $"Expected rows {(validation is null ? "" : "to train and to validate on")}, got {row} without a missing number.");
            if (!hasWeight)
                throw new TableException(table.Name, $"Expected a weight above 0 in column {TableException.Quote(table.Columns[columns.Weight!.Value])}, got zeros alone.");
        }
        catch
        {
            training.Dispose();
            validation?.Dispose();
            throw;
        }
    }

    private void Add(ReadOnlySpan<T> row, long number)
    {
        if (Count % _store.BlockRows == 0)
            _firstRows.Add(number);
        _store.Add(row);
    }

    private void FillInOrder(long first, int rows, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        if (_width == _columns.Features.Count)
        {
            _store.Read(first, x[..(rows * _width)]);
            return;
        }

        var rented = ArrayPool<T>.Shared.Rent(rows * _width);
        try
        {
            _store.Read(first, rented.AsSpan(0, rows * _width));
            for (var i = 0; i < rows; i++)
                Spread(rented.AsSpan(i * _width, _width), i, x, context, nuisances, weights);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(rented);
        }
    }

    private void Spread(ReadOnlySpan<T> row, int i, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        var (features, contexts, nuisanceCount) = (_columns.Features.Count, _columns.Context.Count, _columns.Nuisances.Count);
        row[..features].CopyTo(x[(i * features)..]);
        row.Slice(features, contexts).CopyTo(context[(i * contexts)..]);
        row.Slice(features + contexts, nuisanceCount).CopyTo(nuisances[(i * nuisanceCount)..]);
        if (_columns.Weight is not null)
            weights[i] = row[^1];
    }

    // The window of a place in the epoch. It is loaded by the first worker that needs it, while the others wait, in the memory of one that nobody reads any more.
    private RowWindow<T> Rent(in BatchRequest request, long place)
    {
        lock (_lock)
        {
            SetOrder(request);
            var size = (long)RowWindow<T>.Blocks * _store.BlockRows;
            var index = (int)(place / size);
            if (place >= StartOf(index + 1))
                index++;
            var window = Find(request, index);
            if (window is null)
            {
                window = Free();
                var first = index * RowWindow<T>.Blocks;
                var blocks = _order.AsSpan(first, Math.Min(RowWindow<T>.Blocks, _order.Length - first));
                window.Load(request.Stream, request.Epoch, index, StartOf(index), blocks);
            }

            window.Readers++;
            window.Use = ++_uses;
            return window;
        }
    }

    private RowWindow<T>? Find(in BatchRequest request, int index)
    {
        foreach (var window in _windows)
        {
            if (window.IsOf(request.Stream, request.Epoch, index))
                return window;
        }

        return null;
    }

    // A batch may lie across two windows, so two are kept; a third is made only where both are read.
    private RowWindow<T> Free()
    {
        RowWindow<T>? oldest = null;
        foreach (var window in _windows)
        {
            if (window.Readers == 0 && (oldest is null || window.Use < oldest.Use))
                oldest = window;
        }

        if (_windows.Count >= 2 && oldest is not null)
            return oldest;
        var made = new RowWindow<T>(_store, _width);
        _windows.Add(made);
        return made;
    }

    private void Return(RowWindow<T> window)
    {
        lock (_lock)
            window.Readers--;
    }

    private void SetOrder(in BatchRequest request)
    {
        if (_orderEpoch == request.Epoch && _orderStream == request.Stream)
            return;
        if (_order.Length == 0)
            _order = new int[_store.BlockCount];
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        request.Stream.Substream((ulong)request.Epoch).Shuffle<int>(_order);
        _shortPlace = Array.IndexOf(_order, _order.Length - 1);
        (_orderEpoch, _orderStream) = (request.Epoch, request.Stream);
    }

    // The place in the epoch of a window's first row: all blocks before it are full, but for the last of the store.
    private long StartOf(int index)
    {
        var blocks = (long)index * RowWindow<T>.Blocks;
        if (blocks >= _order.Length)
            return Count;
        var missing = ((long)_order.Length * _store.BlockRows) - Count;
        return (blocks * _store.BlockRows) - (_shortPlace < blocks ? missing : 0);
    }
}
