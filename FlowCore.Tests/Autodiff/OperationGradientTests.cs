using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Tests.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Every operation's adjoint against differences, for inputs, shared rows and parameters, with and without padding.</summary>
[TestFixture]
public sealed class OperationGradientTests
{
    // Fourth-order differences with h = 1e-3: (1e-3)^4 times a fifth derivative of up to a few hundred, and 1e-13 of
    // rounding in F over h.
    private const double Tolerance = 1e-8;

    private static readonly int[] _rows = [1, 31, 32, 33, 100];

    private static readonly IReadOnlyList<UnaryFunction> _unaries = UnaryFunction.All;

    private static readonly IReadOnlyList<BinaryFunction> _binaries = BinaryFunction.All;

    [Test]
    public void Unary_functions_of_a_block([ValueSource(nameof(_unaries))] UnaryFunction function, [ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Arguments(function, rows * 2), 2), (_, leaves) => UnaryOperation<double>.Of(function).Apply(leaves[0]));

    [Test]
    public void Unary_functions_of_a_shared_row([ValueSource(nameof(_unaries))] UnaryFunction function) =>
        Check(new GradientCheck(3).SharedRow(Arguments(function, 11)), (_, leaves) => UnaryOperation<double>.Of(function).Apply(leaves[0]));

    [Test]
    public void Unary_tangents([ValueSource(nameof(_unaries))] UnaryFunction function, [ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Arguments(function, rows * 2), 2).Block(Apart(rows * 2, 1), 2), (_, leaves) =>
            UnaryTangentOperation<double>.Of(function).Apply(leaves[0], leaves[0].Apply(function), leaves[1]));

