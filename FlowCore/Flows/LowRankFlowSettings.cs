namespace FlowCore.Flows;

/// <summary>What the planar, radial and Sylvester flows have in common.</summary>
public abstract record LowRankFlowSettings : StackedFlowSettings
{
    /// <summary>Sixteen layers: one alone does little.</summary>
    protected LowRankFlowSettings() => Transforms = 16;

    /// <summary>
    /// Whether the layers map noise to data, as in the papers and in normflows: samples then cost the map, densities its inverse. Otherwise it is the other way round.
    /// </summary>
    public bool MapsNoise { get; init; }

    /// <summary>Refuses a context where the layers take none.</summary>
    private protected void RefuseContext()
    {
        if (ContextFeatures > 0)
            throw Unexpected($"Expected no context, which these layers do not take, got {ContextFeatures} columns.");
    }
}
