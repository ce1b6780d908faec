namespace FlowCore.Flows;

/// <summary>The settings of a radial flow, which takes no context.</summary>
public sealed record RadialFlowSettings : LowRankFlowSettings
{
    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        RefuseContext();
    }
}
