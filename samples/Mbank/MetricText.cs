using System.Globalization;
using FlowCore.Statistics;

namespace Mbank;

/// <summary>The metrics in words.</summary>
internal static class MetricText
{
    /// <summary>The words of flags and keys, the usual one first.</summary>
    public static IReadOnlyList<(string Word, NoiseMetric Metric)> Words { get; } =
    [
        ("cross-entropy", NoiseMetric.CrossEntropy),
        ("ks", NoiseMetric.KolmogorovSmirnov),
        ("kl", NoiseMetric.NeighbourDivergence),
    ];

    /// <summary>A metric's name.</summary>
    /// <param name="metric">Which one.</param>
    public static string NameOf(NoiseMetric metric) => metric switch
    {
        NoiseMetric.CrossEntropy => "cross entropy",
        NoiseMetric.KolmogorovSmirnov => "Kolmogorov-Smirnov",
        NoiseMetric.Fisher => "Fisher",
        _ => "KL of the noise",
    };

    /// <summary>A metric by the word of a key.</summary>
    /// <param name="place">Where the word stands.</param>
    /// <param name="word">The word.</param>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static NoiseMetric Read(string place, string word)
    {
        foreach (var (known, metric) in Words)
        {
            if (known == word)
                return metric;
        }

        throw OptionValue.Wrong(place, "cross-entropy, ks or kl", word);
    }

    /// <summary>A metric and its band in one line.</summary>
    /// <param name="metric">Which one.</param>
    /// <param name="result">The numbers.</param>
    public static string Describe(NoiseMetric metric, MetricResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{NameOf(metric)}: {result.Value:f4}; a perfect flow has {result.PerfectMean:f4} ± {result.PerfectDeviation:f4} ({result.Score:+0.0;-0.0} deviations)");
}
