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

    internal RaggedBlock(Variable<T> rows, RaggedLayout layout, int shortest, int longest)
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
}
