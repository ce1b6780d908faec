namespace FlowCore.Flows;

/// <summary>The settings of an affine flow.</summary>
public sealed record AffineFlowSettings : ReadyMadeFlowSettings
{
    /// <summary>Whether the map is x + t alone: the covariance is then the identity.</summary>
    public bool ShiftOnly { get; init; }

    /// <summary>With a context: the units of each hidden layer of the network that computes the numbers.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>With a context: the activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;
}
