using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Segments of columns, running sums, order and constants: values against plain loops, adjoints against differences.</summary>
[TestFixture]
public sealed class ColumnSegmentTests
{
    // As in OperationGradientTests: fourth-order differences with h = 1e-3.
    private const double Tolerance = 1e-8;

    // A sum of a handful of numbers of size 1 to 10.
    private const double Rounding = 1e-13;

    private static readonly int[] _rows = [1, 31, 32, 33, 100];

    private static readonly SegmentFunction[] _functions = Enum.GetValues<SegmentFunction>();

    [Test]
    public void Functions_of_segments_have_the_values_of_a_plain_loop(
        [ValueSource(nameof(_functions))] SegmentFunction function, [ValueSource(nameof(_rows))] int rows, [Values(1, 3, 4)] int segment)
    {
        var x = Numbers(rows * 3 * segment);
        var y = Values(rows, x, 3 * segment, v => SegmentOperation<double>.Of(function, segment).Apply(v));
        Assert.That(y, Is.EqualTo(Naive(function, x, segment)).Within(Rounding));
    }

    [Test]
    public void Functions_of_segments_have_the_gradient_of_differences(
        [ValueSource(nameof(_functions))] SegmentFunction function, [ValueSource(nameof(_rows))] int rows, [Values(1, 4)] int segment) =>
        Check(
            new GradientCheck(rows).Block(Numbers(rows * 2 * segment), 2 * segment),
            x => SegmentOperation<double>.Of(function, segment).Apply(x).Sin() * SegmentOperation<double>.Of(function, segment).Apply(x.Square()));

    [Test]
    public void Functions_of_segments_of_a_shared_row_have_the_gradient_of_differences([ValueSource(nameof(_functions))] SegmentFunction function) =>
        Check(new GradientCheck(2).SharedRow(Numbers(12)), x => SegmentOperation<double>.Of(function, 4).Apply(x).Sin());

    [TestCase(1000.0)]
    [TestCase(-1000.0)]
    public void Exponentials_neither_overflow_nor_underflow(double shift)
    {
        var x = Array.ConvertAll(Numbers(8), number => number + shift);
        var plain = Numbers(8);
        foreach (var function in _functions)
        {
            var y = Values(1, x, 8, v => SegmentOperation<double>.Of(function, 4).Apply(v));
            var expected = Naive(function, plain, 4);
            if (function is not (SegmentFunction.Softmax or SegmentFunction.LogSoftmax))
                expected = Array.ConvertAll(expected, number => number + shift);

            // A number near 1000 has lost three digits.
            Assert.That(y, Is.EqualTo(expected).Within(1e-12), function.ToString());
        }
    }

    [Test]
    public void A_logarithm_of_nothing_is_minus_infinity_until_something_comes()
    {
        double[] x = [double.NegativeInfinity, double.NegativeInfinity, 1, double.NegativeInfinity];
        var y = Values(1, x, 4, v => v.LogCumulativeSumExp(4));
        Assert.That(y, Is.EqualTo(new[] { double.NegativeInfinity, double.NegativeInfinity, 1, 1 }));
        Assert.That(Adjoint(x, v => v.LogCumulativeSumExp(4)), Is.EqualTo(new[] { 0.0, 0, 2, 0 }), "two of the results are the third number");
    }

    [Test]
    public void The_first_of_the_largest_numbers_gets_the_adjoint() =>
        Assert.That(Adjoint([1, 3, 3, 2, 2, 2], v => v.MaxSegments(3)), Is.EqualTo(new[] { 0.0, 1, 0, 1, 0, 0 }));

    [Test]
    public void Running_sums_have_the_values_of_a_plain_loop([ValueSource(nameof(_rows))] int rows, [Values] bool exclusive, [Values] bool reverse)
    {
        const int segment = 4;
        var x = Numbers(rows * 12);
        var expected = new double[x.Length];
        for (var first = 0; first < x.Length; first += segment)
        {
            for (var k = 0; k < segment; k++)
            {
                for (var j = 0; j < segment; j++)
                {
                    var counts = j == k ? !exclusive : reverse ? j > k : j < k;
                    expected[first + k] += counts ? x[first + j] : 0;
                }
            }
        }

        Assert.That(Values(rows, x, 12, v => v.CumulativeSum(segment, exclusive, reverse)), Is.EqualTo(expected).Within(Rounding));
        Check(
            new GradientCheck(rows).Block(Numbers(rows * 8), 8),
            v => v.CumulativeSum(segment, exclusive, reverse) * v.Square().CumulativeSum(segment, exclusive, reverse));
    }

