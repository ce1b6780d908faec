namespace FlowCore.Transforms;

/// <summary>How a quadratic spline with tails gets its two outer heights.</summary>
public enum EdgeRule
{
    /// <summary>They are 1 after the normalisation, the slope of the identity outside: the density is continuous.</summary>
    Exact,

    /// <summary>nflows': half the weight of the outer bins is left out, the heights come out near 0.8 or 0.9, and the density steps at the ends. For its files.</summary>
    NFlows,
}
