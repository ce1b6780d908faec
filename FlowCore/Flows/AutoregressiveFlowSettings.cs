using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>What the masked autoregressive flows have in common. The defaults are zuko's.</summary>
public abstract record AutoregressiveFlowSettings
{
    /// <summary>D, the number of features, at least 1.</summary>
    public required int Features { get; init; }

    /// <summary>C, the number of context columns; 0 without context.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>How many autoregressive transforms follow each other; the order of the features alternates.</summary>
    public int Transforms { get; init; } = 3;

    /// <summary>The units of each hidden layer of every conditioner.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;

    /// <summary>In how many passes the inverse solves the features: 0 for one each, 2 for coupling layers.</summary>
    public int Passes { get; init; }

    /// <summary>Whether the order of the features is drawn at random rather than ascending and descending in turn.</summary>
    public bool RandomOrder { get; init; }

    /// <summary>The seed of the fresh weights and of random orders.</summary>
    public ulong Seed { get; init; }

    /// <summary>A fixed shift and scale applied to the data first, or null.</summary>
    public LocationScale? Standardization { get; init; }
}
