using FlowCore.Encoders;
using FlowCore.Random;

namespace ManifoldsSample;

/// <summary>Small data for the first programs.</summary>
internal static class FirstData
{
    /// <summary>Curved clouds in R³ whose bend and place depend on two conditions.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Points, row-major [n, 3], and conditions, row-major [n, 2].</returns>
    public static (double[] Targets, double[] Conditions) Bananas(int rows, ulong seed = 1)
    {
        var (targets, conditions, normal) = (new double[3 * rows], new double[2 * rows], new double[5]);
        for (var i = 0; i < rows; i++)
        {
            new RandomStream(seed).Substream((ulong)i).FillNormal<double>(normal);
            var (a, b) = (normal[3], normal[4]);
            (conditions[2 * i], conditions[(2 * i) + 1]) = (a, b);
            targets[3 * i] = normal[0] + (0.5 * a);
            targets[(3 * i) + 1] = (0.5 * normal[1]) + (0.4 * normal[0] * normal[0]) + (0.3 * b);
            targets[(3 * i) + 2] = (0.7 * normal[2]) + (0.5 * normal[0]);
        }

        return (targets, conditions);
    }

    /// <summary>Four numbers, a direction around an axis that depends on the first, and four numbers that depend on the direction.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Row-major [n, 10]: x, zenith, azimuth, y.</returns>
    public static double[] OnProduct(int rows, ulong seed = 2)
    {
        var (x, normal) = (new double[10 * rows], new double[11]);
        for (var i = 0; i < rows; i++)
        {
            new RandomStream(seed).Substream((ulong)i).FillNormal<double>(normal);
            var row = x.AsSpan(10 * i, 10);
            for (var j = 0; j < 4; j++)
                row[j] = normal[j] + (j > 0 ? 0.5 * normal[j - 1] : 0);
            var (u, v, w) = ((0.4 * normal[4]) + Math.Tanh(normal[0]), 0.4 * normal[5], 1 + (0.4 * normal[6]));
            row[4] = Math.Atan2(Math.Sqrt((u * u) + (v * v)), w);
            row[5] = Math.Atan2(v, u) is var azimuth && azimuth < 0 ? azimuth + (2 * Math.PI) : azimuth;
            for (var j = 0; j < 4; j++)
                row[6 + j] = (0.6 * normal[7 + j]) + (j == 0 ? Math.Cos(row[4]) : 0);
        }

        return x;
    }

    /// <summary>Sets of a Poisson number of events, e^(1 + c) on average, of normal numbers around 2c; c is the condition, from −1 to 1.</summary>
    /// <param name="count">How many sets.</param>
    /// <returns>The sets and their conditions.</returns>
    public static (RaggedEvents<double> Sets, double[] Conditions) Sets(int count)
    {
        var (sets, conditions, uniform, normal) = (new double[count][], new double[count], new double[41], new double[40]);
        for (var s = 0; s < count; s++)
        {
            var stream = new RandomStream(7).Substream((ulong)s);
            stream.FillUniform<double>(uniform);
            stream.Substream(1).FillNormal<double>(normal);
            conditions[s] = (2 * uniform[0]) - 1;

            // Events of a process of rate 1 until the time λ.
            var (time, n) = (-Math.Log(uniform[1]), 0);
            for (var end = Math.Exp(1 + conditions[s]); time < end && n < 39; n++)
                time -= Math.Log(uniform[n + 2]);
            sets[s] = [.. normal[..n].Select(value => (2 * conditions[s]) + (0.5 * value))];
        }

        return (RaggedEvents<double>.Of(sets, 1), conditions);
    }
}
