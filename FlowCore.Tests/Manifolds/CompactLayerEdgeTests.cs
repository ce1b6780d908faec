using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Poles, ends and the cut of the circle: results and gradients are finite there, on the manifold, and lead back.</summary>
[TestFixture]
internal sealed class CompactLayerEdgeTests
{
    private static readonly IReadOnlyList<CompactLayer> _layers = [.. CompactLayer.All, new('c', Manifold.Sphere, ("steps", 32))];

    [Test]
    public void Edges_are_points_like_others([ValueSource(nameof(_layers))] CompactLayer layer) => Check<double>(layer, 1e-7);

    // Near a pole a height that is rounded to 6·10⁻⁸ stands for distances up to the root of it.
    [Test]
    public void Edges_are_points_like_others_in_single_precision([ValueSource(nameof(_layers))] CompactLayer layer) => Check<float>(layer, 2e-3);

    [TestCase(0)]
    [TestCase(1e-9)]
    [TestCase(1e-4)]
    [TestCase(0.3)]
    [TestCase(29)]
    [TestCase(31)]
    [TestCase(1e4)]
    public void The_zoom_is_right_for_every_concentration_in_single_precision(double kappa)
    {
        var points = new List<double>();
        for (var i = 0; i <= 40; i++)
        {
            var angle = Math.PI * i / 40;
            points.AddRange([Math.Sin(angle) * 0.6, Math.Sin(angle) * 0.8, Math.Cos(angle)]);
        }

        var single = Zoom(points.ConvertAll(value => (float)value), (float)kappa, sample: false);
        var precise = Zoom(points.ConvertAll(value => (double)(float)value), (float)kappa, sample: false);
        for (var i = 0; i < single.LogDet.Length; i++)
        {
            // Of the exponent 2κU a rounding is seen, and of U what the rounding of n makes of it.
            Assert.That(single.LogDet[i], Is.EqualTo(precise.LogDet[i]).Within(1e-6 * (1 + Math.Abs(precise.LogDet[i]) + kappa)), $"ld of {i}");
            for (var j = 0; j < 3; j++)
                Assert.That(single.Points[(3 * i) + j], Is.EqualTo(precise.Points[(3 * i) + j]).Within(2e-6 * (1 + (0.1 * kappa))), $"point {i}");
        }

        // A point of the uniform law is not far in the tail, where the image tells the depth no more.
        var back = Zoom([.. precise.Points], kappa, sample: true);
        for (var i = 0; i < precise.LogDet.Length; i++)
        {
            if (precise.LogDet[i] < -25)
                continue;
            for (var j = 0; j < 3; j++)
                Assert.That(back.Points[(3 * i) + j], Is.EqualTo(points[(3 * i) + j]).Within(1e-6), $"back to point {i}");
        }
    }

    private static (double[] Points, double[] LogDet) Zoom<T>(List<T> points, T kappa, bool sample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var kernels = Device.Cpu.CreateKernels<T>();
        using var tape = new Tape<T>(kernels);
        tape.Begin(points.Count / 3, record: false);
        var input = tape.Input([.. points], 3);
        var image = sample
            ? FisherZoom<T>.Sample(input, tape.Constant(kappa), isSouth: false, out var logDet)
            : FisherZoom<T>.Evaluate(input, tape.Constant(kappa), isSouth: false, out logDet);
        return (Read(tape, image), Read(tape, logDet));
    }

    private static void Check<T>(CompactLayer tested, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layer = tested.Create<T>();
        var numbers = CompactLayer.Numbers(tested.Create<double>(), 0.3, 5);
        var states = Edges<T>(tested.Manifold);
        var rows = states.Length / tested.Manifold.StateColumns;
        using var kernels = Device.Cpu.CreateKernels<T>();
        using var tape = new Tape<T>(kernels);
        foreach (var sample in (bool[])[false, true])
        {
            tape.Begin(rows, record: true);
            var input = tape.Input(states, tested.Manifold.StateColumns, requiresAdjoint: true);
            var parameters = numbers.Length == 0 ? default : tape.SharedRow(Array.ConvertAll(numbers, T.CreateTruncating), requiresAdjoint: true);
            var image = LayerEvaluation<T>.Map(layer, sample, input, parameters, out var logDet);
            var back = LayerEvaluation<T>.Map(layer, !sample, image.StopGradient(), parameters, out _);
            var (values, returned) = (Read(tape, image), Read(tape, back));
            Assert.That(values, Has.All.Matches<double>(double.IsFinite), $"sample {sample}: values");
            Assert.That(Read(tape, logDet), Has.All.Matches<double>(double.IsFinite), $"sample {sample}: ld");
            for (var i = 0; i < values.Length; i++)
            {
                var expected = double.CreateTruncating(states[i]);
                var found = tested.Manifold.Kind == ManifoldKind.Circle ? expected + Math.IEEERemainder(returned[i] - expected, 2 * Math.PI) : returned[i];
                Assert.That(found, Is.EqualTo(expected).Within(tolerance), $"sample {sample}: number {i} of the states and back");
            }

            for (var row = 0; row < rows && tested.Manifold.Kind == ManifoldKind.Sphere; row++)
            {
                var square = (values[3 * row] * values[3 * row]) + (values[(3 * row) + 1] * values[(3 * row) + 1]) + (values[(3 * row) + 2] * values[(3 * row) + 2]);
                Assert.That(square, Is.EqualTo(1).Within(1e-6), $"sample {sample}: length of row {row}");
            }

            tape.Backward((image.SumColumns() + logDet).SumRows(), [T.One]);
            var adjoint = new T[states.Length];
            tape.ReadAdjoint(input, adjoint);
            Assert.That(adjoint, Has.All.Matches<T>(T.IsFinite), $"sample {sample}: gradients by the states");
            if (parameters.IsNone)
                continue;
            var gradient = new T[numbers.Length];
            tape.ReadAdjoint(parameters, gradient);
            Assert.That(gradient, Has.All.Matches<T>(T.IsFinite), $"sample {sample}: gradients by the parameters");
        }
    }

    private static T[] Edges<T>(Manifold manifold)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] edges = manifold.Kind switch
        {
            ManifoldKind.Interval => [0, 1, 1e-30, 1e-7, 1 - 1e-7, 0.5],
            ManifoldKind.Circle => [Math.PI, -Math.PI, 0, 1e-20, -1e-20, 3.14159, -3.14159, 2 * Math.PI, 7],
            _ => [0, 0, 1, 0, 0, -1, 1e-10, 0, 1, 0, -1e-10, -1, 1e-20, 1e-20, 1, 1, 0, 0, -1, 0, 0, 0, 1, 0, 6e-4, 8e-4, -Math.Sqrt(1 - 1e-6)],
        };
        return Array.ConvertAll(edges, T.CreateTruncating);
    }

    private static double[] Read<T>(Tape<T> tape, Variable<T> variable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[variable.Rows * variable.Columns];
        tape.ReadValue(variable, values);
        return Array.ConvertAll(values, double.CreateTruncating);
    }
}
