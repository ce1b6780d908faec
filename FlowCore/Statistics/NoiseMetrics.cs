using FlowCore.Random;

namespace FlowCore.Statistics;

/// <summary>
/// How well rows that a flow has mapped to noise, u = f(x), follow the standard normal distribution which they have where the flow is right. Rows should be
/// none that it was trained on. Thread-safe.
/// </summary>
public static class NoiseMetrics
{
    /// <summary>k of <see cref="NeighbourDivergence"/> unless it is given.</summary>
    public const int DefaultNeighbours = 5;

    /// <summary>How many samples make the band of <see cref="NeighbourDivergence"/> unless it is given.</summary>
    public const int DefaultBandSamples = 100;

    /// <summary>One of the metrics, with the settings that it has unless others are given.</summary>
    /// <param name="metric">Which one.</param>
    /// <param name="noise">Row-major [N, D], finite.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="bandSamples">How many samples make the band of <see cref="NoiseMetric.NeighbourDivergence"/>; the others have theirs by a formula.</param>
    /// <returns>The number, and what a perfect flow has.</returns>
    /// <exception cref="ArgumentException">The numbers do not make whole rows, there are too few, or there is no such metric.</exception>
    public static MetricResult Evaluate(NoiseMetric metric, ReadOnlySpan<double> noise, int features, int bandSamples = DefaultBandSamples) => metric switch
    {
        NoiseMetric.CrossEntropy => CrossEntropy(noise, features),
        NoiseMetric.KolmogorovSmirnov => KolmogorovSmirnov(noise, features),
        NoiseMetric.Fisher => Fisher(noise, features),
        NoiseMetric.NeighbourDivergence => NeighbourDivergence(noise, features, bandSamples: bandSamples),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such metric."),
    };

    /// <summary>The mean of ln N(u; 0, 1). Larger is not better: a perfect flow has −½ D (1 + ln 2π) with a deviation of √(D / 2N), exactly.</summary>
    /// <param name="noise">Row-major [N, D], finite.</param>
    /// <param name="features">D, at least 1.</param>
    /// <returns>The mean, in nats.</returns>
    /// <exception cref="ArgumentException">The numbers do not make whole rows.</exception>
    public static MetricResult CrossEntropy(ReadOnlySpan<double> noise, int features)
    {
        var count = RowsOf(noise, features);
        return new MetricResult(MeanLogDensity(noise, features), -0.5 * features * (1 + Math.Log(2 * Math.PI)), Math.Sqrt(features / (2.0 * count)));
    }

    /// <summary>
    /// Σ_d log₁₀ p_d with p_d of the one-sample Kolmogorov-Smirnov test of feature d, computed in logarithms, so that it has no floor; Stephens' correction for finite N. A
    /// perfect flow has −D / ln 10 with a deviation of √D / ln 10.
    /// </summary>
    /// <param name="noise">Row-major [N, D], finite.</param>
    /// <param name="features">D, at least 1.</param>
    /// <returns>The sum of the logarithms.</returns>
    /// <exception cref="ArgumentException">The numbers do not make whole rows.</exception>
    public static MetricResult KolmogorovSmirnov(ReadOnlySpan<double> noise, int features) =>
        new(LogProbabilities(noise, features) / Math.Log(10), -features / Math.Log(10), Math.Sqrt(features) / Math.Log(10));

    /// <summary>Fisher's combination of the same probabilities: −2 Σ_d ln p_d, which for a perfect flow is χ² of 2D degrees of freedom (see <see cref="ChiSquareDistribution.Survival"/>).</summary>
    /// <param name="noise">Row-major [N, D], finite.</param>
    /// <param name="features">D, at least 1.</param>
    /// <returns>The sum: mean 2D and deviation 2√D where the flow is perfect.</returns>
    /// <exception cref="ArgumentException">The numbers do not make whole rows.</exception>
    public static MetricResult Fisher(ReadOnlySpan<double> noise, int features) =>
        new(-2 * LogProbabilities(noise, features), 2 * features, 2 * Math.Sqrt(features));

