using System.Numerics;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>Every kernel in every register width against the same kernel in <see cref="ScalarLane{T}"/>.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class CpuKernelsWidthTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Around the widths of 2, 4, 8 and 16 lanes, and of two registers of them.
    private static readonly int[] Lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100];

    private static readonly double Epsilon = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;

    // Reordered sums: at most 200 terms of size 1 to 30, each rounded once in either order.
    private static readonly double SumTolerance = 200 * 30 * Epsilon;

    private static readonly UnaryFunction[] Unaries = Enum.GetValues<UnaryFunction>();

    private static readonly BinaryFunction[] Binaries = Enum.GetValues<BinaryFunction>();

    private static readonly OptimiserRule[] Rules = Enum.GetValues<OptimiserRule>();

    [Test]
    public void Unary_functions_have_the_bits_of_the_scalar_formula([ValueSource(nameof(Unaries))] UnaryFunction function, [Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 3, Argument(function));
                var y = Make(kernels, block, rows, 3, (_, _) => 7);
                kernels.Unary(function, x, y);
                return [y];
            });
        }
    }

    [Test]
    public void Unary_adjoints_have_the_bits_of_the_scalar_formula([ValueSource(nameof(Unaries))] UnaryFunction function, [Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 3, Argument(function));
                var y = Make(kernels, block, rows, 3, (_, _) => 7);
                var dy = Make(kernels, block, rows, 3, Wave(0.3));
                var dx = Make(kernels, block, rows, 3, Wave(0.9));
                kernels.Unary(function, x, y);
                kernels.UnaryAdjoint(function, x, y, dy, dx);
                return [dx];
            });
        }
    }

    [Test]
    public void Binary_functions_have_the_bits_of_the_scalar_formula([ValueSource(nameof(Binaries))] BinaryFunction function)
    {
        foreach (var rows in Lengths)
        {
            foreach (var (first, second) in Shapes(rows))
            {
                Compare(0, kernels =>
                {
                    var a = Make(kernels, first, Wave(0.4));
                    var b = Make(kernels, second, Positive(0.7));
                    var y = Result(kernels, a, b);
                    kernels.Binary(function, a, b, y);
                    return [y];
                });
            }
        }
    }

    [Test]
    public void Binary_adjoints_agree_with_the_scalar_formula([ValueSource(nameof(Binaries))] BinaryFunction function)
    {
        foreach (var rows in Lengths)
        {
            foreach (var (first, second) in Shapes(rows))
            {
                Compare(SumTolerance, kernels =>
                {
                    var a = Make(kernels, first, Wave(0.4));
                    var b = Make(kernels, second, Positive(0.7));
                    var dy = Result(kernels, a, b);
                    var da = Make(kernels, first, Wave(0.1));
                    var db = Make(kernels, second, Wave(0.2));
                    kernels.BinaryAdjoint(function, a, b, dy, da, db);
                    return [da, db];
                });
            }
        }
    }

    [Test]
    public void Scale_and_shift_have_the_bits_of_the_scalar_formula([Values] bool block, [Values] bool accumulate)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 3, Wave(0.4));
                var y = Make(kernels, block, rows, 3, Wave(0.6));
                kernels.ScaleShift(x, T.CreateTruncating(1.7), T.CreateTruncating(-0.3), y, accumulate);
                return [y];
            });
        }
    }

    [Test]
    public void Copies_have_the_same_bits_in_every_width([Values] bool accumulate)
    {
        foreach (var rows in Lengths)
        {
            foreach (var (from, to) in (((bool, int, int), (bool, int, int))[])[
                ((true, rows, 3), (true, rows, 3)), ((false, 1, 3), (true, rows, 3)), ((false, rows, 3), (false, rows, 3))])
            {
                Compare(0, kernels =>
                {
                    var x = Make(kernels, from, Wave(0.4));
                    var y = Make(kernels, to, Wave(0.6));
                    kernels.Copy(x, y, accumulate);
                    return [y];
                });
            }
        }
    }

    [Test]
    public void Sums_agree_with_the_scalar_formula([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block, rows, 5, Wave(0.4));
                var overColumns = Make(kernels, block, rows, 1, (_, _) => 7);
                var overRows = Make(kernels, block: false, 1, 5, (_, _) => 7);
                kernels.SumColumns(x, overColumns);
                kernels.SumRows(x, overRows);
                return [overColumns, overRows];
            });
        }
    }

    [Test]
    public void Adjoints_of_sums_have_the_same_bits_in_every_width([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var first = Make(kernels, block, rows, 5, Wave(0.4));
                var second = Make(kernels, block, rows, 5, Wave(0.5));
                kernels.BroadcastAdd(Make(kernels, block, rows, 1, Wave(0.6)), first);
                kernels.BroadcastAdd(Make(kernels, block: false, 1, 5, Wave(0.7)), second);
                return [first, second];
            });
        }
    }

    [Test]
    public void Log_sum_exp_and_its_adjoint_have_the_bits_of_the_scalar_formula([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 5, (row, column) => 20 * Math.Sin((row * 1.3) + (column * 2.1)));
                var y = Make(kernels, block, rows, 1, (_, _) => 7);
                var dx = Make(kernels, block, rows, 5, Wave(0.3));
                kernels.LogSumExp(x, y);
                kernels.LogSumExpAdjoint(x, y, Make(kernels, block, rows, 1, Wave(0.8)), dx);
                return [y, dx];
            });
        }
    }

    [Test]
    public void Gathered_and_scattered_columns_have_the_same_bits_in_every_width([Values] bool block)
    {
        int[] indices = [2, 0, 2];
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var y = Make(kernels, block, rows, 3, (_, _) => 7);
                var dx = Make(kernels, block, rows, 4, Wave(0.3));
                kernels.GatherColumns(Make(kernels, block, rows, 4, Wave(0.2)), indices, y);
                kernels.ScatterAddColumns(Make(kernels, block, rows, 3, Wave(0.8)), indices, dx);
                return [y, dx];
            });
        }
    }

    [Test]
    public void The_normal_log_density_and_its_adjoint_agree_with_the_scalar_formula([Values] bool located, [Values] bool scaled)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, rows, 3, Wave(0.4));
                var location = located ? Make(kernels, block: false, 1, 3, Wave(0.2)) : default;
                var scale = scaled ? Make(kernels, block: false, 1, 3, Positive(0.2)) : default;
                var y = Make(kernels, block: true, rows, 1, (_, _) => 7);
                var dy = Make(kernels, block: true, rows, 1, Wave(0.9));
                var dx = Make(kernels, block: true, rows, 3, Wave(0.3));
                var dlocation = Make(kernels, block: false, 1, 3, Wave(0.3));
                var dscale = Make(kernels, block: false, 1, 3, Wave(0.3));
                kernels.NormalLogDensity(x, location, scale, y);
                kernels.NormalLogDensityAdjoint(x, location, scale, dy, dx, located ? dlocation : default, scaled ? dscale : default);
                return [y, dx, dlocation, dscale];
            });
        }
    }

    [Test]
    public void Triangular_solutions_have_the_bits_of_the_scalar_formula([Values] bool transposed, [Values] bool unitDiagonal)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var lower = Make(kernels, block: false, 3, 3, (row, column) => row == column ? 2 : 0.3 * (row - (2 * column)));
                var block = Make(kernels, block: true, rows, 3, Wave(0.2));
                var shared = Make(kernels, block: false, rows, 3, Wave(0.2));
                kernels.TriangularSolve(lower, transposed, unitDiagonal, block, block);
                kernels.TriangularSolve(lower, transposed, unitDiagonal, shared, shared);
                return [block, shared];
            });
        }
    }

    [Test]
    public void Matrix_adjoints_of_triangular_systems_agree_with_the_scalar_formula([Values] bool transposed, [Values] bool unitDiagonal)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var dlower = Make(kernels, block: false, 3, 3, Wave(0.1));
                kernels.TriangularSolveMatrixAdjoint(
                    Make(kernels, block: true, rows, 3, Wave(0.2)), Make(kernels, block: true, rows, 3, Wave(0.7)), transposed, unitDiagonal, dlower);
                return [dlower];
            });
        }
    }

    [Test]
    public void Optimiser_sweeps_have_the_bits_of_the_scalar_formula([ValueSource(nameof(Rules))] OptimiserRule rule, [Values(1, 7, 400)] int step)
    {
        // A range within the buffers: what lies before and behind it must stay as it was.
        foreach (var length in Lengths)
        {
            Compare(0, kernels =>
            {
                var parameters = Make(kernels, block: false, 1, length + 8, Wave(0.1));
                var gradients = Make(kernels, block: false, 1, length + 8, Wave(0.2));
                var first = Make(kernels, block: false, 1, length + 8, Wave(0.3));
                var second = Make(kernels, block: false, 1, length + 8, Positive(0.4));
                kernels.OptimiserSweep(
                    new OptimiserStep(rule, step, 0.01, 0.9, 0.99, 1e-8, 0.1, 0.5),
                    parameters.Memory!, gradients.Memory!, first.Memory!, second.Memory!, start: 3, length);
                return [parameters, gradients, first, second];
            });
        }
    }

    [Test]
    public void Gradient_sums_have_the_bits_of_the_scalar_formula([Values(1, 2, 3)] int count, [Values] bool inPlace)
    {
        foreach (var length in Lengths)
        {
            var squares = new List<double>();
            Compare(0, kernels =>
            {
                var slots = new DeviceMemory<T>[4];
                for (var slot = 0; slot < slots.Length; slot++)
                    slots[slot] = Make(kernels, block: false, 1, length + 8, Wave(slot)).Memory!;
                var sum = Make(kernels, block: false, 1, length + 8, Wave(9));
                if (inPlace)
                    sum = sum with { Memory = slots[0] };
                squares.Add(TestMatrix.ReduceGradients(kernels, slots, count, sum.Memory!, start: 3, length));
                return [sum];
            });
            Assert.That(squares, Is.All.EqualTo(squares[0]));
        }
    }

    private static void Compare(double tolerance, Func<Kernels<T>, Matrix<T>[]> run)
    {
        var expected = Run<ScalarLane<T>>(run);
        Compare("128 bits", tolerance, expected, Run<Lanes128<T>>(run));
        Compare("256 bits", tolerance, expected, Run<Lanes256<T>>(run));
        Compare("512 bits", tolerance, expected, Run<Lanes512<T>>(run));
    }

    private static void Compare(string width, double tolerance, List<T[]> expected, List<T[]> actual)
    {
        for (var matrix = 0; matrix < expected.Count; matrix++)
        {
            for (var i = 0; i < expected[matrix].Length; i++)
            {
                var difference = Math.Abs(double.CreateTruncating(expected[matrix][i]) - double.CreateTruncating(actual[matrix][i]));
                if (!(difference <= tolerance))
                    Assert.Fail($"{width}: number {i} of matrix {matrix} is {actual[matrix][i]}, the scalar one {expected[matrix][i]}.");
            }
        }
    }

    private static List<T[]> Run<V>(Func<Kernels<T>, Matrix<T>[]> run)
        where V : unmanaged, IRegister<V, T>
    {
        using var kernels = new CpuKernels<V, T>(Device.Cpu);
        var results = new List<T[]>();
        foreach (var matrix in run(kernels))
            results.Add(TestMatrix.Everything(kernels, matrix));
        return results;
    }

    private static Matrix<T> Make(Kernels<T> kernels, bool block, int rows, int columns, Func<int, int, double> value) =>
        block ? TestMatrix.Block(kernels, rows, columns, value) : TestMatrix.Shared(kernels, rows, columns, value);

    private static Matrix<T> Make(Kernels<T> kernels, (bool Block, int Rows, int Columns) shape, Func<int, int, double> value) =>
        Make(kernels, shape.Block, shape.Rows, shape.Columns, value);

    private static Matrix<T> Result(Kernels<T> kernels, in Matrix<T> a, in Matrix<T> b) =>
        Make(kernels, a.IsBlock || b.IsBlock, Math.Max(a.Rows, b.Rows), Math.Max(a.Columns, b.Columns), Wave(0.5));

    private static Func<int, int, double> Wave(double phase) => (row, column) => 1.5 * Math.Sin(phase + (row * 0.7) + (column * 2.3));

    private static Func<int, int, double> Positive(double phase) => (row, column) => 2.1 + Math.Sin(phase + (row * 0.7) + (column * 2.3));

    private static Func<int, int, double> Argument(UnaryFunction function) =>
        function is UnaryFunction.Log or UnaryFunction.Sqrt or UnaryFunction.Log1p ? Positive(0.4) : Wave(0.4);

    // (block, rows, columns) of both operands: equal shapes and every way of repeating one.
    private static ((bool, int, int) First, (bool, int, int) Second)[] Shapes(int rows) =>
    [
        ((true, rows, 3), (true, rows, 3)),
        ((true, rows, 1), (true, rows, 3)),
        ((true, rows, 3), (true, rows, 1)),
        ((true, rows, 3), (false, 1, 3)),
        ((false, 1, 3), (true, rows, 3)),
        ((true, rows, 1), (false, 1, 3)),
        ((false, 1, 1), (true, rows, 3)),
        ((false, rows, 3), (false, rows, 3)),
        ((false, rows, 3), (false, 1, 3)),
        ((false, rows, 1), (false, rows, 3)),
        ((false, rows, 3), (false, 1, 1)),
        ((false, 1, rows), (false, 1, rows)),
    ];
}
