using FlowCore.Random;

namespace ManifoldsSample;

/// <summary>
/// A small detector of particles from the sky: an event has a direction on the sphere and an energy; what is seen says where the light came from and how much there was.
/// </summary>
/// <remarks>
/// Truth: the direction is uniform, ln E ~ N(0, 1). The light is L = 4 √E, of which a shadow takes 40 % on the lower half of the sky. Seen: the vector L n with noise of N(0, 1) in each of its
/// three components, and 2 ln(L/4) + 0.3 N(0, 1). So the resolution depends on energy and direction, and directions and energies of an event are correlated.
/// </remarks>
internal static class Detector
{
    /// <summary>Columns of what is seen.</summary>
    public const int Seen = 4;

    /// <summary>Columns of the truth: ln E, θ, φ.</summary>
    public const int Truth = 3;

    /// <summary>Simulates events.</summary>
    /// <param name="events">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The truth, row-major [n, 3], and what is seen, row-major [n, 4].</returns>
    public static (float[] Truth, float[] Seen) Simulate(int events, ulong seed)
    {
        var (truth, seen) = (new float[events * Truth], new float[events * Seen]);
        var (uniform, normal) = (new double[2], new double[5]);
        for (var i = 0; i < events; i++)
        {
            var stream = new RandomStream(seed).Substream((ulong)i);
            stream.FillUniform<double>(uniform);
            stream.Substream(1).FillNormal<double>(normal);
            var (cosine, azimuth) = ((2 * uniform[0]) - 1, 2 * Math.PI * uniform[1]);
            var sine = Math.Sqrt((1 - cosine) * (1 + cosine));
            var logEnergy = normal[4];
            var light = 4 * Math.Exp(0.5 * logEnergy) * (cosine < 0 ? 0.6 : 1);
            (truth[3 * i], truth[(3 * i) + 1], truth[(3 * i) + 2]) = ((float)logEnergy, (float)Math.Acos(cosine), (float)azimuth);
            seen[4 * i] = (float)((light * sine * Math.Cos(azimuth)) + normal[0]);
            seen[(4 * i) + 1] = (float)((light * sine * Math.Sin(azimuth)) + normal[1]);
            seen[(4 * i) + 2] = (float)((light * cosine) + normal[2]);
            seen[(4 * i) + 3] = (float)((2 * Math.Log(light / 4)) + (0.3 * normal[3]));
        }

        return (truth, seen);
    }
}
