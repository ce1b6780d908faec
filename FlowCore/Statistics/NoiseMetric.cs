namespace FlowCore.Statistics;

/// <summary>Which of the <see cref="NoiseMetrics"/>.</summary>
public enum NoiseMetric
{
    /// <summary><see cref="NoiseMetrics.CrossEntropy"/>.</summary>
    CrossEntropy,

    /// <summary><see cref="NoiseMetrics.KolmogorovSmirnov"/>.</summary>
    KolmogorovSmirnov,

    /// <summary><see cref="NoiseMetrics.Fisher"/>.</summary>
    Fisher,

    /// <summary><see cref="NoiseMetrics.NeighbourDivergence"/>.</summary>
    NeighbourDivergence,
}
