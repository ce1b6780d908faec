using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Chains of reflections against the matrix of each, and where a vector is zero.</summary>
[TestFixture]
internal sealed class ReflectionOperationTests
{
    private static readonly double[] _x = [1, -2, 0.5, 0.3, 0.7, -1.1, 4, 0, -3, 0.2, 0.1, -0.6];

    // Two vectors in three dimensions; the second set has a vector of zeros first.
    private static readonly double[] _vectors = [0.6, -1.2, 2, 1, 0.3, -0.4];
    private static readonly double[] _withZero = [0, 0, 0, 1, 0.3, -0.4];

    [Test]
    public void Rows_are_multiplied_by_the_matrices_of_the_reflections([Values] bool reversed, [Values] bool isShared, [Values] bool hasZero)
    {
        var vectors = hasZero ? _withZero : _vectors;
        var y = Reflected(vectors, reversed, isShared);
        for (var row = 0; row < 4; row++)
        {
            var expected = _x.AsSpan(3 * row, 3).ToArray();
            foreach (var first in reversed ? (int[])[3, 0] : [0, 3])
                expected = Multiply(Reflection(vectors.AsSpan(first, 3)), expected);
            for (var i = 0; i < 3; i++)
                Assert.That(y[(3 * row) + i], Is.EqualTo(expected[i]).Within(1e-14)); // sums of numbers up to 4
        }
    }

    [Test]
    public void The_reversed_chain_is_the_inverse()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(4, record: false);
        var vectors = tape.Constant(_vectors);
        var back = ReflectionOperation<double>.Of(reversed: true).Apply(ReflectionOperation<double>.Of(reversed: false).Apply(tape.Input(_x, 3), vectors), vectors);
        var numbers = new double[_x.Length];
        tape.ReadValue(back, numbers);
        Assert.That(numbers, Is.EqualTo(_x).Within(1e-14));
    }

    [Test]
    public void Adjoints_and_tangents_are_those_of_differences([Values] bool reversed, [Values] bool isShared)
    {
        var check = new GradientCheck(4).Block(_x, 3);
        if (isShared)
            check.SharedRow(_vectors);
        else
            check.Block([.. _vectors, 1, 2, 3, -1, 0.5, 0.2, .. _vectors, 0.1, 0.2, -0.1, 3, 1, 0], 6);
        var operation = ReflectionOperation<double>.Of(reversed);
        Assert.That(check.Run((_, leaves) => operation.Apply(leaves[0], leaves[1])).Relative, Is.LessThan(1e-7));
        var tangents = new GradientCheck(4).Block(_x, 3).SharedRow(_vectors).Block([1, -2, 0.5, 3, 2, 1, -1, 1, 0.1, 0.2, 0.3, 0.4], 3)
            .Run((tape, leaves) => tape.PushForward(operation.Apply(leaves[0], leaves[1]), leaves[0], leaves[2]));
        Assert.That(tangents.Relative, Is.LessThan(1e-7));
    }

    [Test]
    public void A_vector_of_zeros_has_the_adjoint_zero_and_disturbs_no_other()
    {
        using var kernels = Device.Cpu.CreateKernels<float>();
        using var tape = new Tape<float>(kernels);
        tape.Begin(4, record: true);
        var x = tape.Input(Array.ConvertAll(_x, value => (float)value), 3);
        var vectors = tape.SharedRow(Array.ConvertAll(_withZero, value => (float)value), requiresAdjoint: true);
        var y = ReflectionOperation<float>.Of(reversed: false).Apply(x, vectors);
        tape.Backward(y, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        var adjoint = new float[6];
        tape.ReadAdjoint(vectors, adjoint);
        Assert.That(adjoint.AsSpan(0, 3).ToArray(), Is.All.Zero);
        Assert.That(adjoint.AsSpan(3).ToArray(), Has.Some.Not.Zero.And.All.Matches<float>(float.IsFinite));
    }

    [Test]
    public void Vectors_of_another_length_are_refused()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(4, record: false);
        Assert.That(
            () => ReflectionOperation<double>.Of(reversed: false).Apply(tape.Input(_x, 3), tape.Constant([1.0, 2, 3, 4])),
            Throws.ArgumentException.With.Message.Contains("Expected vectors of 3 numbers"));
    }

    private static double[] Reflected(double[] vectors, bool reversed, bool isShared)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(4, record: false);
        var given = isShared ? tape.Constant(vectors) : tape.Input([.. vectors, .. vectors, .. vectors, .. vectors], 6);
        var numbers = new double[_x.Length];
        tape.ReadValue(ReflectionOperation<double>.Of(reversed).Apply(tape.Input(_x, 3), given), numbers);
        return numbers;
    }

    private static double[,] Reflection(ReadOnlySpan<double> v)
    {
        var square = (v[0] * v[0]) + (v[1] * v[1]) + (v[2] * v[2]);
        var matrix = new double[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
                matrix[i, j] = (i == j ? 1 : 0) - (square > 0 ? 2 * v[i] * v[j] / square : 0);
        }

        return matrix;
    }

    private static double[] Multiply(double[,] matrix, double[] x)
    {
        var y = new double[3];
        for (var i = 0; i < 3; i++)
            y[i] = (matrix[i, 0] * x[0]) + (matrix[i, 1] * x[1]) + (matrix[i, 2] * x[2]);
        return y;
    }
}
