namespace FlowCore.Flows;

/// <summary>The settings of a Sylvester flow, which takes no context.</summary>
public sealed record SylvesterFlowSettings : LowRankFlowSettings
{
    /// <summary>M, the directions of each layer, 1 to D; 0 for the smaller of D and 8.</summary>
    public int Directions { get; init; }

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        RefuseContext();
        if (Directions < 0 || Directions > Features)
            throw Unexpected($"Expected 0 to {Features} directions, got {Directions}.");
    }
}
