namespace FlowCore.Continuous;

/// <summary>How flow matching pairs noise and data.</summary>
public sealed record FlowMatchingOptions
{
    /// <summary>
    /// Whether the noise of every 32 rows is dealt out to them so that the sum of squared distances is least: straighter paths, which need fewer steps. Without conditions alone: with
    /// them the pairing would make the noise depend on the condition.
    /// </summary>
    public bool OptimalTransport { get; init; }
}
