using FlowCore.Manifolds;
using FlowCore.Numerics;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>e^ld of the evaluation integrates to the volume of the manifold, so every density integrates to one.</summary>
[TestFixture]
internal sealed class CompactLayerIntegralTests
{
    private const int Block = 4096;
    private const int Nodes = 6;

    // The identity and turns have no ld. Of the sphere, where an integral takes many points, one of each kind of map.
    private static readonly IReadOnlyList<CompactLayer> _layers =
    [
        .. CompactLayer.All.Where(layer => layer.Letter is 'r' or 'm' or 'o'),
        .. CompactLayer.All.Where(layer => layer.Letter is 'f' or 'v' or 'n').Where(layer => layer.Options.Any(option => option.Name is
            "add_correlated_rq_spline_flow" or "vertical_smooth" or "boundary_cos_theta_identity_region" or "mean_parametrization") || layer.Options.Length == 0),
        new('c', Manifold.Sphere, ("steps", 8), ("cnf_network_hidden_dims", "8")),
    ];

    private static readonly (double[] Places, double[] Weights) _rule = GaussLegendre.OnUnitInterval(Nodes);

    [Test]
    public void Densities_integrate_to_one([ValueSource(nameof(_layers))] CompactLayer tested)
    {
        var layer = tested.Create<double>();
        var numbers = CompactLayer.Numbers(layer, 0.3, 11);
        using var evaluation = new LayerEvaluation<double>(layer, Block);

        // Where knots lie across both coordinates, the boxes that they cross converge slowly.
        var isCrossed = tested.HasNetwork || tested.Options.Any(option => option.Value.Text == "splines");
        var tolerance = isCrossed ? 1e-5 : 1e-6;
        var integral = Integral(tested.Manifold.Kind, states => evaluation.Apply(sample: false, states, numbers, areShared: true).LogDet, tolerance);
        Assert.That(integral, Is.EqualTo(1).Within(tolerance));
    }

    // The mean of e^ld: over boxes that are halved in every direction until the parts agree with the whole.
    private static double Integral(ManifoldKind kind, Func<double[], double[]> logDet, double tolerance)
    {
        var isSphere = kind == ManifoldKind.Sphere;
        var parts = isSphere ? 4 : 16;
        var boxes = new List<(double X, double Y, double Width, double Height)>();
        for (var i = 0; i < parts; i++)
        {
            for (var j = 0; j < (isSphere ? parts : 1); j++)
                boxes.Add((i / (double)parts, j / (double)parts, 1.0 / parts, isSphere ? 1.0 / parts : 1));
        }

        var (total, last) = (0.0, isSphere ? 7 : 16);
        var known = Means(kind, boxes, logDet);
        for (var level = 0; level <= last && boxes.Count > 0; level++)
        {
            var children = new List<(double X, double Y, double Width, double Height)>();
            foreach (var (x, y, width, height) in boxes)
            {
                for (var i = 0; i < 2; i++)
                {
                    for (var j = 0; j < (isSphere ? 2 : 1); j++)
                        children.Add((x + (i * width / 2), y + (j * height / 2), width / 2, isSphere ? height / 2 : height));
                }
            }

            var means = Means(kind, children, logDet);
            var each = isSphere ? 4 : 2;
            var (openBoxes, openMeans) = (new List<(double X, double Y, double Width, double Height)>(), new List<double>());
            for (var b = 0; b < boxes.Count; b++)
            {
                var sum = 0.0;
                for (var c = 0; c < each; c++)
                    sum += means[(each * b) + c];

                // The halves' own error is many times smaller than what they differ by, and of either sign.
                if (Math.Abs(sum - known[b]) <= tolerance / 50 || level == last)
                {
                    total += sum;
                    continue;
                }

                for (var c = 0; c < each; c++)
                {
                    openBoxes.Add(children[(each * b) + c]);
                    openMeans.Add(means[(each * b) + c]);
                }
            }

            (boxes, known) = (openBoxes, [.. openMeans]);
        }

        return total;
    }

    private static double[] Means(ManifoldKind kind, List<(double X, double Y, double Width, double Height)> boxes, Func<double[], double[]> logDet)
    {
        var isSphere = kind == ManifoldKind.Sphere;
        var (states, weights) = (new List<double>(), new List<double>());
        foreach (var (x, y, width, height) in boxes)
        {
            for (var i = 0; i < Nodes; i++)
            {
                var a = x + (width * _rule.Places[i]);
                for (var j = 0; j < (isSphere ? Nodes : 1); j++)
                {
                    if (isSphere)
                    {
                        var (z, azimuth) = ((2 * a) - 1, 2 * Math.PI * (y + (height * _rule.Places[j])));
                        var rho = 2 * Math.Sqrt(a * (1 - a));
                        states.AddRange([rho * Math.Cos(azimuth), rho * Math.Sin(azimuth), z]);
                        weights.Add(width * height * _rule.Weights[i] * _rule.Weights[j]);
                    }
                    else
                    {
                        states.Add(kind == ManifoldKind.Circle ? 2 * Math.PI * (a - 0.5) : a);
                        weights.Add(width * _rule.Weights[i]);
                    }
                }
            }
        }

        var columns = isSphere ? 3 : 1;
        var perBox = isSphere ? Nodes * Nodes : Nodes;
        var means = new double[boxes.Count];
        for (var first = 0; first < weights.Count; first += Block)
        {
            var rows = Math.Min(Block, weights.Count - first);
            var values = logDet([.. states.GetRange(first * columns, rows * columns)]);
            for (var row = 0; row < rows; row++)
                means[(first + row) / perBox] += weights[first + row] * Math.Exp(values[row]);
        }

        return means;
    }
}
