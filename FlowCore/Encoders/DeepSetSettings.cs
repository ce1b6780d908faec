using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>The sizes of a <see cref="DeepSetEncoder{T}"/>.</summary>
public sealed record DeepSetSettings
{
    /// <summary>The units of each layer of the network of an item, φ.</summary>
    public IReadOnlyList<int> ItemUnits { get; init; } = [64, 64];

    /// <summary>The units of each hidden layer of the network of an event, ρ.</summary>
    public IReadOnlyList<int> EventUnits { get; init; } = [64];

    /// <summary>The numbers of an event's code.</summary>
    public int Outputs { get; init; } = 32;

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.Silu;

    /// <summary>Whether the largest φ of an event's items counts beside their mean: extreme items.</summary>
    public bool WithMaximum { get; init; }

    /// <summary>Whether the sum counts beside the mean, divided by the most items of an event.</summary>
    public bool WithSum { get; init; }

    /// <summary>What items are standardised by, for example <see cref="RaggedEvents{T}.ItemScale"/> of the training events; null for nothing.</summary>
    public LocationScale? ItemScale { get; init; }
}
