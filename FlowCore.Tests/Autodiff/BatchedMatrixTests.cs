using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Numerics;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>A small matrix in every row: values against the host's linear algebra, adjoints against differences.</summary>
[TestFixture]
public sealed class BatchedMatrixTests
{
    // As in OperationGradientTests: fourth-order differences with h = 1e-3.
    private const double Tolerance = 1e-8;

    // Sums of up to 32 terms of size 1, in systems of a condition number below a hundred.
    private const double Rounding = 1e-11;

    private static readonly int[] _rows = [1, 31, 32, 33, 100];

    private static readonly int[] _sizes = [1, 2, 3, 5, 32];

    [Test]
    public void Products_are_those_of_a_plain_loop([ValueSource(nameof(_rows))] int rows, [Values] bool transposeA, [Values] bool transposeB)
    {
        var a = Numbers(rows * 6, 0);
        var b = Numbers(rows * 12, 1);
        var c = Values(rows, a, 6, b, 12, (x, y) => x.BatchedMultiply(y, 2, 3, 4, transposeA, transposeB));
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < 2; i++)
            {
                for (var j = 0; j < 4; j++)
                {
                    var sum = 0.0;
                    for (var k = 0; k < 3; k++)
                        sum += a[(row * 6) + (transposeA ? (k * 2) + i : (i * 3) + k)] * b[(row * 12) + (transposeB ? (j * 3) + k : (k * 4) + j)];
                    Assert.That(c[(row * 8) + (i * 4) + j], Is.EqualTo(sum).Within(Rounding));
                }
            }
        }
    }

    [Test]
    public void Products_of_blocks_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows, [Values] bool transposeA, [Values] bool transposeB) =>
        Check(
            new GradientCheck(rows).Block(Numbers(rows * 6, 0), 6).Block(Numbers(rows * 12, 1), 12),
            (_, leaves) => leaves[0].BatchedMultiply(leaves[1], 2, 3, 4, transposeA, transposeB).Square());

    [Test]
    public void Products_with_shared_matrices_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows, [Values] bool transposeA, [Values] bool transposeB)
    {
        var first = new Parameter<double>("first", transposeA ? 3 : 2, transposeA ? 2 : 3);
        first.Write(Numbers(6, 2));
        using var store = new ParameterStore<double>(Device.Cpu, [first]);
        Check(
            new GradientCheck(rows).Block(Numbers(rows * 12, 1), 12).SharedRow(Numbers(12, 3)).Parameters(store),
            (tape, leaves) => tape.Use(first).BatchedMultiply(leaves[0], 2, 3, 4, transposeA, transposeB)
                * tape.Use(first).BatchedMultiply(leaves[1], 2, 3, 4, transposeA, transposeB)
                * leaves[0].Slice(0, 6).BatchedMultiply(leaves[1], 2, 3, 4, transposeA, transposeB));
    }

    [Test]
    public void Triangular_systems_have_the_gradient_of_differences(
        [ValueSource(nameof(_rows))] int rows, [Values] bool upper, [Values] bool transposed, [Values] bool unitDiagonal) =>
        Check(
            new GradientCheck(rows).Block(Dominant(rows, 3), 9).Block(Numbers(rows * 6, 1), 6),
            (_, leaves) => leaves[0].BatchedTriangularSolve(leaves[1], 3, 2, upper, transposed, unitDiagonal).Square());

    [Test]
    public void Triangular_systems_with_shared_operands_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows, [Values] bool upper, [Values] bool transposed) =>
        Check(
            new GradientCheck(rows).Block(Dominant(rows, 3), 9).Block(Numbers(rows * 6, 1), 6).SharedRow(Dominant(1, 3)).SharedRow(Numbers(6, 2)),
            (_, leaves) => leaves[2].BatchedTriangularSolve(leaves[1], 3, 2, upper, transposed)
                * leaves[0].BatchedTriangularSolve(leaves[3], 3, 2, upper, transposed)
                * leaves[2].BatchedTriangularSolve(leaves[3], 3, 2, upper, transposed));

    [Test]
    public void Triangular_solutions_solve_their_systems([ValueSource(nameof(_sizes))] int n, [Values] bool upper)
    {
        var a = Dominant(33, n);
        var b = Numbers(33 * n, 1);
        var x = Values(33, a, n * n, b, n, (matrix, right) => matrix.BatchedTriangularSolve(right, n, upper: upper));
        for (var row = 0; row < 33; row++)
        {
            var expected = b.AsSpan(row * n, n).ToArray();
            TriangularMatrix.Solve(a.AsSpan(row * n * n, n * n), n, upper, transposed: false, unitDiagonal: false, expected, 1);
            Assert.That(x.AsSpan(row * n, n).ToArray(), Is.EqualTo(expected).Within(Rounding));
        }
    }

    [Test]
    public void Cholesky_factors_and_determinants_are_those_of_the_host([ValueSource(nameof(_sizes))] int n)
    {
        var a = Dominant(33, n);
        var lower = Values(33, a, n * n, [], 0, (matrix, _) => matrix.BatchedCholesky(n, out var _));
        var logDet = Values(33, a, n * n, [], 0, (matrix, _) =>
        {
            matrix.BatchedCholesky(n, out var result);
            return result;
        });
        for (var row = 0; row < 33; row++)
        {
            var expected = a.AsSpan(row * n * n, n * n).ToArray();
            Assert.That(CholeskyDecomposition.Factor(expected, n), Is.True);
            Assert.That(lower.AsSpan(row * n * n, n * n).ToArray(), Is.EqualTo(expected).Within(Rounding));
            Assert.That(logDet[row], Is.EqualTo(2 * Enumerable.Range(0, n).Sum(i => Math.Log(expected[(i * n) + i]))).Within(Rounding));
        }
    }

    [Test]
    public void Cholesky_factors_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows, [Values(1, 2, 4)] int n) =>
        Check(new GradientCheck(rows).Block(Dominant(rows, n), n * n), (_, leaves) => leaves[0].BatchedCholesky(n, out var logDet).Square() * (logDet + 1.0));

    [Test]
    public void Logarithms_of_Cholesky_determinants_alone_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Dominant(rows, 3), 9), (_, leaves) =>
        {
            leaves[0].BatchedCholesky(3, out var logDet);
            return logDet;
        });

    [Test]
    public void A_matrix_that_is_not_positive_definite_is_its_row_s_NaN_alone()
    {
        var logDet = Values(2, [1, 2, 2, 1, 4, 0, 0, 4], 4, [], 0, (matrix, _) =>
        {
            matrix.BatchedCholesky(2, out var result);
            return result;
        });
        Assert.That(logDet[0], Is.NaN);
        Assert.That(logDet[1], Is.EqualTo(Math.Log(16)).Within(1e-15));
    }

    [Test]
    public void Solutions_by_LU_and_determinants_are_those_of_the_host([ValueSource(nameof(_sizes))] int n, [Values] bool transposed)
    {
        // Rows are exchanged in ways that differ from event to event.
        var a = Numbers(33 * n * n, 0);
        var b = Numbers(33 * n * 2, 1);
        var x = Values(33, a, n * n, b, n * 2, (matrix, right) => matrix.BatchedLu(n).Solve(right, 2, transposed));
        var logAbsDet = Values(33, a, n * n, [], 0, (matrix, _) => matrix.BatchedLu(n).LogAbsDeterminant);
        var signs = Values(33, a, n * n, [], 0, (matrix, _) => matrix.BatchedLu(n).Sign);
        for (var row = 0; row < 33; row++)
        {
            var factors = a.AsSpan(row * n * n, n * n).ToArray();
            var pivots = new int[n];
            Assert.That(LuDecomposition.Factor(factors, n, pivots), Is.EqualTo(-1));
            var expected = b.AsSpan(row * n * 2, n * 2).ToArray();
            if (transposed)
                LuDecomposition.SolveTransposed(factors, n, pivots, expected, 2);
            else
                LuDecomposition.Solve(factors, n, pivots, expected, 2);

            // Both solve the same system backward stably; the condition number, here up to 10⁴, separates them.
            Assert.That(x.AsSpan(row * n * 2, n * 2).ToArray(), Is.EqualTo(expected).Within(Rounding * 100 * expected.Max(Math.Abs)));
            Assert.That(logAbsDet[row], Is.EqualTo(LuDecomposition.LogAbsDeterminant(factors, n, pivots, out var sign)).Within(Rounding * 100));
            Assert.That(signs[row], Is.EqualTo(sign));
        }
    }

    [Test]
    public void Solutions_by_LU_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows, [Values] bool transposed) =>
        Check(new GradientCheck(rows).Block(Exchanged(rows, 3), 9).Block(Numbers(rows * 6, 1), 6), (_, leaves) =>
        {
            var lu = leaves[0].BatchedLu(3);
            return lu.Solve(leaves[1], 2, transposed).Square() + (lu.LogAbsDeterminant * lu.Sign);
        });

    [Test]
    public void Solutions_by_LU_with_shared_operands_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows, [Values] bool transposed) =>
        Check(
            new GradientCheck(rows).Block(Exchanged(rows, 3), 9).Block(Numbers(rows * 6, 1), 6).SharedRow(Exchanged(1, 3)).SharedRow(Numbers(6, 2)),
            (_, leaves) => leaves[2].BatchedLu(3).Solve(leaves[1], 2, transposed) * leaves[0].BatchedLu(3).Solve(leaves[3], 2, transposed)
                * (leaves[2].BatchedLu(3).Solve(leaves[3], 2, transposed) + leaves[2].BatchedLu(3).LogAbsDeterminant));

    [Test]
    public void A_singular_matrix_is_its_row_s_minus_infinity_alone()
    {
        // Rank 1: after the first step nothing is left to eliminate.
        double[] a = [1, 2, 3, 2, 4, 6, 3, 6, 9, 0, 0, 2, 0, 2, 0, 2, 0, 0];
        var logAbsDet = Values(2, a, 9, [], 0, (matrix, _) => matrix.BatchedLu(3).LogAbsDeterminant);
        Assert.That(logAbsDet[0], Is.EqualTo(double.NegativeInfinity));
        Assert.That(logAbsDet[1], Is.EqualTo(Math.Log(8)).Within(1e-15));
        Assert.That(Values(2, a, 9, [], 0, (matrix, _) => matrix.BatchedLu(3).Sign)[1], Is.EqualTo(-1));
    }

    [Test]
    public void Float_matrices_of_32_rows_are_solved_to_their_precision()
    {
        const int n = 32;
        using var kernels = Device.Cpu.CreateKernels<float>();
        using var tape = new Tape<float>(kernels);
        tape.Begin(33, record: false);
        var a = tape.Input(Array.ConvertAll(Dominant(33, n), number => (float)number), n * n);
        var b = tape.Input(Array.ConvertAll(Numbers(33 * n, 1), number => (float)number), n);
        var back = a.BatchedMultiply(a.BatchedLu(n).Solve(b), n, n, 1) - b;
        var residual = new float[33 * n];
        tape.ReadValue(back, residual);

        // Sums of 32 terms of size 1.
        Assert.That(residual.Max(Math.Abs), Is.LessThan(32 * 6e-8 * 10));
    }

    [Test]
    public void Operands_of_other_sizes_are_refused()
    {
        Assert.That(
            () => Values(1, Numbers(6, 0), 6, Numbers(6, 1), 6, (a, b) => a.BatchedMultiply(b, 2, 3, 4)),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("b").And.Message.Contains("3 × 4 numbers a row").And.Message.Contains("a block [1, 6]"));
        Assert.That(() => Values(1, Numbers(6, 0), 6, [], 0, (a, _) => a.BatchedLu(2).Sign), Throws.ArgumentException.With.Property("ParamName").EqualTo("a"));
        Assert.That(() => Values(1, Numbers(6, 0), 6, [], 0, (a, _) => a.BatchedCholesky(0, out var _)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_row_s_numbers_do_not_depend_on_its_neighbours()
    {
        var a = Numbers(33 * 16, 0);
        var together = Values(33, a, 16, [], 0, All);
        var alone = Values(1, a.AsSpan(7 * 16, 16).ToArray(), 16, [], 0, All);
        Assert.That(together.AsSpan(7 * alone.Length, alone.Length).ToArray(), Is.EqualTo(alone));

        static Variable<double> All(Variable<double> a, Variable<double> b)
        {
            var lu = a.BatchedLu(4);
            return VariableFunctions.Concatenate(lu.LogAbsDeterminant, lu.Solve(a, 4), a.BatchedMultiply(a, 4, 4, 4), a.BatchedTriangularSolve(a, 4, 4));
        }
    }

    private static double[] Values(
        int rows, double[] a, int columns, double[] b, int otherColumns, Func<Variable<double>, Variable<double>, Variable<double>> function)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(rows, record: false);
        var y = function(tape.Input(a, columns), otherColumns == 0 ? default : tape.Input(b, otherColumns));
        var values = new double[y.Rows * y.Columns];
        tape.ReadValue(y, values);
        return values;
    }

    private static void Check(GradientCheck check, Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        var deviation = check.Run(function);
        Assert.That(deviation.Relative, Is.LessThan(Tolerance), deviation.ToString());
    }

    // Numbers in [−1, 1].
    private static double[] Numbers(int length, int seed)
    {
        var random = new System.Random(seed);
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
            numbers[i] = (2 * random.NextDouble()) - 1;
        return numbers;
    }

    // Matrices with a large diagonal: as symmetric ones positive definite, as triangular ones well-conditioned.
    private static double[] Dominant(int rows, int n)
    {
        var numbers = Array.ConvertAll(Numbers(rows * n * n, 5), number => number / n);
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] += i % (n * n) % (n + 1) == 0 ? 2 : 0;
        return numbers;
    }

    // Matrices whose large numbers lie in other rows from event to event, with 2 to spare, so that differences do not change the pivot.
    private static double[] Exchanged(int rows, int n)
    {
        var numbers = Array.ConvertAll(Numbers(rows * n * n, 6), number => number / n);
        for (var i = 0; i < numbers.Length; i++)
        {
            var element = i % (n * n);
            numbers[i] += ((element / n) + (i / (n * n))) % n == element % n ? 2 : 0;
        }

        return numbers;
    }
}
