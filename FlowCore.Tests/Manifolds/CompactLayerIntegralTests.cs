using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>e^ld of the evaluation integrates to the volume of the manifold, so every density integrates to one.</summary>
[TestFixture]
internal sealed class CompactLayerIntegralTests
{
    private const int Block = 4096;

    // The identity and turns have no ld.
    private static readonly IReadOnlyList<CompactLayer> _layers =
    [
        .. CompactLayer.All.Where(layer => layer.Letter is not ('z' or 'y') && !IsReal(layer)),
        new('c', Manifold.Sphere, ("steps", 8), ("cnf_network_hidden_dims", "8")),
    ];

    // Without a turn, so that the poles of the map are those of the coordinates below.
    private static readonly IReadOnlyList<CompactLayer> _realZeniths =
        [.. ((string[])["xt", "g", "gt", "p"]).Select(letters => new CompactLayer('n', Manifold.Sphere, ("zenith_type_layers", letters), ("add_rotation", 0), ("hidden_dims", "8")))];

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

    // Straight lines in l = ln U − ln V, U = (1 − n_z)/2, make densities that grow like a power of U or of V towards a pole: infinite there where the slope of z over l is below 1, yet of a finite
    // integral. Over l the integrand is a smooth one, dU = U V dl, with tails of exponentials: l = sinh(t), |t| < 7 reaches U = 10^-238.
    [Test]
    public void Densities_that_are_infinite_at_a_pole_integrate_to_one([ValueSource(nameof(_realZeniths))] CompactLayer tested)
    {
        const double reach = 7;
        const double tolerance = 1e-6;
        var layer = tested.Create<double>();
        var numbers = CompactLayer.Numbers(layer, 0.3, 11);
        using var evaluation = new LayerEvaluation<double>(layer, Block);
        var integral = UnitIntegral.Of(2, Values, tolerance, parts: 8, last: 7);
        Assert.That(integral, Is.EqualTo(1).Within(tolerance));

        double[] Values(double[] points)
        {
            var (states, measures) = (new List<double>(), new double[points.Length / 2]);
            for (var i = 0; i < measures.Length; i++)
            {
                var (t, azimuth) = (reach * ((2 * points[2 * i]) - 1), 2 * Math.PI * points[(2 * i) + 1]);
                var half = Math.Sinh(t) / 2;
                var rho = 1 / Math.Cosh(half);
                states.AddRange([rho * Math.Cos(azimuth), rho * Math.Sin(azimuth), -Math.Tanh(half)]);
                measures[i] = rho * rho / 4 * Math.Cosh(t) * 2 * reach;
            }

            var logDets = evaluation.Apply(sample: false, [.. states], numbers, areShared: true).LogDet;
            return [.. logDets.Select((logDet, i) => Math.Exp(logDet) * measures[i])];
        }
    }

    private static bool IsReal(CompactLayer layer) => layer.Options.Any(option => option.Value.Text == "xt");

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
