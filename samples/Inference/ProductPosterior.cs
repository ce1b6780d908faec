using FlowCore.Autodiff;
using FlowCore.Inference;
using FlowCore.Random;

namespace Inference;

/// <summary>
/// Two couplings of which a measurement knows the product alone: x y = 2.5 ± 0.5, with priors N(0, 1.5²). The sign is free, so the posterior has two equal modes, which
/// are bent and narrow. A grid gives its integral and exact draws.
/// </summary>
internal static class ProductPosterior
{
    /// <summary>Half the side of the square that holds the posterior.</summary>
    public const double Reach = 5;

    private const double Product = 2.5;
    private const double Error = 0.5;
    private const double Prior = 1.5;
    private const int Cells = 800;

    /// <summary>ln p̃ on the tape.</summary>
    public static ITarget<double> Target { get; } = FlowCore.Inference.Target.Of<double>(2, x =>
    {
        var pull = ((x.Slice(0, 1) * x.Slice(1, 1)) - Product) * (1 / Error);
        return ((pull.Square() + (x * (1 / Prior)).Square().SumColumns()) * -0.5);
    });

    /// <summary>ln Z by the midpoint rule, whose error for a smooth function that vanishes at the edges is far below 10⁻⁶.</summary>
    public static double LogZ
    {
        get
        {
            double sum = 0;
            foreach (var value in Grid())
                sum += value;
            return Math.Log(sum * Math.Pow(2 * Reach / Cells, 2));
        }
    }

    /// <summary>ln p̃ of a point.</summary>
    public static double LogDensity(double x, double y)
    {
        var pull = ((x * y) - Product) / Error;
        return -0.5 * ((pull * pull) + (((x * x) + (y * y)) / (Prior * Prior)));
    }

    /// <summary>Draws of the posterior: a cell by its weight, and a place in it.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>[count, 2], row-major.</returns>
    public static double[] Samples(int count, ulong seed)
    {
        var sums = Grid();
        for (var i = 1; i < sums.Length; i++)
            sums[i] += sums[i - 1];
        var uniform = new double[3 * count];
        new RandomStream(seed).FillUniform<double>(uniform);
        var result = new double[2 * count];
        for (var i = 0; i < count; i++)
        {
            var cell = Array.BinarySearch(sums, uniform[3 * i] * sums[^1]);
            cell = cell < 0 ? ~cell : cell;
            result[2 * i] = -Reach + (2 * Reach * ((cell % Cells) + uniform[(3 * i) + 1]) / Cells);
            result[(2 * i) + 1] = -Reach + (2 * Reach * ((cell / Cells) + uniform[(3 * i) + 2]) / Cells);
        }

        return result;
    }

    private static double[] Grid()
    {
        var values = new double[Cells * Cells];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Exp(LogDensity(-Reach + (2 * Reach * ((i % Cells) + 0.5) / Cells), -Reach + (2 * Reach * ((i / Cells) + 0.5) / Cells)));
        return values;
    }
}
