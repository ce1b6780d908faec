using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Encoders;

/// <summary>The events of one block of a tape, item by item.</summary>
/// <remarks>
/// Item j of all events is one matrix, so an encoder's networks run over items as over events. Beyond <see cref="Longest"/> no event has an item: stop there. What
/// is computed for an event that has no item j must be left out by <see cref="Has"/>; then an event's result does not depend on the others of its block.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public readonly struct RaggedBlock<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Variable<T> _rows;
    private readonly RaggedLayout _layout;
    private readonly int _shortest;

    private RaggedBlock(Variable<T> rows, RaggedLayout layout, int shortest, int longest)
    {
        _rows = rows;
        _layout = layout;
        _shortest = shortest;
        Longest = longest;
    }

    /// <summary>The number of items of the event that has most.</summary>
    public int Longest { get; }

    /// <summary>n of each event, [rows, 1].</summary>
    public Variable<T> Counts => _rows.Slice(0, 1);

    /// <summary>Which events have an item.</summary>
    /// <param name="item">j, from 0.</param>
    /// <returns>[rows, 1], 1 or 0; "no variable" where all have it.</returns>
    public Variable<T> Has(int item) => item < _shortest ? default : _rows.Tape!.Constant(T.CreateChecked(item)).Less(Counts);

    /// <summary>An item of each event; zeros where an event has none, whatever stands there.</summary>
    /// <param name="item">j, from 0.</param>
    /// <returns>[rows, k].</returns>
    public Variable<T> Item(int item)
    {
        var columns = _rows.Slice(1 + (item * _layout.ItemFeatures), _layout.ItemFeatures);
        var has = Has(item);
        return has.IsNone ? columns : has.Where(columns, _rows.Tape!.Constant(T.Zero));
    }

    /// <summary>Reads how many items the events of a block have, the one thing that the host has to know.</summary>
    internal static RaggedBlock<T> Of(Tape<T> tape, Variable<T> rows, RaggedLayout layout)
    {
        var numbers = ArrayPool<T>.Shared.Rent(tape.Rows);
        try
        {
            var counts = numbers.AsSpan(0, tape.Rows);
            tape.ReadValue(rows.Slice(0, 1), counts);
            var (shortest, longest) = (layout.MaximumItems, 0);
            for (var row = 0; row < counts.Length; row++)
            {
                var count = CountOf(counts[row], row, layout.MaximumItems);
                shortest = Math.Min(shortest, count);
                longest = Math.Max(longest, count);
            }

            return new RaggedBlock<T>(rows, layout, shortest, longest);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(numbers);
        }
    }

    private static int CountOf(T number, int row, int most) => number >= T.Zero && number <= T.CreateChecked(most) && T.IsInteger(number)
        ? int.CreateTruncating(number)
        : throw new ArgumentException($"Expected a number of items from 0 to {most} in column 0, got {number} in row {row} of a block.", nameof(number));
}
