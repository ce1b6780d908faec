using System.Globalization;
using FlowCore.Distributions;
using FlowCore.Statistics;
using FlowCore.Training;

namespace Mbank;

/// <summary>Maps the validation rows to noise at every validation of a training and keeps the metric; passes the reports on.</summary>
/// <param name="flow">The flow.</param>
/// <param name="rows">The validation rows, row-major.</param>
/// <param name="metric">Which metric.</param>
/// <param name="interval">The steps from one validation to the next.</param>
/// <param name="next">Gets every report; null for nobody.</param>
internal sealed class MetricWatch(Flow<float> flow, float[] rows, ValidationMetric metric, int interval, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
{
    private readonly List<MetricRecord> _records = [];
    private readonly float[] _noise = new float[rows.Length];
    private readonly float[] _logDet = new float[rows.Length / flow.Features];
    private MetricResult? _band;

    /// <summary>The validations in order.</summary>
    public IReadOnlyList<MetricRecord> Records => _records;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        next?.Report(value);
        if (value.EpochEnded && value.Epoch % interval == 0)
            _records.Add(new MetricRecord(value.Epoch, Evaluate(metric)));
    }

    /// <summary>A metric of the flow as it is now.</summary>
    /// <param name="which">Which one.</param>
    public MetricResult Evaluate(ValidationMetric which)
    {
        var noise = Noise();
        switch (which)
        {
            case ValidationMetric.CrossEntropy:
                return NoiseMetrics.CrossEntropy(noise, flow.Features);
            case ValidationMetric.KolmogorovSmirnov:
                return NoiseMetrics.KolmogorovSmirnov(noise, flow.Features);
            default:
                // The band is that of normal rows and hardly depends on how many of the rows lie outside: one is enough for all.
                _band ??= NoiseMetrics.NeighbourDivergence(noise, flow.Features);
                return _band.Value with { Value = NoiseMetrics.NeighbourDivergence(noise, flow.Features, bandSamples: 0).Value };
        }
    }

    /// <summary>A metric in words.</summary>
    /// <param name="which">Which one.</param>
    public static string NameOf(ValidationMetric which) => which switch
    {
        ValidationMetric.CrossEntropy => "cross entropy",
        ValidationMetric.KolmogorovSmirnov => "Kolmogorov-Smirnov",
        _ => "KL of the noise",
    };

    /// <summary>A metric and its band in one line.</summary>
    /// <param name="which">Which one.</param>
    /// <param name="result">The numbers.</param>
    public static string Describe(ValidationMetric which, MetricResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{NameOf(which)}: {result.Value:f4}; a perfect flow has {result.PerfectMean:f4} ± {result.PerfectDeviation:f4} ({result.Score:+0.0;-0.0} deviations)");

    // Rows outside the box have no noise.
    private double[] Noise()
    {
        flow.ToNoise(rows, _noise, _logDet);
        var noise = new List<double>(_noise.Length);
        for (var i = 0; i < _logDet.Length; i++)
        {
            if (float.IsNegativeInfinity(_logDet[i]))
                continue;
            foreach (var u in _noise.AsSpan(i * flow.Features, flow.Features))
                noise.Add(u);
        }

        return [.. noise];
    }
}
