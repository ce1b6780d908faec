using FlowCore.Random;

namespace ContinuousSample;

/// <summary>Two half circles of radius 1 with normal noise of 0.1.</summary>
internal static class Moons
{
    /// <summary>Draws points, row-major.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    public static float[] Draw(int count, ulong seed)
    {
        var (uniform, normal, x) = (new double[2 * count], new double[2 * count], new float[2 * count]);
        new RandomStream(seed).Substream(0).FillUniform<double>(uniform);
        new RandomStream(seed).Substream(1).FillNormal<double>(normal);
        for (var i = 0; i < count; i++)
        {
            var (sine, cosine) = Math.SinCos(Math.PI * uniform[2 * i]);
            var isFirst = uniform[(2 * i) + 1] < 0.5;
            x[2 * i] = (float)((isFirst ? cosine : 1 - cosine) - 0.5 + (0.1 * normal[2 * i]));
            x[(2 * i) + 1] = (float)((isFirst ? sine : 0.5 - sine) - 0.25 + (0.1 * normal[(2 * i) + 1]));
        }

        return x;
    }
}
