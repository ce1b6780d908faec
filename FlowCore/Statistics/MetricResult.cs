namespace FlowCore.Statistics;

/// <summary>A number that judges a fit, with what it is for a perfect one.</summary>
/// <param name="Value">The number.</param>
/// <param name="PerfectMean">Its mean where the model is the density that the rows come from.</param>
/// <param name="PerfectDeviation">Its standard deviation there; NaN where it was not asked for.</param>
public readonly record struct MetricResult(double Value, double PerfectMean, double PerfectDeviation)
{
    /// <summary>How many deviations the number is from that of a perfect fit.</summary>
    public double Score => (Value - PerfectMean) / PerfectDeviation;
}
