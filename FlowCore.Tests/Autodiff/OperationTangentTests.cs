using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Every operation's tangent: against differences, against its adjoint, and its own gradients.</summary>
[TestFixture]
public sealed class OperationTangentTests
{
    private static readonly int[] _rows = [1, 33];

    private static readonly IReadOnlyList<UnaryFunction> _unaries = UnaryFunction.All;

    private static readonly IReadOnlyList<BinaryFunction> _binaries = BinaryFunction.All;

    private static readonly BinaryFunction[] _choosing = [BinaryFunction.Max, BinaryFunction.Min];

    private static readonly UnaryFunction[] _fewActivations = [UnaryFunction.Identity, UnaryFunction.Tanh, UnaryFunction.Silu];

    // What layers of networks use; the others have poles.
    private static readonly UnaryFunction[] _activations = [.. UnaryFunction.All.Where(f => double.IsInfinity(f.Lowest) && double.IsInfinity(f.Highest))];

    private static readonly ResidualSettings _residual = new([0.5, -1], [2, 0.5], [(0, 1)], 0.3, 0.4, -1);

    [Test]
    public void Unary_functions_of_a_block([ValueSource(nameof(_unaries))] UnaryFunction function, [ValueSource(nameof(_rows))] int rows) =>
        new TangentCheck(rows).Block(Arguments(function, rows * 2), 2).Run((_, x) => UnaryOperation<double>.Of(function).Apply(x[0]));

    [Test]
    public void Unary_functions_of_a_shared_row([ValueSource(nameof(_unaries))] UnaryFunction function) =>
        new TangentCheck(3).SharedRow(Arguments(function, 11)).Run((_, x) => UnaryOperation<double>.Of(function).Apply(x[0]));

    [Test]
    public void Second_derivatives_of_unary_functions([ValueSource(nameof(_unaries))] UnaryFunction function) =>
        new TangentCheck(33).Block(Arguments(function, 66), 2).Run((tape, x) =>
        {
            var argument = x[0] * 0.9;
            return tape.PushForward(UnaryOperation<double>.Of(function).Apply(argument), argument, x[0].Sin());
        }, gradients: false);

    [Test]
    public void Binary_functions_of_blocks([ValueSource(nameof(_binaries))] BinaryFunction function, [ValueSource(nameof(_rows))] int rows) =>
        new TangentCheck(rows).Block(First(function, rows * 3, 0), 3).Block(Apart(rows * 3, 1), 3).Run((_, x) => BinaryOperation<double>.Of(function).Apply(x[0], x[1]));

    [Test]
    public void Binary_functions_of_which_one_operand_moves([ValueSource(nameof(_binaries))] BinaryFunction function, [Values] bool first, [Values(1, 3)] int columns) =>
        new TangentCheck(33).Block(first ? First(function, 33 * columns, 0) : Apart(33 * columns, 1), columns).Run((tape, x) =>
        {
            var other = tape.Input(first ? Apart(33 * 3, 1) : First(function, 33 * 3, 0), 3);
            return BinaryOperation<double>.Of(function).Apply(first ? x[0] : other, first ? other : x[0]);
        });

    [Test]
    public void Binary_functions_repeat_a_shared_row([ValueSource(nameof(_binaries))] BinaryFunction function, [Values] bool first) =>
        new TangentCheck(33).Block(first ? Apart(33 * 3, 1) : First(function, 33 * 3, 0), 3).SharedRow(first ? First(function, 3, 0) : Apart(3, 1))
            .Run((_, x) => BinaryOperation<double>.Of(function).Apply(x[first ? 1 : 0], x[first ? 0 : 1]));

    [Test]
    public void Binary_functions_repeat_a_row_and_a_column_at_once([ValueSource(nameof(_binaries))] BinaryFunction function) =>
        new TangentCheck(33).Block(First(function, 33, 0), 1).SharedRow(Apart(3, 1)).Run((_, x) => BinaryOperation<double>.Of(function).Apply(x[0], x[1]));

    [Test]
    public void Binary_functions_of_a_shared_row_that_moves_alone([ValueSource(nameof(_binaries))] BinaryFunction function, [Values] bool first) =>
        new TangentCheck(33).SharedRow(first ? First(function, 3, 0) : Apart(3, 1)).Run((tape, x) =>
        {
            var other = tape.Input(first ? Apart(33, 1) : First(function, 33, 0), 1);
            return BinaryOperation<double>.Of(function).Apply(first ? x[0] : other, first ? other : x[0]);
        });

    [Test]
    public void Binary_functions_of_shared_matrices([ValueSource(nameof(_binaries))] BinaryFunction function) =>
        new TangentCheck(2).Matrix(First(function, 15, 0), 3, 5).SharedRow(Apart(3, 1)).Run((_, x) => BinaryOperation<double>.Of(function).Apply(x[1], x[0]));