    [Test]
    public void Choices_between_operands_of_every_shape([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 3, 0), 3).Block(Apart(rows, 1), 1).SharedRow(Apart(3, 1)), (_, leaves) =>
            leaves[0].Less(leaves[2]).Where(leaves[1].Exp(), leaves[2] * 2.0) + leaves[0].Less(leaves[1]).Where(leaves[0].Square(), leaves[1]));

    [Test]
    public void Binary_functions_of_blocks([ValueSource(nameof(_binaries))] BinaryFunction function, [ValueSource(nameof(_rows))] int rows) =>
        Check(
            new GradientCheck(rows).Block(First(function, rows * 3, 0), 3).Block(Apart(rows * 3, 1), 3),
            (_, leaves) => BinaryOperation<double>.Of(function).Apply(leaves[0], leaves[1]));

    [Test]
    public void Binary_functions_repeat_a_column([ValueSource(nameof(_binaries))] BinaryFunction function, [ValueSource(nameof(_rows))] int rows, [Values] bool first) =>
        Check(
            new GradientCheck(rows).Block(First(function, rows * (first ? 1 : 3), 0), first ? 1 : 3).Block(Apart(rows * (first ? 3 : 1), 1), first ? 3 : 1),
            (_, leaves) => BinaryOperation<double>.Of(function).Apply(leaves[0], leaves[1]));

    [Test]
    public void Binary_functions_repeat_a_shared_row([ValueSource(nameof(_binaries))] BinaryFunction function, [ValueSource(nameof(_rows))] int rows, [Values] bool first)
    {
        var check = new GradientCheck(rows).Block(First(function, rows * 3, first ? 1 : 0), 3).SharedRow(First(function, 3, first ? 0 : 1));
        Check(check, (_, leaves) => BinaryOperation<double>.Of(function).Apply(leaves[first ? 1 : 0], leaves[first ? 0 : 1]));
    }

    [Test]
    public void Binary_functions_repeat_a_row_and_a_column_at_once([ValueSource(nameof(_binaries))] BinaryFunction function, [ValueSource(nameof(_rows))] int rows) =>
        Check(
            new GradientCheck(rows).Block(First(function, rows, 0), 1).SharedRow(Apart(3, 1)),
            (_, leaves) => BinaryOperation<double>.Of(function).Apply(leaves[0], leaves[1]));

    [Test]
    public void Binary_functions_repeat_a_shared_number([ValueSource(nameof(_binaries))] BinaryFunction function, [ValueSource(nameof(_rows))] int rows) =>
        Check(
            new GradientCheck(rows).Block(First(function, rows * 3, 0), 3).SharedRow(Apart(1, 1)),
            (_, leaves) => BinaryOperation<double>.Of(function).Apply(leaves[0], leaves[1]));

    [Test]
    public void Binary_functions_of_shared_matrices([ValueSource(nameof(_binaries))] BinaryFunction function)
    {
        var matrix = Parameter("matrix", 3, 5, 0);
        matrix.Write(First(function, 15, 0));
        var row = Parameter("row", 1, 3, 1, isVector: true);
        using var store = new ParameterStore<double>(Device.Cpu, [matrix, row]);
        Check(new GradientCheck(2).Parameters(store), (tape, _) => BinaryOperation<double>.Of(function).Apply(tape.Use(matrix), tape.Use(row)));
    }

    [Test]
    public void Both_operands_may_be_the_same_variable([ValueSource(nameof(_binaries))] BinaryFunction function) =>
        Check(new GradientCheck(33).Block(Apart(66, 0), 2), (_, leaves) =>
        {
            var y = leaves[0].Square();
            return BinaryOperation<double>.Of(function).Apply(y, y) * y;
        });

    [Test]
    public void Operators_with_variables_and_numbers() =>
        Check(
            new GradientCheck(33).Block(Apart(66, 0), 2).SharedRow(Apart(2, 1)),
            (_, leaves) => (2.0 / ((leaves[0] * 3.0) + 10.0)) - ((-leaves[1]) / leaves[0]) + (1.5 - (leaves[0] / 4.0)) + ((leaves[0] - 0.5) * leaves[1]));

    [Test]
    public void Scale_and_shift([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 2, 0), 2), (_, leaves) => new ScaleShiftOperation<double>(-1.5, 0.25).Apply(leaves[0]));

    [Test]
    public void Sums_over_columns([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 3, 0), 3), (_, leaves) => leaves[0].Square().SumColumns() * leaves[0]);

    [Test]
    public void Sums_over_the_columns_of_a_shared_row() =>
        Check(new GradientCheck(2).SharedRow(Apart(7, 0)), (_, leaves) => leaves[0].Square().SumColumns() * leaves[0]);

    [Test]
    public void Means_over_columns([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 3, 0), 3), (_, leaves) => leaves[0].Exp().MeanColumns());

    [Test]
    public void Sums_over_rows([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 3, 0), 3), (_, leaves) => leaves[0].Square().SumRows() * leaves[0]);

    [Test]
    public void Log_sum_exp([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 4, 0), 4), (_, leaves) => leaves[0].LogSumExp() * leaves[0].Sin());

    [Test]
    public void Gathered_columns([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 4, 0), 4), (_, leaves) => leaves[0].Square().Gather(3, 0, 3, 1));

    [Test]
    public void Slices([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 4, 0), 4), (_, leaves) =>
        {
            var y = leaves[0].Square();
            return y.Slice(1, 2) * y.Slice(2, 2) * leaves[0].Slice(0, 1);
        });

    [Test]
    public void Concatenated_blocks_and_shared_rows([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 2, 0), 2).SharedRow(Apart(3, 1)), (_, leaves) =>
        {
            var y = VariableFunctions.Concatenate(leaves[1], leaves[0], leaves[0].Square(), leaves[1]);
            return y.Sin() * y.Gather(9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        });

    [Test]
    public void Concatenated_shared_rows() =>
        Check(new GradientCheck(2).SharedRow(Apart(2, 0)).SharedRow(Apart(3, 1)), (_, leaves) => VariableFunctions.Concatenate(leaves[0], leaves[1], leaves[0]).Sin());

    [Test]
    public void The_normal_log_density([ValueSource(nameof(_rows))] int rows) =>
        Check(
            new GradientCheck(rows).Block(Apart(rows * 3, 0), 3).SharedRow([0.3, -0.2, 0.9]).SharedRow([1.4, 0.8, 1.1]),
            (_, leaves) => leaves[0].NormalLogDensity(leaves[1], leaves[2]) * leaves[0].SumColumns());

    [Test]
    public void The_standard_normal_log_density([ValueSource(nameof(_rows))] int rows) =>
        Check(new GradientCheck(rows).Block(Apart(rows * 3, 0), 3), (_, leaves) => leaves[0].NormalLogDensity());

    [Test]
    public void Triangular_systems([ValueSource(nameof(_rows))] int rows, [Values] bool transposed, [Values] bool unitDiagonal)
    {
        // What is above the diagonal, and a diagonal that counts as ones, is not read: its gradient is zero, as is the difference.
        var lower = new Parameter<double>("lower", 3, 3);
        lower.Write([1.3, 9, 9, 0.4, -0.9, 9, -0.7, 0.5, 1.1]);
        using var store = new ParameterStore<double>(Device.Cpu, [lower]);
        Check(
            new GradientCheck(rows).Block(Apart(rows * 3, 0), 3).Parameters(store),
            (tape, leaves) => leaves[0].TriangularSolve(tape.Use(lower), transposed, unitDiagonal) * leaves[0]);
    }

    [Test]
    public void The_log_determinant_of_a_triangular_matrix()
    {
        var lower = new Parameter<double>("lower", 3, 3);
        lower.Write([1.3, 9, 9, 0.4, -0.9, 9, -0.7, 0.5, 1.1]);
        using var store = new ParameterStore<double>(Device.Cpu, [lower]);
        Check(
            new GradientCheck(2).Block(Apart(4, 0), 2).Parameters(store),
            (tape, leaves) => tape.Use(lower).LogAbsDiagonal() * leaves[0]);
    }

    [Test]
    public void Linear_layers_and_arithmetic_together([ValueSource(nameof(_rows))] int rows)
    {
        var weight = Parameter("weight", 4, 3, 0);
        var bias = Parameter("bias", 1, 4, 1, isVector: true);
        var single = Parameter("single", 1, 4, 0);
        using var store = new ParameterStore<double>(Device.Cpu, [weight, bias, single]);
        var hidden = new LinearOperation<double>(UnaryFunction.Tanh);
        var last = new LinearOperation<double>(UnaryFunction.Identity);
        Check(
            new GradientCheck(rows).Block(Apart(rows * 3, 0), 3).Parameters(store),
            (tape, leaves) => last.Apply(tape, hidden.Apply(tape, leaves[0], tape.Use(weight), tape.Use(bias)), tape.Use(single), default) * leaves[0]);
    }

    private static void Check(GradientCheck check, Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        var deviation = check.Run(function);
        Assert.That(deviation.Relative, Is.LessThan(Tolerance), deviation.ToString());
    }

    private static Parameter<double> Parameter(string name, int rows, int columns, int set, bool isVector = false)
    {
        var parameter = new Parameter<double>(name, rows, columns, isVector);
        parameter.Write(Apart(rows * columns, set));
        return parameter;
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
