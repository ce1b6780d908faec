namespace FlowCore.Inference;

/// <summary>How a goodness of fit is computed.</summary>
public sealed record GoodnessOfFitOptions
{
    /// <summary>J, the draws of the posterior of each observation and the replicas of each p-value, at least 1. No p-value is below 1/(J + 1).</summary>
    public int Replicas { get; init; } = 256;

    /// <summary>Which end counts.</summary>
    public GoodnessOfFitTail Tail { get; init; }

    /// <summary>The seed of the draws.</summary>
    public ulong Seed { get; init; }
}
