using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Random;

namespace FlowCore.Training;

/// <summary>Rows in memory, in a new random order every epoch, with weights where they have some.</summary>
/// <remarks>
/// The order of an epoch depends on the run's seed and the epoch alone. A validation takes the rows as they lie. Both
/// parts of a <see cref="Split"/> share the memory, which must not change meanwhile. Thread-safe.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ArrayData<T> : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _x;
    private readonly ReadOnlyMemory<T> _context;
    private readonly ReadOnlyMemory<T> _nuisances;
    private readonly ReadOnlyMemory<T> _weights;

    // Whether the one row that was given is every row's. Never read off a count: a part of one row is a row like others.
    private readonly bool _contextIsShared;
    private readonly bool _nuisancesAreShared;
    private readonly int[]? _rows;
    private readonly Lock _orderLock = new();
    private EpochOrder? _order;

    /// <summary>Describes rows in memory, which is kept and not copied.</summary>
    /// <param name="x">[rows, features], row-major.</param>
    /// <param name="features">The features of a row, at least 1.</param>
    /// <param name="context">[rows, contextFeatures], or one row for all, or empty.</param>
    /// <param name="contextFeatures">The context features of a row; 0 for none.</param>
    /// <param name="nuisances">[rows, nuisanceCount], or one row for all, or empty.</param>
    /// <param name="nuisanceCount">The nuisances of a row; 0 for none.</param>
    /// <param name="weights">[rows], at least 0; or empty for ones.</param>
    /// <exception cref="ArgumentException">A length is not whole rows, the numbers of rows disagree, or a number is NaN, infinite or a negative weight.</exception>
    public ArrayData(
        ReadOnlyMemory<T> x,
        int features,
        ReadOnlyMemory<T> context = default,
        int contextFeatures = 0,
        ReadOnlyMemory<T> nuisances = default,
        int nuisanceCount = 0,
        ReadOnlyMemory<T> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
        ArgumentOutOfRangeException.ThrowIfNegative(nuisanceCount);
        if (x.IsEmpty || x.Length % features != 0)
            throw new ArgumentException($"Expected at least one row of {features} numbers, got {x.Length} numbers.", nameof(x));
        Count = x.Length / features;
        Features = features;
        ContextFeatures = contextFeatures;
        Nuisances = nuisanceCount;
        _contextIsShared = IsShared(context, contextFeatures, nameof(context));
        _nuisancesAreShared = IsShared(nuisances, nuisanceCount, nameof(nuisances));
        if (!weights.IsEmpty && weights.Length != Count)
            throw new ArgumentException($"Expected a weight for each of {Count} rows, got {weights.Length}.", nameof(weights));
        CheckFinite(x.Span, features, nameof(x));
        CheckFinite(context.Span, contextFeatures, nameof(context));
        CheckFinite(nuisances.Span, nuisanceCount, nameof(nuisances));
        CheckFinite(weights.Span, 1, nameof(weights));
        var positive = weights.IsEmpty;
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = weights.Span[i];
            if (weight < T.Zero)
                throw new ArgumentException($"Expected weights of at least 0, got {weight} in row {i}.", nameof(weights));
            positive |= weight > T.Zero;
        }

        if (!positive)
            throw new ArgumentException("Expected a weight above 0, got zeros alone.", nameof(weights));
        _x = x;
        _context = context;
        _nuisances = nuisances;
        _weights = weights;
    }

    private ArrayData(ArrayData<T> parent, int[] rows)
    {
        _x = parent._x;
        _context = parent._context;
        _nuisances = parent._nuisances;
        _weights = parent._weights;
        _contextIsShared = parent._contextIsShared;
        _nuisancesAreShared = parent._nuisancesAreShared;
        Features = parent.Features;
        ContextFeatures = parent.ContextFeatures;
        Nuisances = parent.Nuisances;
        Shuffle = parent.Shuffle;
        BatchKeys = parent.BatchKeys;
        _rows = rows;
        Count = rows.Length;
    }

    /// <summary>How many rows.</summary>
    public int Count { get; }

    /// <summary>Which of the rows that were given these are; empty for all.</summary>
    internal ReadOnlySpan<int> RowNumbers => _rows;

    /// <inheritdoc/>
    public long? Rows => Count;

    /// <summary>The features of a row.</summary>
    public int Features { get; }

    /// <summary>The context features of a row; 0 for none.</summary>
    public int ContextFeatures { get; }

    /// <summary>The nuisances of a row; 0 for none.</summary>
    public int Nuisances { get; }

    /// <summary>Whether training takes the rows in a new random order every epoch, and not as they lie.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Where given, the rows of each training batch are taken in the order of these numbers, one for each of the rows that were given.</summary>
    internal int[]? BatchKeys { get; init; }

    /// <summary>Copies tensors.</summary>
    /// <param name="x">[rows, features], or [rows] for one feature.</param>
    /// <param name="context">[rows, context features], or [1, context features] for all rows, or empty.</param>
    /// <param name="nuisances">[rows, nuisances], or [1, nuisances] for all rows, or empty.</param>
    /// <param name="weights">[rows], or empty for ones.</param>
    /// <returns>The data.</returns>
    /// <exception cref="ArgumentException">As for the constructor, or a tensor has another rank.</exception>
    public static ArrayData<T> Copy(
        in ReadOnlyTensorSpan<T> x,
        in ReadOnlyTensorSpan<T> context = default,
        in ReadOnlyTensorSpan<T> nuisances = default,
        in ReadOnlyTensorSpan<T> weights = default)
    {
        var (features, xs) = CopyMatrix(x, nameof(x));
        var (contextFeatures, contexts) = CopyMatrix(context, nameof(context));
        var (nuisanceCount, nuisanceRows) = CopyMatrix(nuisances, nameof(nuisances));
        var (columns, weightRows) = CopyMatrix(weights, nameof(weights));
        if (columns > 1)
            throw new ArgumentException($"Expected one weight for each row, got {columns} columns.", nameof(weights));
        if (features == 0)
            throw new ArgumentException("Expected at least one row, got none.", nameof(x));
        return new ArrayData<T>(xs, features, contexts, contextFeatures, nuisanceRows, nuisanceCount, weightRows);
    }

    /// <summary>Divides the rows at random into two parts without a common row.</summary>
    /// <param name="validationFraction">The share of the second part, in (0, 1); both parts get at least one row.</param>
    /// <param name="seed">The seed: the same one divides the same way.</param>
    /// <returns>The rows to train on and the rows to validate on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    /// <exception cref="InvalidOperationException">There is only one row.</exception>
    public (ArrayData<T> Training, ArrayData<T> Validation) Split(double validationFraction, ulong seed)
    {
        if (!(validationFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(validationFraction), validationFraction, "Expected a share in (0, 1).");
        if (Count < 2)
            throw new InvalidOperationException("One row cannot be divided into two parts.");
        var held = (int)Math.Clamp(Math.Round(validationFraction * Count), 1, Count - 1);
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = _rows is null ? i : _rows[i];
        RunStreams.Split(seed).Shuffle<int>(order);
        var validation = order[..held];
        var training = order[held..];
        // In the order of the memory, which reads faster; the training shuffles anyway.
        Array.Sort(validation);
        Array.Sort(training);
        return (new ArrayData<T>(this, training), new ArrayData<T>(this, validation));
    }

    /// <summary>Rows of this part, evenly over all of it where there are more than wanted: one array a feature, and the weights, empty where there are none.</summary>
    internal (double[][] Columns, double[] Weights) Columns(int most)
    {
        var count = Math.Min(most, Count);
        var columns = new double[Features][];
        for (var j = 0; j < Features; j++)
        {
            columns[j] = new double[count];
            for (var i = 0; i < count; i++)
                columns[j][i] = Value((int)((long)i * Count / count), j);
        }

        var weights = new double[HasWeights ? count : 0];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = double.CreateTruncating(_weights.Span[IndexOf((int)((long)i * Count / count))]);
        return (columns, weights);
    }

    /// <summary>What the features look like, column by column; rows are numbered as in the arrays that were given, those of weight 0 left out.</summary>
    /// <returns>The survey.</returns>
    /// <exception cref="InvalidOperationException">No row of this part has a weight above 0.</exception>
    public DataSurvey Survey() => HasWeight() ? DataSurvey.Of(_x.Span, Features, _weights.Span, _rows) : throw new InvalidOperationException("Expected a row of a weight above 0, got none.");

    /// <summary>The weighted mean and standard deviation of every feature: what to standardise by.</summary>
    /// <param name="mean">Receives a mean a feature.</param>
    /// <param name="deviation">Receives a standard deviation a feature.</param>
    /// <exception cref="ArgumentException">A destination has another length than <see cref="Features"/>.</exception>
    public void Moments(Span<double> mean, Span<double> deviation)
    {
        if (mean.Length != Features)
            throw new ArgumentException($"Expected room for {Features} means, got {mean.Length}.", nameof(mean));
        if (deviation.Length != Features)
            throw new ArgumentException($"Expected room for {Features} deviations, got {deviation.Length}.", nameof(deviation));
        mean.Clear();
        deviation.Clear();
        var x = _x.Span;
        var weights = _weights.Span;
        var total = 0.0;
        // Weighted one-pass update of West (1979): no cancellation where the mean is large beside the deviation.
        for (var i = 0; i < Count; i++)
        {
            var row = _rows is null ? i : _rows[i];
            var weight = weights.IsEmpty ? 1.0 : double.CreateChecked(weights[row]);
            if (weight == 0)
                continue;
            total += weight;
            for (var j = 0; j < Features; j++)
            {
                var delta = double.CreateChecked(x[(row * Features) + j]) - mean[j];
                var shift = delta * weight / total;
                mean[j] += shift;
                deviation[j] += (total - weight) * delta * shift;
            }
        }

        for (var j = 0; j < Features; j++)
            deviation[j] = total > 0 ? Math.Sqrt(deviation[j] / total) : 0;
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        var first = request.FirstRowOfEpoch;
        if (first < 0 || first + request.RowCount > Count)
            throw new ArgumentOutOfRangeException(nameof(request), $"Expected rows below {Count}, got {first} to {first + request.RowCount - 1}.");
        if (request.Purpose == BatchPurpose.Training && Shuffle)
        {
            var order = Rent(request);
            try
            {
                Gather(order.Rows.AsSpan((int)first, request.RowCount), x, context, nuisances, weights);
            }
            finally
            {
                Return(order);
            }
        }
        else if (_rows is not null)
        {
            Gather(_rows.AsSpan((int)first, request.RowCount), x, context, nuisances, weights);
        }
        else
        {
            var start = (int)first;
            var count = request.RowCount;
            _x.Span.Slice(start * Features, count * Features).CopyTo(x);
            CopyCompanion(_context.Span, ContextFeatures, start, count, context, _contextIsShared);
            CopyCompanion(_nuisances.Span, Nuisances, start, count, nuisances, _nuisancesAreShared);
            if (!_weights.IsEmpty)
                _weights.Span.Slice(start, count).CopyTo(weights);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The row of the arrays that were given, whatever the order and the part.</remarks>
    public long? NumberOf(in BatchRequest request, int row)
    {
        var at = (int)(request.FirstRowOfEpoch + row);
        if (request.Purpose != BatchPurpose.Training || !Shuffle)
            return IndexOf(at);
        var order = Rent(request);
        try
        {
            return order.Rows[at];
        }
        finally
        {
            Return(order);
        }
    }

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        if (features != Features)
            throw new ArgumentException($"Expected rows of {features} features, got {Features}.");
        if (contextFeatures != ContextFeatures)
            throw new ArgumentException($"Expected rows of {contextFeatures} context features, got {ContextFeatures}.");
        if (nuisances != Nuisances)
            throw new ArgumentException($"Expected rows of {nuisances} nuisances, got {Nuisances}.");
    }

    /// <summary>What the columns of the context look like; null where there is none.</summary>
    internal DataSurvey? SurveyContext() => ContextFeatures == 0 || !HasWeight() ? null
        : _contextIsShared ? DataSurvey.Of(_context.Span, ContextFeatures)
        : DataSurvey.Of(_context.Span, ContextFeatures, _weights.Span, _rows);

    /// <summary>Whether a row has a weight above 0.</summary>
    internal bool Counts(int row) => _weights.IsEmpty || _weights.Span[IndexOf(row)] > T.Zero;

    /// <summary>A feature of a row.</summary>
    internal double Value(int row, int feature) => double.CreateTruncating(_x.Span[(IndexOf(row) * Features) + feature]);

    /// <summary>The row of the arrays that were given.</summary>
    internal int IndexOf(int row) => _rows is null ? row : _rows[row];

    /// <summary>Whether rows were given weights.</summary>
    internal bool HasWeights => !_weights.IsEmpty;

    /// <summary>Whether any row has a weight above 0.</summary>
    internal bool HasWeight()
    {
        for (var i = 0; i < Count; i++)
        {
            if (Counts(i))
                return true;
        }

        return false;
    }

    private static (int Columns, T[] Numbers) CopyMatrix(in ReadOnlyTensorSpan<T> tensor, string name)
    {
        if (tensor.FlattenedLength == 0)
            return (0, []);
        if (tensor.Rank is not (1 or 2))
            throw new ArgumentException($"Expected a tensor of rows and columns, got one of rank {tensor.Rank}.", name);
        var numbers = new T[checked((int)tensor.FlattenedLength)];
        tensor.FlattenTo(numbers);
        return (tensor.Rank == 1 ? 1 : checked((int)tensor.Lengths[1]), numbers);
    }

    private static void CheckFinite(ReadOnlySpan<T> numbers, int columns, string name)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!T.IsFinite(numbers[i]))
                throw new ArgumentException($"Expected finite numbers, got {numbers[i]} in row {i / columns}, column {i % columns}.", name);
        }
    }

    private bool IsShared(ReadOnlyMemory<T> companion, int columns, string name)
    {
        var rows = columns == 0 ? 0 : companion.Length / columns;
        if (columns == 0 ? !companion.IsEmpty : companion.Length % columns != 0 || (rows != Count && rows != 1))
            throw new ArgumentException($"Expected {Count} rows of {columns} numbers, or one, got {companion.Length} numbers.", name);
        return columns > 0 && rows == 1;
    }

    private static void CopyCompanion(ReadOnlySpan<T> source, int columns, int start, int count, Span<T> destination, bool oneForAll)
    {
        if (columns == 0)
            return;
        if (oneForAll)
        {
            for (var i = 0; i < count; i++)
                source.CopyTo(destination[(i * columns)..]);
        }
        else
        {
            source.Slice(start * columns, count * columns).CopyTo(destination);
        }
    }

    private void Gather(ReadOnlySpan<int> rows, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        GatherColumns(_x.Span, Features, rows, x, oneForAll: false);
        GatherColumns(_context.Span, ContextFeatures, rows, context, _contextIsShared);
        GatherColumns(_nuisances.Span, Nuisances, rows, nuisances, _nuisancesAreShared);
        if (!_weights.IsEmpty)
            GatherColumns(_weights.Span, 1, rows, weights, oneForAll: false);
    }

    private static void GatherColumns(ReadOnlySpan<T> source, int columns, ReadOnlySpan<int> rows, Span<T> destination, bool oneForAll)
    {
        if (columns == 0)
            return;
        for (var i = 0; i < rows.Length; i++)
            source.Slice(oneForAll ? 0 : rows[i] * columns, columns).CopyTo(destination.Slice(i * columns, columns));
    }

    // The order of one epoch is made by the first worker that needs it, while the others wait, in the memory of an order
    // that nobody reads any more.
    private EpochOrder Rent(in BatchRequest request)
    {
        lock (_orderLock)
        {
            if (_order is null || !_order.IsOf(request))
            {
                var order = _order is { Readers: 0 } ? _order : new EpochOrder(Count);
                for (var i = 0; i < Count; i++)
                    order.Rows[i] = _rows is null ? i : _rows[i];
                request.Stream.Substream((ulong)request.Epoch).Shuffle<int>(order.Rows);
                order.Finish(request, BatchKeys);
                _order = order;
            }

            _order.Readers++;
            return _order;
        }
    }

    private void Return(EpochOrder order)
    {
        lock (_orderLock)
            order.Readers--;
    }
}
