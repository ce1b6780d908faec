using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Coordinates, states and base points of every kind of manifold.</summary>
[TestFixture]
internal sealed class ManifoldChartTests
{
    private static readonly Manifold[] _manifolds =
        [Manifold.Euclidean(3), Manifold.Circle, Manifold.Sphere, Manifold.Interval(), Manifold.Interval(-3, 3), Manifold.Interval(2, 5), Manifold.Simplex(1), Manifold.Simplex(2), Manifold.Simplex(4)];

    [TestCaseSource(nameof(_manifolds))]
    public void A_base_point_becomes_a_state_and_a_point_and_comes_back(Manifold manifold)
    {
        const int Rows = 64;
        WithTape(Rows, tape =>
        {
            var numbers = new double[Rows * manifold.BaseColumns];
            new FlowCore.Random.RandomStream(3).FillNormal<double>(numbers);
            var z = tape.Input(numbers, manifold.BaseColumns);
            foreach (var coordinates in Enum.GetValues<Coordinates>())
            {
                var x = ManifoldChart<double>.FromState(manifold, BaseChart<double>.FromBase(manifold, z), coordinates, out _);
                var back = ManifoldChart<double>.ToState(manifold, x, coordinates);

                // Angles and stick fractions carry a few roundings, which the quantile stretches where its density is small: 1/φ(3) is 200.
                AssertClose(Read(tape, BaseChart<double>.ToBase(manifold, back.State)), numbers, 1e-11);
                Assert.That(Read(tape, back.IsInside), Is.All.EqualTo(1.0));
            }
        });
    }

    [TestCaseSource(nameof(_manifolds))]
    public void The_image_of_the_normal_law_is_the_uniform_one(Manifold manifold)
    {
        if (!manifold.IsCompact)
            return;
        const int Rows = 16;
        WithTape(Rows, tape =>
        {
            var numbers = new double[Rows * manifold.BaseColumns];
            new FlowCore.Random.RandomStream(4).FillNormal<double>(numbers);
            var z = tape.Input(numbers, manifold.BaseColumns);
            var x = ManifoldChart<double>.FromState(manifold, BaseChart<double>.FromBase(manifold, z), Coordinates.Intrinsic, out var logMeasure);
            var points = Read(tape, x);
            var expected = Read(tape, logMeasure.IsNone ? tape.Zeros(1) : logMeasure + 0.0);
            var base0 = Read(tape, z.NormalLogDensity());
            for (var i = 0; i < Rows; i++)
            {
                // Central differences: a step of 1e-7 loses 1e-9 to rounding, and (1e-7/x)² to curvature near an end.
                var jacobian = Jacobian(manifold, points.AsSpan(i * manifold.IntrinsicColumns, manifold.IntrinsicColumns));
                Assert.That(base0[i] + Math.Log(Math.Abs(Determinant(jacobian))), Is.EqualTo(manifold.LogUniform + expected[i]).Within(1e-6), $"row {i}");
            }
        });
    }