    [Test]
    public void Sums_of_segments_and_repeated_and_tiled_columns_have_their_values()
    {
        double[] x = [1, 2, 3, 4, 5, 6];
        Assert.That(Values(1, x, 6, v => v.SumSegments(2)), Is.EqualTo(new[] { 3.0, 7, 11 }));
        Assert.That(Values(2, x, 3, v => v.RepeatColumns(2)), Is.EqualTo(new[] { 1.0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6 }));
        Assert.That(Values(2, x, 3, v => v.TileColumns(2)), Is.EqualTo(new[] { 1.0, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6 }));
    }

    [Test]
    public void Sums_of_segments_and_repeated_and_tiled_columns_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows) =>
        Check(
            new GradientCheck(rows).Block(Numbers(rows * 6), 6).SharedRow(Numbers(6)),
            (_, leaves) => (leaves[0].SumSegments(2).Square().RepeatColumns(3) + leaves[0].Slice(0, 3).TileColumns(3).Sin() + leaves[0].SumSegments(3).Exp().SumColumns())
                * leaves[1].SumSegments(2).RepeatColumns(3) * leaves[1].Slice(0, 3).TileColumns(3));

    [Test]
    public void Sorted_columns_and_ranks_are_those_of_a_plain_sort([ValueSource(nameof(_rows))] int rows, [Values(1, 2, 7)] int columns)
    {
        var x = Array.ConvertAll(Numbers(rows * columns), number => Math.Round(2 * number));
        var sorted = Values(rows, x, columns, v => v.SortColumns(out _));
        var ranks = Values(rows, x, columns, v =>
        {
            v.SortColumns(out var places);
            return places;
        });
        for (var row = 0; row < rows; row++)
        {
            // Equal numbers keep their order, as in a stable sort.
            var numbers = x.AsSpan(row * columns, columns).ToArray();
            var order = Enumerable.Range(0, columns).OrderBy(column => numbers[column]).ToArray();
            Assert.That(sorted.AsSpan(row * columns, columns).ToArray(), Is.EqualTo(Array.ConvertAll(order, column => numbers[column])));
            Assert.That(ranks.AsSpan(row * columns, columns).ToArray(), Is.EqualTo(Enumerable.Range(0, columns).Select(column => (double)Array.IndexOf(order, column))));
        }
    }

    [Test]
    public void Sorted_columns_have_the_gradient_of_differences([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Numbers(rows * 5), 5), x => x.SortColumns(out var ranks) * (ranks + 1.0) * x.Exp());

    [Test]
    public void NaN_is_sorted_to_the_end() => Assert.That(
        Values(1, [double.NaN, 2, double.PositiveInfinity, double.NaN, 1], 5, v => v.SortColumns(out _)),
        Is.EqualTo(new[] { 1, 2, double.PositiveInfinity, double.NaN, double.NaN }));

    [Test]
    public void Nothing_passes_through_a_stopped_gradient()
    {
        Assert.That(Adjoint([2, 3], v => v * v.StopGradient()), Is.EqualTo(new[] { 2.0, 3 }));
        Assert.That(Adjoint([2, 3], v => v.StopGradient().Exp()), Is.EqualTo(new[] { 0.0, 0 }));
        Assert.That(Values(1, [2, 3], 2, v => v.Square().StopGradient()), Is.EqualTo(new[] { 4.0, 9 }));
    }

    [Test]
    public void Constants_go_with_blocks_and_cost_no_adjoint()
    {
        Assert.That(Values(2, [1, 2, 3, 4], 2, v => (v * v.Tape!.Constant(2.0)) + v.Tape!.Constant([10.0, 20])), Is.EqualTo(new[] { 12.0, 24, 16, 28 }));
        Assert.That(Values(2, [1, 2], 1, v => v.Tape!.Ones(2) + v.Tape!.Zeros(2) + v.Tape!.Fill(1, 5) + v), Is.EqualTo(new[] { 7.0, 7, 8, 8 }));
        Assert.That(Adjoint([1, 2], v => v * v.Tape!.Fill(2, 3)), Is.EqualTo(new[] { 3.0, 3 }));
    }

    [Test]
    public void Columns_that_make_no_segments_are_refused()
    {
        Assert.That(() => Values(1, [1, 2, 3], 3, v => v.SumSegments(2)), Throws.ArgumentException.With.Message.Contains("segments of 2").And.Message.Contains("a block [1, 3]"));
        Assert.That(() => Values(1, [1, 2, 3], 3, v => v.SoftmaxSegments(2)), Throws.ArgumentException.With.Property("ParamName").EqualTo("x"));
        Assert.That(() => Values(1, [1, 2, 3], 3, v => v.CumulativeSum(2)), Throws.ArgumentException.With.Property("ParamName").EqualTo("x"));
        Assert.That(() => Values(1, [1, 2, 3], 3, v => v.RepeatColumns(0)), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 1"));
    }

    [Test]
    public void A_row_s_numbers_do_not_depend_on_its_neighbours()
    {
        var x = Numbers(33 * 8);
        var alone = Values(1, x.AsSpan(5 * 8, 8).ToArray(), 8, All);
        var together = Values(33, x, 8, All);
        Assert.That(together.AsSpan(5 * alone.Length, alone.Length).ToArray(), Is.EqualTo(alone));

        static Variable<double> All(Variable<double> v) => VariableFunctions.Concatenate(
            v.SoftmaxSegments(4), v.LogSoftmaxSegments(4), v.LogCumulativeSumExp(4), v.LogCumulativeSumExp(4, reverse: true), v.LogSumExpSegments(4),
            v.MaxSegments(2), v.CumulativeSum(8), v.SortColumns(out _));
    }

    private static double[] Naive(SegmentFunction function, double[] x, int segment)
    {
        var results = new List<double>();
        foreach (var part in x.Chunk(segment))
        {
            var total = Math.Log(part.Sum(Math.Exp));
            switch (function)
            {
                case SegmentFunction.LogSumExp:
                    results.Add(total);
                    break;
                case SegmentFunction.Max:
                    results.Add(part.Max());
                    break;
                case SegmentFunction.Softmax:
                    results.AddRange(part.Select(number => Math.Exp(number - total)));
                    break;
                case SegmentFunction.LogSoftmax:
                    results.AddRange(part.Select(number => number - total));
                    break;
                case SegmentFunction.LogCumulativeSumExp:
                    results.AddRange(part.Select((_, k) => Math.Log(part.Take(k + 1).Sum(Math.Exp))));
                    break;
                case SegmentFunction.ReverseLogCumulativeSumExp:
                    results.AddRange(part.Select((_, k) => Math.Log(part.Skip(k).Sum(Math.Exp))));
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(function));
            }
        }

        return [.. results];
    }

    private static double[] Values(int rows, double[] x, int columns, Func<Variable<double>, Variable<double>> function)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(rows, record: false);
        var y = function(tape.Input(x, columns));
        var values = new double[y.Rows * y.Columns];
        tape.ReadValue(y, values);
        return values;
    }

    // The adjoint of one row, with the sum of the results as the function.
    private static double[] Adjoint(double[] x, Func<Variable<double>, Variable<double>> function)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(1, record: true);
        var leaf = tape.Input(x, x.Length, requiresAdjoint: true);
        var y = function(leaf);
        var seed = new double[y.Columns];
        Array.Fill(seed, 1);
        tape.Backward(y, seed);
        tape.ReadAdjoint(leaf, x = new double[x.Length]);
        return x;
    }

    private static void Check(GradientCheck check, Func<Variable<double>, Variable<double>> function) => Check(check, (_, leaves) => function(leaves[0]));

    private static void Check(GradientCheck check, Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        var deviation = check.Run(function);
        Assert.That(deviation.Relative, Is.LessThan(Tolerance), deviation.ToString());
    }

    // Numbers between −1.6 and 1.6, spread evenly; neighbours, and their squares, are at least 0.01 apart, so that differences step over no kink.
    private static double[] Numbers(int length)
    {
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
            numbers[i] = 0.1 + (1.5 * (i * 0.6180339887498949 % 1)) - (i % 3 == 1 ? 1.65 : 0);
        return numbers;
    }
}
