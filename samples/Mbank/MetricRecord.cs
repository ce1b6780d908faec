using FlowCore.Statistics;

namespace Mbank;

/// <summary>The metric of one validation.</summary>
/// <param name="Step">The step, counted from 0.</param>
/// <param name="Result">The number and its band.</param>
internal readonly record struct MetricRecord(int Step, MetricResult Result);
