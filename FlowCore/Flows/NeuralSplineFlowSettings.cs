namespace FlowCore.Flows;

/// <summary>The settings of a neural spline flow.</summary>
public sealed record NeuralSplineFlowSettings : AutoregressiveFlowSettings
{
    /// <summary>K, the bins of each spline, at least 2.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>B: the splines act on (−B, B] and are the identity outside.</summary>
    public double Bound { get; init; } = 5;

    /// <summary>S in (0, 1): the limit of bin sizes and slopes.</summary>
    public double Slope { get; init; } = 1e-3;

    /// <summary>
    /// How many masked affine transforms come before the splines, 0 or more. They take out location, scale and linear
    /// dependence, all three as functions of the context, so that what reaches the splines lies within their bound wherever
    /// the context is. Zuko's flow has none.
    /// </summary>
    public int AffineTransforms { get; init; }
}
