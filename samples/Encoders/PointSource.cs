using FlowCore.Encoders;
using FlowCore.Random;

namespace Encoders;

/// <summary>A detector without pixels looks at one source: hits scatter around it, and others are spread evenly. The number of hits is Poisson.</summary>
/// <remarks>
/// Labels are the source's place (x, y), flat in [−1, 1]², and its brightness b, flat in [0.5, 1.5]: 20 b hits of the source on average, scattered by
/// <see cref="Blur"/>, among 8 of the background in [−2, 2]². The detector points <see cref="Pointing"/> σ off in each direction, which nobody measures.
/// </remarks>
/// <param name="Pointing">The standard deviation of the pointing; 0 for a perfect one.</param>
internal sealed record PointSource(double Pointing)
{
    public const int Labels = 3;
    public const double Blur = 0.2;
    private const double SourceHits = 20;
    private const double BackgroundHits = 8;
    private const double Reach = 2;

    /// <summary>Room for 30 and 8 hits and six standard deviations more.</summary>
    public static RaggedLayout Layout { get; } = new(maximumItems: 76, itemFeatures: 2);

    /// <summary>Draws events; an event depends on the seed and its number alone.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="companions">The hits, on average, of a second source that no label tells of.</param>
    public (float[] Labels, RaggedEvents<float> Events) Draw(int count, ulong seed, double companions = 0)
    {
        var labels = new float[count * Labels];
        var events = new float[count][];
        Span<double> uniform = stackalloc double[6];
        Span<double> normal = stackalloc double[2];
        for (var e = 0; e < count; e++)
        {
            var stream = new RandomStream(seed).Substream((ulong)e);
            stream.Substream(0).FillUniform(uniform);
            stream.Substream(1).FillNormal(normal);
            var (x, y, brightness) = ((2 * uniform[0]) - 1, (2 * uniform[1]) - 1, 0.5 + uniform[2]);
            var hits = new List<float>();
            Scatter(hits, Poisson(SourceHits * brightness, stream.Substream(2)), x + (Pointing * normal[0]), y + (Pointing * normal[1]), stream.Substream(3));
            Spread(hits, Poisson(BackgroundHits, stream.Substream(4)), stream.Substream(5));
            if (companions > 0)
                Scatter(hits, Poisson(companions, stream.Substream(6)), (2 * uniform[3]) - 1, (2 * uniform[4]) - 1, stream.Substream(7));
            events[e] = [.. hits.Take(2 * Layout.MaximumItems)];
            (labels[Labels * e], labels[(Labels * e) + 1], labels[(Labels * e) + 2]) = ((float)x, (float)y, (float)brightness);
        }

        return (labels, RaggedEvents<float>.Of(events, 2));
    }

    private static void Scatter(List<float> hits, int count, double x, double y, RandomStream stream)
    {
        var normal = new double[2 * count];
        stream.FillNormal<double>(normal);
        for (var i = 0; i < count; i++)
        {
            hits.Add((float)(x + (Blur * normal[2 * i])));
            hits.Add((float)(y + (Blur * normal[(2 * i) + 1])));
        }
    }

    private static void Spread(List<float> hits, int count, RandomStream stream)
    {
        var uniform = new double[2 * count];
        stream.FillUniform<double>(uniform);
        foreach (var u in uniform)
            hits.Add((float)(Reach * ((2 * u) - 1)));
    }

    // How many steps of a unit rate fit into the mean.
    private static int Poisson(double mean, RandomStream stream)
    {
        Span<double> uniform = stackalloc double[128];
        stream.FillUniform(uniform);
        var (count, time) = (0, -Math.Log(uniform[0]));
        while (time < mean && count < uniform.Length - 1)
            time -= Math.Log(uniform[++count]);
        return count;
    }
}
