using FlowCore.Manifolds;
using FlowCore.Random;

namespace FlowCore.Tests.Manifolds;

/// <summary>Rows to train on for every manifold, in embedding coordinates: two thirds crowd, the others are anywhere, and a few are ends, poles and corners.</summary>
internal static class PdfData
{
    /// <summary>Rows.</summary>
    /// <param name="definition">The manifolds.</param>
    /// <param name="rows">How many, at least 8.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Row-major, in embedding coordinates.</returns>
    public static float[] Of(PdfDefinition definition, int rows, ulong seed)
    {
        var all = new List<float>();
        for (var row = 0; row < rows; row++)
        {
            for (var k = 0; k < definition.Factors.Count; k++)
                all.AddRange(Point(definition.Factors[k], row, new RandomStream(seed).Substream((ulong)row).Substream((ulong)k)).Select(value => (float)value));
        }

        return [.. all];
    }

    /// <summary>Normal numbers: conditions that the rows do not depend on, or noise.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The numbers.</returns>
    public static float[] Conditions(int count)
    {
        var numbers = new float[count];
        new RandomStream(77).FillNormal<float>(numbers);
        return numbers;
    }

    private static double[] Point(Manifold manifold, int row, RandomStream stream)
    {
        var isCrowd = row % 3 != 0;
        var (uniform, normal) = (new double[2], new double[manifold.Dimension + 1]);
        stream.FillUniform<double>(uniform);
        stream.Substream(1).FillNormal<double>(normal);
        switch (manifold.Kind)
        {
            case ManifoldKind.Euclidean:
                return [.. Enumerable.Range(0, manifold.Dimension).Select(j => normal[j] + (j > 0 ? 0.5 * normal[j - 1] * normal[j - 1] : isCrowd ? 1 : 0))];
            case ManifoldKind.Circle:
                var angle = isCrowd ? 6 + (0.3 * normal[0]) : 2 * Math.PI * uniform[0];
                return [Math.Cos(angle), Math.Sin(angle)];
            case ManifoldKind.Sphere:
                var zenith = row == 5 ? 0 : row == 7 ? Math.PI : isCrowd ? Math.Min(Math.PI, 0.3 * Math.Sqrt(-2 * Math.Log(uniform[0]))) : Math.Acos((2 * uniform[0]) - 1);
                var (sine, azimuth) = (row is 5 or 7 ? 0 : Math.Sin(zenith), 2 * Math.PI * uniform[1]);
                return [sine * Math.Cos(azimuth), sine * Math.Sin(azimuth), Math.Cos(zenith)];
            case ManifoldKind.Interval:
                var place = row == 5 ? 1 : row == 7 ? 0 : isCrowd ? 0.5 + (0.5 * Math.Tanh(1 + (0.3 * normal[0]))) : uniform[0];
                return [manifold.Lower + (place * (manifold.Upper - manifold.Lower))];
            default:
                var weights = normal.Select((value, j) => Math.Exp((isCrowd ? 0.3 : 1) * value) * (j == 1 ? 2 : 1)).ToArray();
                return [.. weights.Select(weight => weight / weights.Sum())];
        }
    }
}