    /// <summary>
    /// KL(data ‖ flow) by k nearest neighbours: −Ĥ(u) − mean ln N(u), with Ĥ = ψ(N) − ψ(k) + ln(π^(D/2) / Γ(D/2 + 1)) + D/N Σ ln ε_i and ε_i the distance of row i to its k-th
    /// neighbour (Kozachenko and Leonenko 1987). Rows that coincide have none; of N rows a subset drawn by the seed is taken where there are too many.
    /// </summary>
    /// <param name="noise">Row-major [N, D], finite.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="neighbours">k, at least 1 and below N.</param>
    /// <param name="mostRows">The most rows that are looked at.</param>
    /// <param name="seed">The seed of the subset and of the band.</param>
    /// <param name="bandSamples">How many samples of as many normal rows make the band; 0 for none.</param>
    /// <returns>The divergence in nats; its band is that of samples of the standard normal distribution.</returns>
    /// <exception cref="ArgumentException">The numbers do not make whole rows, or there are too few.</exception>
    public static MetricResult NeighbourDivergence(
        ReadOnlySpan<double> noise, int features, int neighbours = DefaultNeighbours, int mostRows = 20_000, ulong seed = 0, int bandSamples = DefaultBandSamples)
    {
        var count = RowsOf(noise, features);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(bandSamples);
        if (neighbours >= Math.Min(count, mostRows))
            throw new ArgumentException($"Expected more than {neighbours} rows, got {Math.Min(count, mostRows)}.", nameof(noise));
        var rows = noise.ToArray();
        if (count > mostRows)
        {
            var order = new int[count];
            new RandomStream(seed).Substream(0).FillPermutation(order);
            rows = new double[mostRows * features];
            for (var i = 0; i < mostRows; i++)
                noise.Slice(order[i] * features, features).CopyTo(rows.AsSpan(i * features));
        }

        var value = Divergence(rows, features, neighbours);
        var band = new double[bandSamples];
        var sample = new double[rows.Length];
        for (var i = 0; i < band.Length; i++)
        {
            new RandomStream(seed).Substream(1).Substream((ulong)i).FillNormal<double>(sample);
            band[i] = Divergence(sample, features, neighbours);
        }

        var mean = bandSamples == 0 ? 0 : band.Average();
        var deviation = bandSamples < 2 ? double.NaN : Math.Sqrt(band.Sum(b => (b - mean) * (b - mean)) / (bandSamples - 1));
        return new MetricResult(value, mean, deviation);
    }

    private static double Divergence(double[] rows, int features, int neighbours)
    {
        var count = rows.Length / features;
        double logarithms = 0;
        var tree = new NeighbourTree(rows, features);
        for (var i = 0; i < count; i++)
            logarithms += 0.5 * Math.Log(Math.Max(tree.SquaredDistance(i, neighbours), double.Epsilon));
        var volume = (0.5 * features * Math.Log(Math.PI)) - SpecialFunctions.LogGamma((0.5 * features) + 1);
        var entropy = SpecialFunctions.Digamma(count) - SpecialFunctions.Digamma(neighbours) + volume + (features * logarithms / count);
        return -entropy - MeanLogDensity(rows, features);
    }

    private static double MeanLogDensity(ReadOnlySpan<double> noise, int features)
    {
        double squares = 0;
        foreach (var u in noise)
            squares += u * u;
        return (-0.5 * squares / (noise.Length / features)) - (0.5 * features * Math.Log(2 * Math.PI));
    }

    private static double LogProbabilities(ReadOnlySpan<double> noise, int features)
    {
        var count = RowsOf(noise, features);
        var column = new double[count];
        double sum = 0;
        for (var j = 0; j < features; j++)
        {
            for (var i = 0; i < count; i++)
                column[i] = noise[(i * features) + j];
            Array.Sort(column);
            double distance = 0;
            for (var i = 0; i < count; i++)
            {
                var below = NormalDistribution.Cdf(column[i]);
                distance = Math.Max(distance, Math.Max(((i + 1.0) / count) - below, below - ((double)i / count)));
            }

            sum += KolmogorovDistribution.LogSurvival(KolmogorovDistribution.Lambda(distance, count));
        }

        return sum;
    }

    private static int RowsOf(ReadOnlySpan<double> noise, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        return !noise.IsEmpty && noise.Length % features == 0
            ? noise.Length / features
            : throw new ArgumentException($"Expected at least one row of {features} numbers, got {noise.Length} numbers.", nameof(noise));
    }
}
