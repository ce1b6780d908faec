namespace FlowCore.Flows;

/// <summary>The settings of a masked affine flow.</summary>
public sealed record MaskedAffineFlowSettings : AutoregressiveFlowSettings
{
    /// <summary>S in (0, 1): scales lie between S and 1/S; 0 for no limit.</summary>
    public double Slope { get; init; } = 1e-3;
}
