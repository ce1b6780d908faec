using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>The settings of a planar flow.</summary>
public sealed record PlanarFlowSettings : LowRankFlowSettings
{
    /// <summary>h, along each direction.</summary>
    public PlanarFunction Function { get; init; } = PlanarFunction.Tanh;

    /// <summary>k in (0, 1], of the leaky ReLU.</summary>
    public double Slope { get; init; } = 0.2;

    /// <summary>With a context: the units of each hidden layer of the network that computes the numbers.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [64, 64];

    /// <summary>With a context: the activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;
}
