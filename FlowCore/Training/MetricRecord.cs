using FlowCore.Statistics;

namespace FlowCore.Training;

/// <summary>A metric of the validation rows as noise, at the end of an epoch that was validated.</summary>
/// <param name="Epoch">The epoch, counted from 0.</param>
/// <param name="Step">The steps of the run that were done at its end.</param>
/// <param name="Metric">Which metric.</param>
/// <param name="Result">The number, and what it is for a perfect model of as many rows.</param>
public readonly record struct MetricRecord(int Epoch, long Step, NoiseMetric Metric, MetricResult Result);
