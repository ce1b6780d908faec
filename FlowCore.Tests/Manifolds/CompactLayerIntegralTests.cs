using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>e^ld of the evaluation integrates to the volume of the manifold, so every density integrates to one.</summary>
[TestFixture]
internal sealed class CompactLayerIntegralTests
{
    private const int Block = 4096;

    // The identity and turns have no ld. Lines in ln U − ln V make densities that are infinite at a pole, where no rule of points converges.
    private static readonly IReadOnlyList<CompactLayer> _layers =
    [
        .. CompactLayer.All.Where(layer => layer.Letter is not ('z' or 'y') && layer.Options.All(option => option.Value.Text != "xt")),
        new('c', Manifold.Sphere, ("steps", 8), ("cnf_network_hidden_dims", "8")),
    ];

    [Test]
    public void Densities_integrate_to_one([ValueSource(nameof(_layers))] CompactLayer tested)
    {
        var layer = tested.Create<double>();
        var numbers = CompactLayer.Numbers(layer, 0.3, 11);
        using var evaluation = new LayerEvaluation<double>(layer, Block);

        // Where knots lie across both coordinates, the boxes that they cross converge slowly.
        var isCrossed = tested.HasNetwork || tested.Options.Any(option => option.Value.Text == "splines");
        var tolerance = isCrossed ? 1e-5 : 1e-6;
        var kind = tested.Manifold.Kind;
        var isSphere = kind == ManifoldKind.Sphere;
        var integral = UnitIntegral.Of(
            isSphere ? 2 : 1,
            points => Array.ConvertAll(evaluation.Apply(sample: false, States(kind, points), numbers, areShared: true).LogDet, Math.Exp),
            tolerance, parts: isSphere ? 4 : 16, last: isSphere ? 7 : 16);
        Assert.That(integral, Is.EqualTo(1).Within(tolerance));
    }

    private static double[] States(ManifoldKind kind, double[] points)
    {
        if (kind != ManifoldKind.Sphere)
            return kind == ManifoldKind.Circle ? Array.ConvertAll(points, place => 2 * Math.PI * (place - 0.5)) : points;
        var states = new List<double>();
        for (var i = 0; i < points.Length; i += 2)
        {
            var (azimuth, rho) = (2 * Math.PI * points[i + 1], 2 * Math.Sqrt(points[i] * (1 - points[i])));
            states.AddRange([rho * Math.Cos(azimuth), rho * Math.Sin(azimuth), (2 * points[i]) - 1]);
        }

        return [.. states];
    }
}
