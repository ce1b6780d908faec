using System.Numerics;
using FlowCore.Training;

namespace FlowCore.Encoders;

/// <summary>Rows to train on whose context is an event of several items, in memory as they are and padded only in the block that computes.</summary>
/// <remarks>
/// Epochs are shuffled as those of <see cref="ArrayData{T}"/>. Within a batch events come by their numbers of items: so the events of a block are of similar
/// lengths and little is computed for nothing. Parts of a <see cref="Split"/> are divided by event. Thread-safe.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class RaggedData<T> : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RaggedEvents<T> _events;
    private readonly RaggedLayout _layout;
    private readonly ArrayData<T> _rows;

    /// <summary>Describes rows in memory, which is kept and not copied.</summary>
    /// <param name="x">[events, features], row-major: what the density is of.</param>
    /// <param name="features">The features of a row, at least 1.</param>
    /// <param name="events">The events.</param>
    /// <param name="layout">The layout of the encoder.</param>
    /// <param name="weights">[events], at least 0; or empty for ones.</param>
    /// <exception cref="ArgumentException">There is not a row for each event, an event does not fit into the layout, or a number is out of range.</exception>
    public RaggedData(ReadOnlyMemory<T> x, int features, RaggedEvents<T> events, RaggedLayout layout, ReadOnlyMemory<T> weights = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(layout);
        events.CheckFits(layout);
        var counts = new int[events.Count];
        for (var e = 0; e < counts.Length; e++)
            counts[e] = events.CountOf(e);
        _rows = new ArrayData<T>(x, features, weights: weights) { BatchKeys = counts };
        if (_rows.Count != events.Count)
            throw new ArgumentException($"Expected a row for each of {events.Count} events, got {_rows.Count}.", nameof(x));
        _events = events;
        _layout = layout;
    }

    private RaggedData(RaggedData<T> parent, ArrayData<T> rows)
    {
        _events = parent._events;
        _layout = parent._layout;
        _rows = rows;
    }

    /// <summary>How many events.</summary>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public long? Rows => _rows.Count;

    /// <summary>Divides the events at random into two parts without a common event.</summary>
    /// <param name="validationFraction">The share of the second part, in (0, 1); both parts get at least one event.</param>
    /// <param name="seed">The seed: the same one divides the same way.</param>
    /// <returns>The events to train on and the events to validate on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is out of range.</exception>
    /// <exception cref="InvalidOperationException">There is only one event.</exception>
    public (RaggedData<T> Training, RaggedData<T> Validation) Split(double validationFraction, ulong seed)
    {
        var (training, validation) = _rows.Split(validationFraction, seed);
        return (new RaggedData<T>(this, training), new RaggedData<T>(this, validation));
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        _rows.Fill(request, x, default, nuisances, weights);
        for (var i = 0; i < request.RowCount; i++)
            _events.CopyRow((int)_rows.NumberOf(request, i)!.Value, context.Slice(i * _layout.Columns, _layout.Columns));
    }

    /// <inheritdoc/>
    public long? NumberOf(in BatchRequest request, int row) => _rows.NumberOf(request, row);

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        _rows.CheckShape(features, 0, nuisances);
        if (contextFeatures != _layout.Columns)
            throw new ArgumentException($"Expected events in rows of {contextFeatures} columns, the encoder's, got a layout of {_layout.Columns}.");
    }
}
