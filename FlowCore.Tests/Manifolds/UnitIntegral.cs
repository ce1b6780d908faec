using FlowCore.Numerics;

namespace FlowCore.Tests.Manifolds;

/// <summary>Integrals over the unit line or square: by Gauss and Legendre's rule over boxes that are halved in every direction until the parts agree with the whole.</summary>
internal static class UnitIntegral
{
    private const int Block = 4096;
    private const int Nodes = 6;
    private static readonly (double[] Places, double[] Weights) _rule = GaussLegendre.OnUnitInterval(Nodes);

    /// <summary>The integral.</summary>
    /// <param name="dimensions">1 or 2.</param>
    /// <param name="values">The values at points, row-major, of at most 4,096 rows.</param>
    /// <param name="tolerance">The error that is allowed.</param>
    /// <param name="parts">Into how many parts each side is cut at first.</param>
    /// <param name="last">How often a part is halved at most.</param>
    public static double Of(int dimensions, Func<double[], double[]> values, double tolerance, int parts, int last)
    {
        var boxes = new List<(double X, double Y, double Width, double Height)>();
        for (var i = 0; i < parts; i++)
        {
            for (var j = 0; j < (dimensions == 2 ? parts : 1); j++)
                boxes.Add((i / (double)parts, j / (double)parts, 1.0 / parts, dimensions == 2 ? 1.0 / parts : 1));
        }

        var total = 0.0;
        var known = Integrals(dimensions, boxes, values);
        for (var level = 0; level <= last && boxes.Count > 0; level++)
        {
            var children = new List<(double X, double Y, double Width, double Height)>();
            foreach (var (x, y, width, height) in boxes)
            {
                for (var i = 0; i < 2; i++)
                {
                    for (var j = 0; j < dimensions; j++)
                        children.Add((x + (i * width / 2), y + (j * height / 2), width / 2, dimensions == 2 ? height / 2 : height));
                }
            }

            var integrals = Integrals(dimensions, children, values);
            var each = 2 * dimensions;
            var (openBoxes, open) = (new List<(double X, double Y, double Width, double Height)>(), new List<double>());
            for (var b = 0; b < boxes.Count; b++)
            {
                var sum = 0.0;
                for (var c = 0; c < each; c++)
                    sum += integrals[(each * b) + c];

                // The halves' own error is many times smaller than what they differ by, and of either sign.
                if (Math.Abs(sum - known[b]) <= tolerance / 50 || level == last)
                {
                    total += sum;
                    continue;
                }

                for (var c = 0; c < each; c++)
                {
                    openBoxes.Add(children[(each * b) + c]);
                    open.Add(integrals[(each * b) + c]);
                }
            }

            (boxes, known) = (openBoxes, [.. open]);
        }

        return total;
    }

    private static double[] Integrals(int dimensions, List<(double X, double Y, double Width, double Height)> boxes, Func<double[], double[]> values)
    {
        var (points, weights) = (new List<double>(), new List<double>());
        foreach (var (x, y, width, height) in boxes)
        {
            for (var i = 0; i < Nodes; i++)
            {
                for (var j = 0; j < (dimensions == 2 ? Nodes : 1); j++)
                {
                    points.Add(x + (width * _rule.Places[i]));
                    if (dimensions == 2)
                        points.Add(y + (height * _rule.Places[j]));
                    weights.Add(width * _rule.Weights[i] * (dimensions == 2 ? height * _rule.Weights[j] : 1));
                }
            }
        }

        var perBox = dimensions == 2 ? Nodes * Nodes : Nodes;
        var integrals = new double[boxes.Count];
        for (var first = 0; first < weights.Count; first += Block)
        {
            var rows = Math.Min(Block, weights.Count - first);
            var block = values([.. points.GetRange(first * dimensions, rows * dimensions)]);
            for (var row = 0; row < rows; row++)
                integrals[(first + row) / perBox] += weights[first + row] * block[row];
        }

        return integrals;
    }
}
