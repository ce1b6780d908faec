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

    /// <summary>True: numbers of items and the room behind them are no measurements.</summary>
    protected internal sealed override bool ScalesItsInputs => true;

    /// <inheritdoc/>
    protected internal sealed override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return Encode(tape, RaggedBlock<T>.Of(tape, x, Layout));
    }

    /// <summary>The codes of a block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="events">The events.</param>
    /// <returns>[rows, <see cref="Network{T}.Outputs"/>].</returns>
    protected internal abstract Variable<T> Encode(Tape<T> tape, in RaggedBlock<T> events);
}
