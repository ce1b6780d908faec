using FlowCore.Encoders;
using FlowCore.Random;

namespace ManifoldsSample;

/// <summary>Light of straight tracks in a tank: an event has a starting point, an energy and a direction; what is seen are hits, each with a place and a time, as many as there were.</summary>
/// <remarks>
/// Truth: the starting point is uniform in [−1, 1]³, ln E ~ N(0, ½), the direction uniform. A track is 0.5 + √E long and gives Poisson(12 √E) hits, evenly along itself, 0.1 off in each
/// coordinate; the time of a hit is the way there, with 0.1 of noise. So times tell the direction, places the line, and their number the energy.
/// </remarks>
internal static class TrackDetector
{
    /// <summary>Columns of the truth: x, y, z, ln E, θ, φ.</summary>
    public const int Truth = 6;

    private const double Hits = 12;
    private const double Blur = 0.1;

    /// <summary>Room for the hits of the largest energies: x, y, z and the time.</summary>
    public static RaggedLayout Layout { get; } = new(maximumItems: 64, itemFeatures: 4);

    /// <summary>Simulates events.</summary>
    /// <param name="events">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The truth, row-major [n, 6], and the hits of each event.</returns>
    public static (float[] Truth, RaggedEvents<float> Seen) Simulate(int events, ulong seed)
    {
        var (truth, seen) = (new float[events * Truth], new float[events][]);
        var (uniform, normal) = (new double[5], new double[1]);
        for (var e = 0; e < events; e++)
        {
            var stream = new RandomStream(seed).Substream((ulong)e);
            stream.FillUniform<double>(uniform);
            stream.Substream(1).FillNormal<double>(normal);
            var (cosine, azimuth, logEnergy) = ((2 * uniform[3]) - 1, 2 * Math.PI * uniform[4], 0.5 * normal[0]);
            var row = truth.AsSpan(e * Truth, Truth);
            for (var k = 0; k < 3; k++)
                row[k] = (float)((2 * uniform[k]) - 1);
            (row[3], row[4], row[5]) = ((float)logEnergy, (float)Math.Acos(cosine), (float)azimuth);
            seen[e] = Track(row, Math.Exp(0.5 * logEnergy), stream.Substream(2));
        }

        return (truth, RaggedEvents<float>.Of(seen, Layout.ItemFeatures));
    }

    private static float[] Track(ReadOnlySpan<float> truth, double root, RandomStream stream)
    {
        var (uniform, normal) = (new double[2 * Layout.MaximumItems], new double[4 * Layout.MaximumItems]);
        stream.FillUniform<double>(uniform);
        stream.Substream(1).FillNormal<double>(normal);
        var sine = Math.Sin(truth[4]);
        double[] direction = [sine * Math.Cos(truth[5]), sine * Math.Sin(truth[5]), Math.Cos(truth[4])];

        // The hits of a process of rate 1 until the time that is their mean number.
        var hits = new List<float>();
        var time = -Math.Log(uniform[0]);
        for (var i = 0; time < Hits * root && i + 1 < Layout.MaximumItems; i++)
        {
            var way = (0.5 + root) * uniform[Layout.MaximumItems + i];
            for (var k = 0; k < 3; k++)
                hits.Add((float)(truth[k] + (way * direction[k]) + (Blur * normal[(4 * i) + k])));
            hits.Add((float)(way + (Blur * normal[(4 * i) + 3])));
            time -= Math.Log(uniform[i + 1]);
        }

        return [.. hits];
    }
}
