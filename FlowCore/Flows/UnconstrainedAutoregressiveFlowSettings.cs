namespace FlowCore.Flows;

/// <summary>The settings of an unconstrained neural autoregressive flow.</summary>
public sealed record UnconstrainedAutoregressiveFlowSettings : AutoregressiveFlowSettings
{
    /// <summary>S, the signals that the conditioner gives to each feature's network, at least 1.</summary>
    public int Signals { get; init; } = 16;

    /// <summary>The units of each hidden layer of a feature's own network, at least one layer.</summary>
    public IReadOnlyList<int> NetworkSizes { get; init; } = [64, 64];

    /// <summary>The nodes of the quadrature, at least 1.</summary>
    public int Nodes { get; init; } = 32;

    /// <summary>B: between two transforms numbers are brought to (−B, B) by x / (1 + |x/B|).</summary>
    public double Bound { get; init; } = 11;
}
