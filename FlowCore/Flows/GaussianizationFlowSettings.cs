namespace FlowCore.Flows;

/// <summary>The settings of a Gaussianization flow: each transform is an elementwise map, and rotations stand between them. The defaults are zuko's, but for the squeeze.</summary>
public sealed record GaussianizationFlowSettings : StackedFlowSettings
{
    /// <summary>K, the components of each map, at least 1.</summary>
    public int Components { get; init; } = 8;

    /// <summary>q in [0, 1), as <see cref="FlowCore.Transforms.Gaussianization{T}.Squeeze"/>: zuko has 1e-6.</summary>
    public double Squeeze { get; init; }

    /// <summary>
    /// Whether the rotations start from data as principal axes rather than at random. Features then come out uncorrelated; where they are so already, random rotations mix
    /// more, so it is off by itself, as in zuko.
    /// </summary>
    public bool RotatesByData { get; init; }

    /// <summary>With a context: the units of each hidden layer of every conditioner.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>With a context: the activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;
}