    [TestCaseSource(nameof(_choosing))]
    public void Where_both_operands_are_equal_the_tangent_is_that_of_the_first(BinaryFunction function)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(2, record: true);
        var a = tape.Input([1.5, double.PositiveInfinity], 1);
        var b = tape.Input([1.5, double.PositiveInfinity], 1);
        var y = BinaryOperation<double>.Of(function).Apply(a, b);
        Assert.That(Read(tape, tape.PushForward(y, [a, b], [tape.Input([3.0, 4], 1), tape.Input([5.0, 6], 1)])), Is.EqualTo(new[] { 3.0, 4 }));
    }

    [Test]
    public void Scale_and_shift([Values(0.0, 0.25)] double shift) =>
        new TangentCheck(33).Block(Apart(66, 0), 2).Run((_, x) => new ScaleShiftOperation<double>(-1.5, shift).Apply(x[0].Square()));

    [Test]
    public void Sums_over_columns() => new TangentCheck(33).Block(Apart(99, 0), 3).Run((_, x) => x[0].Square().SumColumns() * x[0]);

    [Test]
    public void Sums_over_rows() => new TangentCheck(33).Block(Apart(99, 0), 3).Run((_, x) => x[0].Square().SumRows());

    [Test]
    public void Log_sum_exp([ValueSource(nameof(_rows))] int rows) => new TangentCheck(rows).Block(Apart(rows * 4, 0), 4).Run((_, x) => x[0].LogSumExp());

    [Test]
    public void Gathered_columns() => new TangentCheck(33).Block(Apart(33 * 4, 0), 4).Run((_, x) => x[0].Square().Gather(3, 0, 3, 1));

    [Test]
    public void Slices() => new TangentCheck(33).Block(Apart(33 * 4, 0), 4).Run((_, x) =>
    {
        var y = x[0].Square();
        return y.Slice(1, 3).Slice(0, 2) * y.Slice(2, 2) * x[0].Slice(0, 1);
    });

    [Test]
    public void Concatenated_blocks_and_shared_rows() =>
        new TangentCheck(33).Block(Apart(66, 0), 2).SharedRow(Apart(3, 1)).Run(
            (tape, x) => VariableFunctions.Concatenate(x[1], x[0], tape.Input(Apart(33, 0), 1), x[0].Square(), x[1]).Sin());

    [Test]
    public void Concatenated_shared_rows() =>
        new TangentCheck(2).SharedRow(Apart(2, 0)).SharedRow(Apart(3, 1)).Run((_, x) => VariableFunctions.Concatenate(x[0], x[1], x[0]).Sin());

    [Test]
    public void The_normal_log_density() =>
        new TangentCheck(33).Block(Apart(99, 0), 3).SharedRow([0.3, -0.2, 0.9]).SharedRow([1.4, 0.8, 1.1]).Run((_, x) => x[0].NormalLogDensity(x[1], x[2]));

    [Test]
    public void The_normal_log_density_of_which_one_argument_moves([Values(0, 1, 2)] int which) =>
        Moving(which).Run((tape, x) => which switch
        {
            0 => x[0].NormalLogDensity(),
            1 => tape.Input(Apart(99, 0), 3).NormalLogDensity(x[0]),
            _ => tape.Input(Apart(99, 0), 3).NormalLogDensity(default, x[0]),
        });

    [Test]
    public void Triangular_systems([Values] bool transposed, [Values] bool unitDiagonal, [ValueSource(nameof(_rows))] int rows) =>
        new TangentCheck(rows).Block(Apart(rows * 3, 0), 3).Matrix([1.3, 9, 9, 0.4, -0.9, 9, -0.7, 0.5, 1.1], 3, 3)
            .Run((_, x) => x[0].TriangularSolve(x[1], transposed, unitDiagonal));

    [Test]
    public void Second_derivatives_of_a_triangular_system([Values] bool transposed) =>
        new TangentCheck(3).Block(Apart(9, 0), 3).Matrix([1.3, 9, 9, 0.4, -0.9, 9, -0.7, 0.5, 1.1], 3, 3).Run((tape, x) =>
        {
            var lower = x[1] * 1.5;
            return tape.PushForward(x[0].TriangularSolve(lower, transposed), lower, x[1].Sin());
        });

    [Test]
    public void The_log_determinant_of_a_triangular_matrix([Values] bool second) =>
        new TangentCheck(2).Matrix([1.3, 9, 9, 0, -0.9, 9, -0.7, 0, 1.1], 3, 3).Run((tape, x) =>
        {
            var matrix = x[0] * 1.5;
            var y = matrix.LogAbsDiagonal();
            return second ? tape.PushForward(y, matrix, x[0].Sin()) : y;
        });

    [Test]
    public void Linear_layers([ValueSource(nameof(_activations))] UnaryFunction activation, [ValueSource(nameof(_rows))] int rows) =>
        new TangentCheck(rows).Block(Apart(rows * 3, 0), 3).SharedRow([0.31, -0.42, 0.23, 0.54]).Matrix(Weight(12), 4, 3)
            .Run((tape, x) => new LinearOperation<double>(activation).Apply(x[0], x[2], x[1]));

    [Test]
    public void Second_derivatives_of_linear_layers([ValueSource(nameof(_activations))] UnaryFunction activation) =>
        new TangentCheck(5).Block(Apart(15, 0), 3).Matrix(Weight(12), 4, 3).Run((tape, x) =>
        {
            var argument = x[0] * 0.8;
            return tape.PushForward(new LinearOperation<double>(activation).Apply(argument, x[1], default), argument, x[0].Sin());
        }, gradients: false);

    [Test]
    public void Linear_layers_of_which_one_argument_moves([ValueSource(nameof(_fewActivations))] UnaryFunction activation, [Values(0, 1, 2)] int which)
    {
        var check = which == 0 ? new TangentCheck(33).Block(Apart(99, 0), 3) : which == 1 ? new TangentCheck(33).SharedRow([0.31, -0.42, 0.23, 0.54]) : new TangentCheck(33).Matrix(Weight(12), 4, 3);
        var (weight, bias) = (new Parameter<double>("weight", 4, 3), new Parameter<double>("bias", 1, 4, isVector: true));
        weight.Write(Weight(12));
        bias.Write([0.31, -0.42, 0.23, 0.54]);
        check.Run(
            (tape, x) => new LinearOperation<double>(activation).Apply(
                which == 0 ? x[0] : tape.Input(Apart(99, 0), 3), which == 2 ? x[0] : tape.Use(weight), which == 1 ? x[0] : tape.Use(bias)),
            [weight, bias]);
    }

    [Test]
    public void The_result_and_the_tangent_of_a_layer_are_differentiated_together([ValueSource(nameof(_activations))] UnaryFunction activation) =>
        new TangentCheck(33).Block(Apart(99, 0), 3).Matrix(Weight(12), 4, 3).Run((tape, x) =>
        {
            var y = new LinearOperation<double>(activation).Apply(x[0], x[1], default);
            return y * tape.PushForward(y, x[0], x[0]);
        }, gradients: false);

    [Test]
    public void The_affine_map([Values] bool inverse, [Values] bool shared, [Values(0.0, 1e-3)] double slope)
    {
        var check = new TangentCheck(5).Block(Apart(10, 0), 2);
        check = shared ? check.SharedRow(Apart(4, 1)) : check.Block(Apart(20, 1), 4);
        check.Run((tape, x) => Both(new AffineOperation<double>(slope, [1, 0], inverse).Apply(x[0], x[1], out var logDet), logDet));
    }

    [Test]
    public void Functions_of_segments([Values(SegmentFunction.LogSumExp, SegmentFunction.Softmax, SegmentFunction.LogSoftmax)] SegmentFunction function, [Values] bool shared)
    {
        var check = new TangentCheck(5);
        check = shared ? check.SharedRow(Apart(6, 0)) : check.Block(Apart(30, 0), 6);
        check.Run((tape, x) => SegmentOperation<double>.Of(function, 3).Apply(x[0]));
    }

    [Test]
    public void Functions_of_segments_that_choose_have_no_rule()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(1, record: true);
        var x = tape.Input([1.0, 2], 2, requiresAdjoint: true);
        var y = SegmentOperation<double>.Of(SegmentFunction.Max, 2).Apply(x);
        Assert.That(() => tape.Jacobian(y, x), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Max"));
    }

    [Test]
    public void The_Gaussianization([Values] bool inverse, [Values] bool shared, [Values(0.0, 0.01)] double squeeze)
    {
        // Where the map is strongly bent, differences are worse than the rule: small numbers.
        var check = new TangentCheck(5).Block(Array.ConvertAll(Apart(10, 0), number => 0.4 * number), 2);
        check = shared ? check.SharedRow(Small(8)) : check.Block(Small(40), 8);
        check.Run((tape, x) => Both(new GaussianizationOperation<double>(2, squeeze, [1, 0], inverse).Apply(x[0], x[1], out var logDet), logDet));

        static double[] Small(int length) => Array.ConvertAll(Apart(length, 1), number => 0.4 * number);
    }

    [Test]
    public void The_residual([Values] bool inverse, [Values] bool shared)
    {
        var check = new TangentCheck(5).Block(Apart(10, 0), 2);
        check = shared ? check.SharedRow([0.7, -0.8]) : check.Block(Apart(10, 1), 2);
        check.Block(Weight(40), 8).Block(Weight(41)[1..], 8).Block(Weight(22)[2..], 4);
        check.Run((tape, x) => Both(new ResidualOperation<double>(_residual, inverse).Apply(x[0], x[1], x.AsSpan(2), out var logDet), logDet));
    }

    [Test]
    public void The_residual_of_which_the_argument_alone_moves() =>
        new TangentCheck(5).Block(Apart(10, 0), 2).Run((tape, x) => Both(
            new ResidualOperation<double>(_residual).Apply(
                x[0], tape.SharedRow([0.7, -0.8]), [tape.Input(Weight(40), 8), tape.Input(Weight(40), 8), tape.Input(Weight(20), 4)], out var logDet),
            logDet));

    [TestCase(0)]
    [TestCase(2)]
    public void Masked_networks(int context)
    {
        var network = new MaskedMlp<double>(new AutoregressiveOrder([1, 0, 2], context), [7, 6], 2, UnaryFunction.Silu, "net", new RandomStream(3));
        var check = new TangentCheck(5).Block(Apart(15, 0), 3);
        if (context > 0)
            check.SharedRow(Apart(context, 1));
        check.Run((tape, x) => network.Apply(x[0], context > 0 ? x[1] : default), [.. network.Parameters]);
    }

    [Test]
    public void Networks_that_are_evaluated_rank_by_rank([ValueSource(nameof(_fewActivations))] UnaryFunction activation)
    {
        var network = new MaskedMlp<double>(new AutoregressiveOrder([1, 0, 2]), [7, 6], 1, activation, "net", new RandomStream(3));
        new TangentCheck(5).Block(Apart(15, 0), 3).Run(
            (tape, x) =>
            {
                var evaluation = network.BeginRankByRank(default, x[0]);
                for (var group = 0; group < 3; group++)
                {
                    var feature = network.Order.FeaturesByRank[group];
                    tape.ApplyInto(
                        BinaryOperation<double>.Of(BinaryFunction.Subtract), [x[0].Slice(feature, 1), evaluation.Outputs(group)], [evaluation.SolvedOf(group)]);
                }

                return evaluation.Solved;
            },
            [.. network.Parameters]);
    }

    [Test]
    public void The_spline_says_that_it_has_none()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(5, record: true);
        var x = tape.Input(Apart(10, 0), 2);
        var y = new SplineOperation<double>(new SplineSettings(3), [0, 1]).Apply(x, tape.SharedRow(Weight(16)), out _);
        Assert.That(() => tape.PushForward(y, x, x), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("spline"));
        Assert.That(Read(tape, tape.PushForward(x.Square(), x, x)), Is.EqualTo(Array.ConvertAll(Apart(10, 0), value => 2 * value * value)).Within(1e-15), "the tape works on");
    }

    private static TangentCheck Moving(int which) => which switch
    {
        0 => new TangentCheck(33).Block(Apart(99, 0), 3),
        1 => new TangentCheck(33).SharedRow([0.3, -0.2, 0.9]),
        _ => new TangentCheck(33).SharedRow([1.4, 0.8, 1.1]),
    };

    private static Variable<double> Both(Variable<double> y, Variable<double> logDet) => VariableFunctions.Concatenate(y, logDet);

    private static double[] Read(Tape<double> tape, Variable<double> variable)
    {
        var values = new double[variable.Rows * variable.Columns];
        tape.ReadValue(variable, values);
        return values;
    }

    // Weights with which no pre-activation of the tests comes near the kinks at 0, and coefficients of order a half.
    private static double[] Weight(int length)
    {
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
            numbers[i] = 0.6 * Math.Sin(2 + (1.7 * i));
        return numbers;
    }

    // Numbers between 0.3 and 2 of either sign. Those of set 0 and set 1 never come closer than 0.02 to each other or to
    // zero, so differences do not step over a kink of Max, Min, Abs or ReLU.
    private static double[] Apart(int length, int set)
    {
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
        {
            var step = (int)(i * 0.6180339887498949 % 1 * 42);
            numbers[i] = (0.3 + (step * 0.04) + (set * 0.02)) * ((i + set) % 2 == 0 ? 1 : -1);
        }

        return numbers;
    }

    private static double[] Arguments(UnaryFunction function, int length) => Array.ConvertAll(Apart(length, 0), number => FunctionRange.Of(function, number));

    // The first operand in the range of the function.
    private static double[] First(BinaryFunction function, int length, int set) => Array.ConvertAll(Apart(length, set), number => FunctionRange.OfFirst(function, number));
}