    [Test]
    public void Ends_poles_and_corners_are_points_of_the_support()
    {
        AssertInside(Manifold.Interval(2, 5), Coordinates.Intrinsic, [2, 5]);
        AssertInside(Manifold.Circle, Coordinates.Intrinsic, [0, Math.PI, -Math.PI, 1e6]);
        AssertInside(Manifold.Sphere, Coordinates.Intrinsic, [0, 1, Math.PI, 7]);
        AssertInside(Manifold.Sphere, Coordinates.Embedding, [0, 0, 1, 0, 0, -1, 1, 0, 0]);
        AssertInside(Manifold.Simplex(2), Coordinates.Intrinsic, [0, 0, 1, 0, 0, 1, 0.5, 0.5, 1e-17, 0.2]);
        AssertInside(Manifold.Simplex(2), Coordinates.Embedding, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        AssertInside(Manifold.Category(3), Coordinates.Intrinsic, [0, 1, 2]);
        AssertInside(Manifold.Category(3), Coordinates.Embedding, [1, 0, 0, 0, 0, 1]);
    }

    [Test]
    public void Points_outside_are_marked()
    {
        AssertOutside(Manifold.Euclidean(2), Coordinates.Intrinsic, [double.PositiveInfinity, 0]);
        AssertOutside(Manifold.Interval(2, 5), Coordinates.Intrinsic, [Math.BitDecrement(2), Math.BitIncrement(5)]);
        AssertOutside(Manifold.Sphere, Coordinates.Intrinsic, [-1e-9, 0, 3.2, 0]);
        AssertOutside(Manifold.Sphere, Coordinates.Embedding, [0, 0, 1.001, 0.5, 0.5, 0.5]);
        AssertOutside(Manifold.Circle, Coordinates.Embedding, [1, 1]);
        AssertOutside(Manifold.Simplex(2), Coordinates.Intrinsic, [-1e-9, 0.5, 0.6, 0.5]);
        AssertOutside(Manifold.Simplex(2), Coordinates.Embedding, [0.5, 0.5, 0.5]);
        AssertOutside(Manifold.Category(3), Coordinates.Intrinsic, [-1, 3, 0.5]);
        AssertOutside(Manifold.Category(3), Coordinates.Embedding, [1, 1, 0, 0, 0, 0, 0.5, 0.5, 0]);
    }

    [TestCaseSource(nameof(_manifolds))]
    public void Base_points_of_the_boundary_are_finite(Manifold manifold)
    {
        double[]? points = manifold.Kind switch
        {
            ManifoldKind.Circle => [0, Math.PI, -1e-300, 1e-300],
            ManifoldKind.Sphere => [0, 0, Math.PI, 0, 1e-300, 2],
            ManifoldKind.Interval => [manifold.Lower, manifold.Upper],
            ManifoldKind.Simplex => [.. Enumerable.Range(0, manifold.Dimension + 1).SelectMany(i => Enumerable.Range(0, manifold.Dimension).Select(j => i == j ? 1.0 : 0.0))],
            _ => null,
        };
        if (points is null)
            return;
        var rows = points.Length / manifold.IntrinsicColumns;
        WithTape(rows, tape =>
        {
            var state = ManifoldChart<double>.ToState(manifold, tape.Input(points, manifold.IntrinsicColumns), Coordinates.Intrinsic).State;
            var z = Read(tape, BaseChart<double>.ToBase(manifold, state));

            // The quantile of the smallest normal number.
            Assert.That(z.Select(Math.Abs), Is.All.LessThan(38.6));
        });
    }

    private static void AssertInside(Manifold manifold, Coordinates coordinates, double[] points) => AssertMask(manifold, coordinates, points, 1);

    private static void AssertOutside(Manifold manifold, Coordinates coordinates, double[] points) => AssertMask(manifold, coordinates, points, 0);

    private static void AssertMask(Manifold manifold, Coordinates coordinates, double[] points, double expected)
    {
        var columns = coordinates == Coordinates.Intrinsic ? manifold.IntrinsicColumns : manifold.EmbeddingColumns;
        WithTape(points.Length / columns, tape =>
        {
            var point = ManifoldChart<double>.ToState(manifold, tape.Input(points, columns), coordinates);
            Assert.That(Read(tape, point.IsInside), Is.All.EqualTo(expected), manifold.ToString());
            Assert.That(Read(tape, point.State).Select(double.IsFinite), Is.All.True, manifold.ToString());
        });
    }

    private static double[,] Jacobian(Manifold manifold, ReadOnlySpan<double> point)
    {
        var d = point.Length;
        const double Step = 1e-7;
        var shifted = new double[2 * d * d];
        for (var k = 0; k < 2 * d; k++)
        {
            point.CopyTo(shifted.AsSpan(k * d));
            shifted[(k * d) + (k / 2)] += (k % 2 == 0 ? 1 : -1) * Step * (manifold.Upper - manifold.Lower);
        }

        var jacobian = new double[d, d];
        WithTape(2 * d, tape =>
        {
            var state = ManifoldChart<double>.ToState(manifold, tape.Input(shifted, d), Coordinates.Intrinsic).State;
            var z = Read(tape, BaseChart<double>.ToBase(manifold, state));
            for (var k = 0; k < d; k++)
            {
                for (var j = 0; j < d; j++)
                    jacobian[j, k] = (z[(2 * k * d) + j] - z[(((2 * k) + 1) * d) + j]) / (2 * Step * (manifold.Upper - manifold.Lower));
            }
        });
        return jacobian;
    }

    private static double Determinant(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var determinant = 1.0;
        for (var k = 0; k < n; k++)
        {
            var pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(matrix[i, k]));
            for (var j = 0; j < n; j++)
                (matrix[k, j], matrix[pivot, j]) = (matrix[pivot, j], matrix[k, j]);
            determinant *= matrix[k, k];
            for (var i = k + 1; i < n; i++)
            {
                for (var j = n - 1; j >= k; j--)
                    matrix[i, j] -= matrix[i, k] / matrix[k, k] * matrix[k, j];
            }
        }

        return determinant;
    }

    private static void WithTape(int rows, Action<Tape<double>> action)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(rows, record: false);
        action(tape);
    }

    private static double[] Read(Tape<double> tape, Variable<double> variable)
    {
        var values = new double[variable.Rows * variable.Columns];
        tape.ReadValue(variable, values);
        return values;
    }

    private static void AssertClose(double[] actual, double[] expected, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(tolerance), $"[{i}]");
    }
}
