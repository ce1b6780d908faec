namespace FlowCore.Flows;

/// <summary>The settings of a Gaussianization flow. The defaults are zuko's, but for the squeeze.</summary>
public sealed record GaussianizationFlowSettings
{
    /// <summary>D, the number of features, at least 1.</summary>
    public required int Features { get; init; }

    /// <summary>C, the number of context columns; 0 without context.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>How many elementwise maps; one fewer rotations stand between them.</summary>
    public int Transforms { get; init; } = 3;

    /// <summary>K, the components of each map, at least 1.</summary>
    public int Components { get; init; } = 8;

    /// <summary>q in [0, 1), as <see cref="FlowCore.Transforms.Gaussianization{T}.Squeeze"/>: zuko has 1e-6.</summary>
    public double Squeeze { get; init; }

    /// <summary>With a context: the units of each hidden layer of every conditioner.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>With a context: the activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;

    /// <summary>The seed of the fresh numbers.</summary>
    public ulong Seed { get; init; }
}
