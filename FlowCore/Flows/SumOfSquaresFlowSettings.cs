namespace FlowCore.Flows;

/// <summary>The settings of a sum-of-squares flow.</summary>
public sealed record SumOfSquaresFlowSettings : AutoregressiveFlowSettings
{
    /// <summary>K, the polynomials of each map, at least 1.</summary>
    public int Polynomials { get; init; } = 3;

    /// <summary>L, the degree of each, at least 0.</summary>
    public int Degree { get; init; } = 4;

    /// <summary>B: between two transforms numbers are brought to (−B, B) by x / (1 + |x/B|).</summary>
    public double Bound { get; init; } = 11;
}
