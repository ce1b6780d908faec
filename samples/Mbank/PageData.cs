using FlowCore.Random;

namespace Mbank;

/// <summary>The page's data: x₀ of an exponential, x₁ of a normal distribution.</summary>
internal static class PageData
{
    /// <summary>The entropy, 1 + ½ ln 2πe: the least loss that a flow can have, in nats.</summary>
    public static double Entropy { get; } = 1 + (0.5 * Math.Log(2 * Math.PI * Math.E));

    /// <summary>Draws rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Row-major [rows, 2].</returns>
    public static float[] Draw(int rows, ulong seed)
    {
        var stream = new RandomStream(seed);
        var (uniform, normal) = (new double[rows], new double[rows]);
        stream.Substream(0).FillUniform<double>(uniform);
        stream.Substream(1).FillNormal<double>(normal);
        var x = new float[2 * rows];
        for (var i = 0; i < rows; i++)
        {
            x[2 * i] = (float)-Math.Log(uniform[i]);
            x[(2 * i) + 1] = (float)normal[i];
        }

        return x;
    }

    /// <summary>ln p of a row.</summary>
    /// <param name="row">The two numbers.</param>
    public static double LogDensity(ReadOnlySpan<float> row) => -row[0] - (0.5 * row[1] * row[1]) - (0.5 * Math.Log(2 * Math.PI));
}
