using FlowCore.Numerics;

namespace FlowCore.Tests.Manifolds;

/// <summary>Integrals over the unit line or square: over boxes that are halved in every direction until the parts agree with the whole.</summary>
/// <remarks>
/// Parts of a line have Lobatto's rule, whose nodes are the ends of a part, too: a kink between an end and the first node of Gauss and Legendre's rule is seen by neither the whole nor its halves, which
/// then agree on a wrong number. That rule serves the parts at 0 and at 1, where an integrand may be infinite, and squares: kinks there are lines that cross many boxes, of which few can hide.
/// </remarks>
internal static class UnitIntegral
{
    private const int Block = 4096;
    private const int Nodes = 6;
    private static readonly (double[] Places, double[] Weights) _outer = GaussLegendre.OnUnitInterval(Nodes);
    private static readonly (double[] Places, double[] Weights) _inner = LobattoOnUnitInterval();

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
            var (along, across) = (dimensions == 1 && x > 0 && x + (1.5 * width) < 1 ? _inner : _outer, _outer);
            for (var i = 0; i < Nodes; i++)
            {
                for (var j = 0; j < (dimensions == 2 ? Nodes : 1); j++)
                {
                    points.Add(x + (width * along.Places[i]));
                    if (dimensions == 2)
                        points.Add(y + (height * across.Places[j]));
                    weights.Add(width * along.Weights[i] * (dimensions == 2 ? height * across.Weights[j] : 1));
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

    // Abramowitz and Stegun 1964, equation 25.4.32: the ends and the roots of P_5', (7 ± 2√7)/21 squared.
    private static (double[] Places, double[] Weights) LobattoOnUnitInterval()
    {
        var root = Math.Sqrt(7);
        var (far, near) = (Math.Sqrt((7 + (2 * root)) / 21), Math.Sqrt((7 - (2 * root)) / 21));
        var (end, ofFar, ofNear) = (1 / 30.0, (14 - root) / 60, (14 + root) / 60);
        return ([0, (1 - far) / 2, (1 - near) / 2, (1 + near) / 2, (1 + far) / 2, 1], [end, ofFar, ofNear, ofNear, ofFar, end]);
    }
}
