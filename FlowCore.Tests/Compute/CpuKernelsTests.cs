using FlowCore.Compute;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>What the kernels compute, against formulas written out in double.</summary>
[TestFixture]
public sealed class CpuKernelsTests
{
    private static readonly int[] _rows = [1, 15, 16, 17, 31, 32, 33, 100];

    private Kernels<double> _kernels = null!;

    [SetUp]
    public void CreateKernels() => _kernels = Device.Cpu.CreateKernels<double>();

    [TearDown]
    public void DisposeKernels() => _kernels.Dispose();

    [Test]
    public void Loaded_rows_lie_in_columns_and_the_padding_repeats_the_last_row([ValueSource(nameof(_rows))] int rows, [Values(1, 2, 5, 40)] int columns)
    {
        var block = TestMatrix.Block(_kernels, rows, columns, (row, column) => (row * 100) + column);
        var numbers = TestMatrix.Everything(_kernels, block);
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < block.Stride; row++)
            {
                var expected = row >= block.PaddedRows ? 0 : (Math.Min(row, rows - 1) * 100) + column;
                Assert.That(numbers[(column * block.Stride) + row], Is.EqualTo(expected), $"row {row}, column {column}");
            }
        }
    }

    [Test]
    public void Stored_rows_are_the_loaded_ones([ValueSource(nameof(_rows))] int rows, [Values(1, 2, 5, 40)] int columns, [Values] bool isBlock)
    {
        static double Value(int row, int column) => (row * 100) + column;
        var matrix = isBlock ? TestMatrix.Block(_kernels, rows, columns, Value) : TestMatrix.Shared(_kernels, rows, columns, Value);
        var stored = TestMatrix.Read(_kernels, matrix);
        for (var i = 0; i < stored.Length; i++)
            Assert.That(stored[i], Is.EqualTo(Value(i / columns, i % columns)));
    }

    [Test]
    public void Cleared_padding_leaves_the_valid_rows([ValueSource(nameof(_rows))] int rows)
    {
        var block = TestMatrix.Block(_kernels, rows, 2, (row, column) => 1 + row + column);
        _kernels.ClearPadding(block);
        var numbers = TestMatrix.Everything(_kernels, block);
        for (var i = 0; i < numbers.Length; i++)
        {
            var row = i % block.Stride;
            Assert.That(numbers[i], Is.EqualTo(row < rows ? 1 + row + (i / block.Stride) : 0));
        }
    }

    [Test]
    public void Filling_reaches_the_padding_and_no_neighbour([ValueSource(nameof(_rows))] int rows)
    {
        var block = TestMatrix.Block(_kernels, rows, 3, (_, _) => 1);
        _kernels.Fill(block.Slice(1, 1), 5);
        var numbers = TestMatrix.Everything(_kernels, block);
        for (var i = 0; i < numbers.Length; i++)
        {
            var expected = i % block.Stride >= block.PaddedRows ? 0 : i / block.Stride == 1 ? 5 : 1;
            Assert.That(numbers[i], Is.EqualTo(expected));
        }
    }

    [TestCase(nameof(UnaryFunction.Negate), 0.7, -0.7)]
    [TestCase(nameof(UnaryFunction.Abs), -0.7, 0.7)]
    [TestCase(nameof(UnaryFunction.Square), -0.5, 0.25)]
    [TestCase(nameof(UnaryFunction.Sqrt), 2.25, 1.5)]
    [TestCase(nameof(UnaryFunction.Reciprocal), -4, -0.25)]
    [TestCase(nameof(UnaryFunction.Exp), 1, Math.E)]
    [TestCase(nameof(UnaryFunction.Expm1), 1e-10, 1.00000000005e-10)]
    [TestCase(nameof(UnaryFunction.Log), Math.E, 1)]
    [TestCase(nameof(UnaryFunction.Log1p), 1e-10, 9.9999999995e-11)]
    [TestCase(nameof(UnaryFunction.Sin), 0.5, 0.47942553860420300)]
    [TestCase(nameof(UnaryFunction.Cos), 0.5, 0.87758256189037272)]
    [TestCase(nameof(UnaryFunction.ReLU), 0.7, 0.7)]
    [TestCase(nameof(UnaryFunction.ReLU), -0.7, 0)]
    [TestCase(nameof(UnaryFunction.Elu), 0.7, 0.7)]
    [TestCase(nameof(UnaryFunction.Elu), -1, -0.63212055882855768)]
    [TestCase(nameof(UnaryFunction.Gelu), 1, 0.84134474606854293)]
    [TestCase(nameof(UnaryFunction.Gelu), -1, -0.15865525393145707)]
    [TestCase(nameof(UnaryFunction.Silu), 1, 0.73105857863000490)]
    [TestCase(nameof(UnaryFunction.Tanh), 0.5, 0.46211715726000976)]
    [TestCase(nameof(UnaryFunction.Sigmoid), -1, 0.26894142136999513)]
    [TestCase(nameof(UnaryFunction.Softplus), 0, 0.69314718055994531)]
    [TestCase(nameof(UnaryFunction.Softplus), 800, 800)]
    [TestCase(nameof(UnaryFunction.LeakyReLU), -3, -0.03)]
    [TestCase(nameof(UnaryFunction.LeakyReLU), 3, 3)]
    public void A_unary_function_has_its_value(string function, double argument, double expected)
    {
        var x = TestMatrix.Shared(_kernels, 1, 1, (_, _) => argument);
        var y = TestMatrix.Shared(_kernels, 1, 1, (_, _) => 0);
        _kernels.Unary(UnaryFunction.Parse(function), x, y);

        // Five units in the last place, what LaneMath grants its least exact function.
        Assert.That(TestMatrix.Read(_kernels, y)[0], Is.EqualTo(expected).Within(5 * 2.3e-16 * Math.Max(Math.Abs(expected), 1e-300)));
    }

    [Test]
    public void Kinks_have_the_derivative_that_is_documented()
    {
        Assert.That(Derivative(UnaryFunction.Abs, 0), Is.Zero);
        Assert.That(Derivative(UnaryFunction.ReLU, 0), Is.Zero);
        var one = TestMatrix.Shared(_kernels, 1, 1, (_, _) => 1);
        foreach (var function in (BinaryFunction[])[BinaryFunction.Max, BinaryFunction.Min])
        {
            var da = TestMatrix.Shared(_kernels, 1, 1, (_, _) => 0);
            var db = TestMatrix.Shared(_kernels, 1, 1, (_, _) => 0);
            _kernels.BinaryAdjoint(function, one, one, one, da, db);
            Assert.That((TestMatrix.Read(_kernels, da)[0], TestMatrix.Read(_kernels, db)[0]), Is.EqualTo((1.0, 0.0)), $"{function}");
        }
    }

    [TestCase(new[] { 1000.0, 1000.0 }, 1000.69314718055995)]
    [TestCase(new[] { -1000.0, -1000.0 }, -999.30685281944005)]
    [TestCase(new[] { double.NegativeInfinity, 3.0 }, 3.0)]
    [TestCase(new[] { double.NegativeInfinity, double.NegativeInfinity }, double.NegativeInfinity)]
    [TestCase(new[] { double.PositiveInfinity, 3.0 }, double.PositiveInfinity)]
    [TestCase(new[] { double.NaN, 3.0 }, double.NaN)]
    public void The_log_sum_exp_of_extreme_numbers_is_the_limit(double[] numbers, double expected)
    {
        var x = TestMatrix.Block(_kernels, 3, numbers.Length, (_, column) => numbers[column]);
        var y = TestMatrix.Block(_kernels, 3, 1, (_, _) => 0);
        _kernels.LogSumExp(x, y);
        Assert.That(TestMatrix.Read(_kernels, y), Is.All.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void A_sum_over_rows_leaves_the_padding_out([ValueSource(nameof(_rows))] int rows)
    {
        var x = TestMatrix.Block(_kernels, rows, 2, (row, column) => (row + 1) * (column + 1));
        var y = TestMatrix.Shared(_kernels, 1, 2, (_, _) => 0);
        _kernels.SumRows(x, y);
        Assert.That(TestMatrix.Read(_kernels, y), Is.EqualTo(new[] { rows * (rows + 1) / 2.0, rows * (rows + 1) }));
    }

    [Test]
    public void The_adjoint_of_a_sum_over_rows_leaves_the_padding_zero([ValueSource(nameof(_rows))] int rows)
    {
        var dx = TestMatrix.Block(_kernels, rows, 2, (_, _) => 0);
        _kernels.BroadcastAdd(TestMatrix.Shared(_kernels, 1, 2, (_, _) => 1), dx);
        Assert.That(TestMatrix.Everything(_kernels, dx).Sum(), Is.EqualTo(2 * rows));
    }

    [Test]
    public void The_normal_log_density_is_the_formula([ValueSource(nameof(_rows))] int rows)
    {
        double[] location = [0.5, -1];
        double[] scale = [2, 0.25];
        var x = TestMatrix.Block(_kernels, rows, 2, (row, column) => Math.Sin(row + column));
        var y = TestMatrix.Block(_kernels, rows, 1, (_, _) => 0);
        _kernels.NormalLogDensity(
            x, TestMatrix.Shared(_kernels, 1, 2, (_, column) => location[column]), TestMatrix.Shared(_kernels, 1, 2, (_, column) => scale[column]), y);
        var computed = TestMatrix.Read(_kernels, y);
        for (var row = 0; row < rows; row++)
        {
            var expected = 0.0;
            for (var column = 0; column < 2; column++)
            {
                var z = (Math.Sin(row + column) - location[column]) / scale[column];
                expected += Math.Log(Math.Exp(-z * z / 2) / (scale[column] * Math.Sqrt(2 * Math.PI)));
            }

            // Terms up to 32, a few roundings each.
            Assert.That(computed[row], Is.EqualTo(expected).Within(1e-13));
        }
    }

    [Test]
    public void The_square_of_a_large_single_gradient_does_not_overflow()
    {
        using var kernels = Device.Cpu.CreateKernels<float>();
        foreach (var length in (int[])[3, 16, 21])
        {
            var slot = TestMatrix.Shared(kernels, 1, length, (_, _) => 1e30).Memory!;
            var expected = length * Math.Pow(double.CreateTruncating(1e30f), 2);
            Assert.That(TestMatrix.ReduceGradients(kernels, [slot], 1, slot, 0, length), Is.EqualTo(expected).Within(1e-14 * expected));
        }
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void The_sum_of_squares_tells_a_gradient_that_is_not_finite(double bad)
    {
        foreach (var place in (int[])[0, 15, 16, 20])
        {
            var slot = TestMatrix.Shared(_kernels, 1, 21, (_, column) => column == place ? bad : 1).Memory!;
            Assert.That(double.IsFinite(TestMatrix.ReduceGradients(_kernels, [slot], 1, slot, 0, 21)), Is.False, $"at {place}");
        }
    }

    [Test]
    public void The_weighted_sum_takes_valid_rows_alone([ValueSource(nameof(_rows))] int rows, [Values] bool weighted)
    {
        var values = TestMatrix.Block(_kernels, rows, 1, (row, _) => Math.Sin(row));
        var weights = weighted ? TestMatrix.Block(_kernels, rows, 1, (row, _) => 1 + (row % 3)) : default;
        using var sums = _kernels.AllocateSums(4);
        _kernels.WeightedSum(values, weights, sums, at: 1);
        var read = new double[4];
        _kernels.ReadSums(sums, read);
        double sum = 0, total = 0;
        for (var row = 0; row < rows; row++)
        {
            var weight = weighted ? 1 + (row % 3) : 1;
            sum += weight * Math.Sin(row);
            total += weight;
        }

        Assert.That(read, Is.EqualTo([0, sum, total, 0]), "in the order of the rows, so the same bits");
    }

    [Test]
    public void Random_blocks_are_the_stream_row_by_row([ValueSource(nameof(_rows))] int rows, [Values] RandomDistribution distribution)
    {
        var stream = new RandomStream(7, 3);
        var block = TestMatrix.Block(_kernels, rows, 3, (_, _) => 0);
        var expected = new double[rows * 3];
        if (distribution == RandomDistribution.Normal)
        {
            stream.FillNormal(expected, offset: 12);
            _kernels.FillNormal(stream, first: 12, block);
        }
        else
        {
            stream.FillUniform(expected, offset: 12);
            _kernels.FillUniform(stream, first: 12, block);
        }

        Assert.That(TestMatrix.Read(_kernels, block), Is.EqualTo(expected));
    }

    private double Derivative(UnaryFunction function, double argument)
    {
        var x = TestMatrix.Shared(_kernels, 1, 1, (_, _) => argument);
        var y = TestMatrix.Shared(_kernels, 1, 1, (_, _) => 0);
        var dx = TestMatrix.Shared(_kernels, 1, 1, (_, _) => 0);
        _kernels.Unary(function, x, y);
        _kernels.UnaryAdjoint(function, x, y, TestMatrix.Shared(_kernels, 1, 1, (_, _) => 1), dx);
        return TestMatrix.Read(_kernels, dx)[0];
    }
}
