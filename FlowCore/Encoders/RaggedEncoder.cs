using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;

namespace FlowCore.Encoders;

/// <summary>An encoder of events with different numbers of items. Derive from it to write one of your own: a recurrent network, an attention.</summary>
/// <remarks>
/// Its rows are those of <see cref="RaggedLayout"/>; <see cref="RaggedEvents{T}.ToRows"/> and <see cref="RaggedData{T}"/> make them. A block costs as many items
/// as its longest event has, so <see cref="RaggedData{T}"/> puts events of similar lengths into one block. The room behind an event's items may hold anything, even NaN where the model allows it.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public abstract class RaggedEncoder<T> : Network<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the layout, the size and the parameters.</summary>
    /// <param name="layout">The rows.</param>
    /// <param name="outputs">The numbers of an event's code, at least 1.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    protected RaggedEncoder(RaggedLayout layout, int outputs, IReadOnlyList<Parameter<T>> parameters)
        : base((layout ?? throw new ArgumentNullException(nameof(layout))).Columns, outputs, parameters) => Layout = layout;

    /// <summary>The rows.</summary>
    public RaggedLayout Layout { get; }

    /// <inheritdoc/>
    protected internal sealed override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var numbers = ArrayPool<T>.Shared.Rent(tape.Rows);
        try
        {
            // The one thing that the host has to know: how many items to run over.
            var counts = numbers.AsSpan(0, tape.Rows);
            tape.ReadValue(x.Slice(0, 1), counts);
            var (shortest, longest) = (Layout.MaximumItems, 0);
            for (var row = 0; row < counts.Length; row++)
            {
                var count = CountOf(counts[row], row);
                shortest = Math.Min(shortest, count);
                longest = Math.Max(longest, count);
            }

            return Encode(tape, new RaggedBlock<T>(x, Layout, shortest, longest));
        }
        finally
        {
            ArrayPool<T>.Shared.Return(numbers);
        }
    }

    /// <summary>The codes of a block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="events">The events.</param>
    /// <returns>[rows, <see cref="Network{T}.Outputs"/>].</returns>
    protected internal abstract Variable<T> Encode(Tape<T> tape, in RaggedBlock<T> events);

    private int CountOf(T number, int row) => number >= T.Zero && number <= T.CreateChecked(Layout.MaximumItems) && T.IsInteger(number)
        ? int.CreateTruncating(number)
        : throw new ArgumentException($"Expected a number of items from 0 to {Layout.MaximumItems} in column 0, got {number} in row {row} of a block.", nameof(number));
}
