using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>The settings of a Bernstein flow.</summary>
public sealed record BernsteinFlowSettings : AutoregressiveFlowSettings
{
    /// <summary>The polynomials: their degree, their interval, their ends.</summary>
    public BernsteinSettings Polynomial { get; init; } = new();
}
