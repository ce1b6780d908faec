using System.Numerics;
using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>Events with different numbers of items: hits of a detector, tracks, repeated measurements. The items lie one behind the other.</summary>
/// <remarks>The memory is kept, not copied, and must not change. Thread-safe.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class RaggedEvents<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> _items;
    private readonly ReadOnlyMemory<int> _offsets;

    /// <summary>Describes events in memory.</summary>
    /// <param name="items">[items, k], row-major, those of an event together.</param>
    /// <param name="itemFeatures">k, the numbers of an item, at least 1.</param>
    /// <param name="offsets">[events + 1]: event e has the items from offsets[e] up to, not including, offsets[e + 1]. An event may have none.</param>
    /// <exception cref="ArgumentException">The offsets do not rise from 0 to the number of items, or a number is not finite.</exception>
    public RaggedEvents(ReadOnlyMemory<T> items, int itemFeatures, ReadOnlyMemory<int> offsets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(itemFeatures);
        if (items.Length % itemFeatures != 0)
            throw new ArgumentException($"Expected items of {itemFeatures} numbers, got {items.Length} numbers.", nameof(items));
        var ends = offsets.Span;
        if (ends.IsEmpty || ends[0] != 0 || ends[^1] != items.Length / itemFeatures)
            throw new ArgumentException($"Expected offsets from 0 to the {items.Length / itemFeatures} items, got {(ends.IsEmpty ? "none" : $"{ends[0]} to {ends[^1]}")}.", nameof(offsets));
        ItemFeatures = itemFeatures;
        Count = ends.Length - 1;
        for (var e = 0; e < Count; e++)
        {
            if (ends[e + 1] < ends[e])
                throw new ArgumentException($"Expected offsets that do not fall, got {ends[e]} and then {ends[e + 1]} for event {e}.", nameof(offsets));
            LargestCount = Math.Max(LargestCount, ends[e + 1] - ends[e]);
        }

        _items = items;
        _offsets = offsets;
        CheckFinite(items);
    }

    /// <summary>How many events.</summary>
    public int Count { get; }

    /// <summary>k, the numbers of an item.</summary>
    public int ItemFeatures { get; }

    /// <summary>The number of items of the event that has most.</summary>
    public int LargestCount { get; }

    /// <summary>Copies events, each an array of the numbers of its items, row-major [n, k].</summary>
    /// <param name="events">The events.</param>
    /// <param name="itemFeatures">k, the numbers of an item, at least 1.</param>
    /// <returns>The events, their items one behind the other.</returns>
    /// <exception cref="ArgumentException">An event does not have whole items, or a number is not finite.</exception>
    public static RaggedEvents<T> Of(IReadOnlyList<T[]> events, int itemFeatures)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(itemFeatures);
        var offsets = new int[events.Count + 1];
        for (var e = 0; e < events.Count; e++)
        {
            if (events[e].Length % itemFeatures != 0)
                throw new ArgumentException($"Expected items of {itemFeatures} numbers, got {events[e].Length} numbers in event {e}.", nameof(events));
            offsets[e + 1] = checked(offsets[e] + (events[e].Length / itemFeatures));
        }

        var items = new T[checked(offsets[^1] * itemFeatures)];
        for (var e = 0; e < events.Count; e++)
            events[e].CopyTo(items, offsets[e] * itemFeatures);
        return new RaggedEvents<T>(items, itemFeatures, offsets);
    }

    /// <summary>n, the number of items of an event.</summary>
    /// <param name="index">The event.</param>
    /// <returns>n.</returns>
    public int CountOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _offsets.Span[index + 1] - _offsets.Span[index];
    }

    /// <summary>The items of an event.</summary>
    /// <param name="index">The event.</param>
    /// <returns>[n, k], row-major.</returns>
    public ReadOnlySpan<T> ItemsOf(int index)
    {
        var count = CountOf(index);
        return _items.Span.Slice(_offsets.Span[index] * ItemFeatures, count * ItemFeatures);
    }

    /// <summary>Mean and standard deviation of the numbers of an item, over all items: what to standardise by.</summary>
    /// <returns>The numbers.</returns>
    /// <exception cref="ArgumentException">There is no item.</exception>
    public LocationScale ItemScale() => LocationScale.FromData(_items.Span, ItemFeatures);

    /// <summary>All events as rows: what models are called with.</summary>
    /// <param name="layout">The layout of the encoder.</param>
    /// <returns>[events, layout.Columns], row-major; the room that an event does not need is 0.</returns>
    /// <exception cref="ArgumentException">An event has more items than there is room for, or items have other numbers.</exception>
    public T[] ToRows(RaggedLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CheckFits(layout);
        var rows = new T[checked(Count * layout.Columns)];
        for (var e = 0; e < Count; e++)
            CopyRow(e, rows.AsSpan(e * layout.Columns, layout.Columns));
        return rows;
    }

    /// <summary>Throws where an event does not fit into a row.</summary>
    internal void CheckFits(RaggedLayout layout)
    {
        if (layout.ItemFeatures != ItemFeatures)
            throw new ArgumentException($"Expected items of {layout.ItemFeatures} numbers, got items of {ItemFeatures}.", nameof(layout));
        for (var e = 0; LargestCount > layout.MaximumItems && e < Count; e++)
        {
            if (CountOf(e) > layout.MaximumItems)
                throw new ArgumentException($"Expected at most {layout.MaximumItems} items an event, got {CountOf(e)} in event {e}.", nameof(layout));
        }
    }

    /// <summary>Writes the row of an event.</summary>
    internal void CopyRow(int index, Span<T> row)
    {
        var items = ItemsOf(index);
        row[0] = T.CreateChecked(CountOf(index));
        items.CopyTo(row[1..]);
        row[(1 + items.Length)..].Clear();
    }

    private void CheckFinite(ReadOnlyMemory<T> items)
    {
        for (var e = 0; e < Count; e++)
        {
            var own = ItemsOf(e);
            for (var i = 0; i < own.Length; i++)
            {
                if (!T.IsFinite(own[i]))
                    throw new ArgumentException($"Expected finite numbers, got {own[i]} in event {e}, item {i / ItemFeatures}, column {i % ItemFeatures}.", nameof(items));
            }
        }
    }
}
