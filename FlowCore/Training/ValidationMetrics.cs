using System.Numerics;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Statistics;

namespace FlowCore.Training;

/// <summary>How normal the validation rows are as noise, with the weights as they are.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class ValidationMetrics<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DensityModel<T> _model;
    private readonly IReadOnlyList<NoiseMetric> _metrics;
    private readonly T[] _x;
    private readonly T[] _context;
    private readonly T[] _nuisances;
    private MetricResult? _band;

    /// <summary>Takes the rows.</summary>
    /// <exception cref="ArgumentException">The rows are no array without weights, or too few; or a metric is unknown.</exception>
    public ValidationMetrics(DensityModel<T> model, ITrainingData<T>? validation, IReadOnlyList<NoiseMetric> metrics)
    {
        foreach (var metric in metrics)
        {
            if (!Enum.IsDefined(metric))
                throw new ArgumentOutOfRangeException(nameof(metrics), metric, "There is no such metric.");
        }

        if (validation is not ArrayData<T> { HasWeights: false } rows)
            throw new ArgumentException("Expected validation rows in memory without weights, which metrics need, got others or none.", nameof(validation));
        if (rows.Count <= NoiseMetrics.DefaultNeighbours)
            throw new ArgumentException($"Expected more than {NoiseMetrics.DefaultNeighbours} validation rows for metrics, got {rows.Count}.", nameof(validation));
        _model = model;
        _metrics = metrics;
        (_x, _context, _nuisances) = (new T[rows.Count * rows.Features], new T[rows.Count * rows.ContextFeatures], new T[rows.Count * rows.Nuisances]);
        rows.Fill(new BatchRequest(BatchPurpose.Validation, 0, 0, rows.Count, 0, rows.Count, new RandomStream(0)), _x, _context, _nuisances, []);
    }

    /// <summary>The metrics in the order in which they were asked for.</summary>
    public MetricResult[] Evaluate()
    {
        var noise = ModelDiagnostics.Noise<T>(_model, _x, new Conditions<T>(_context, _nuisances));
        var results = new MetricResult[_metrics.Count];
        for (var i = 0; i < results.Length; i++)
        {
            if (noise.Length <= NoiseMetrics.DefaultNeighbours * _model.NoiseFeatures)
            {
                results[i] = new MetricResult(double.NaN, double.NaN, double.NaN);
                continue;
            }

            // The band of the neighbours' divergence is simulated. It hardly depends on how many of the rows lie outside: one is enough for all.
            var simulates = _metrics[i] == NoiseMetric.NeighbourDivergence && _band is null;
            results[i] = NoiseMetrics.Evaluate(_metrics[i], noise, _model.NoiseFeatures, simulates ? NoiseMetrics.DefaultBandSamples : 0);
            if (simulates)
                _band = results[i];
            if (_metrics[i] == NoiseMetric.NeighbourDivergence)
                results[i] = _band!.Value with { Value = results[i].Value };
        }

        return results;
    }
}
