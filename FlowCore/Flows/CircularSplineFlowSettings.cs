namespace FlowCore.Flows;

/// <summary>The settings of a circular spline flow.</summary>
public sealed record CircularSplineFlowSettings : AutoregressiveFlowSettings
{
    /// <summary>K, the bins of each spline, at least 2.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>S in (0, 1): the limit of bin sizes and slopes.</summary>
    public double Slope { get; init; } = 1e-3;

    /// <summary>
    /// Whether it is zuko's NCSF: slopes of 1 where the circle is cut, half a turn in each transform, and networks that see the angles as numbers, so that densities
    /// jump there. Of itself FlowCore ties the slopes, learns a turn for each feature and shows sines and cosines to the networks.
    /// </summary>
    public bool IsZuko { get; init; }

    /// <inheritdoc/>
    internal override void Check()
    {
        base.Check();
        if (Standardization is not null)
            throw Unexpected("Expected no standardization of angles, got one.");
    }
}
