using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Shapes that do not go together are refused with the parameter's name, what was expected and what was given.</summary>
[TestFixture]
public sealed class OperandTests
{
    private Kernels<float> _kernels = null!;
    private Tape<float> _tape = null!;

    [SetUp]
    public void CreateTape()
    {
        _kernels = Device.Cpu.CreateKernels<float>();
        _tape = new Tape<float>(_kernels);
        _tape.Begin(2, record: true);
    }

    [TearDown]
    public void DisposeTape()
    {
        _tape.Dispose();
        _kernels.Dispose();
    }

    [Test]
    public void Columns_that_do_not_go_together_are_refused() =>
        Refused(() => Block(3) + Block(2), "b", "3 columns or 1", "a block [2, 2]");

    [Test]
    public void A_shared_matrix_of_several_rows_does_not_go_with_a_block() =>
        Refused(() => Block(3) * _tape.AllocateShared(2, 3), "b", "a shared operand of one row", "shared [2, 3]");

    [Test]
    public void A_missing_operand_is_refused()
    {
        Refused(() => Block(3) + default(Variable<float>), "b", "a variable", "got none");
        Refused(() => default(Variable<float>).Exp(), "x", "a variable", "got none");
        Refused(() => VariableFunctions.Concatenate(Block(1), default), "inputs", "a variable", "got none");
    }

    [Test]
    public void A_gathered_column_that_is_not_there_is_refused() =>
        Refused(() => Block(3).Gather(0, 3), "x", "more than 3 columns", "a block [2, 3]");

    [Test]
    public void A_negative_index_and_no_index_are_refused()
    {
        Refused(() => Block(3).Gather(0, -1), "indices", "from 0", "got -1");
        Refused(() => Block(3).Gather(), "indices", "at least one", "got none");
    }

    [Test]
    public void Shared_matrices_of_different_rows_do_not_stand_side_by_side()
    {
        Refused(() => VariableFunctions.Concatenate(_tape.AllocateShared(2, 1), _tape.AllocateShared(3, 1)), "inputs", "2 rows", "shared [3, 1]");
        Refused(() => VariableFunctions.Concatenate(_tape.AllocateShared(3, 1), Block(1)), "inputs", "shared rows", "shared [3, 1]");
    }

    [Test]
    public void A_location_or_scale_of_another_shape_is_refused()
    {
        Refused(() => Block(3).NormalLogDensity(_tape.SharedRow([1f, 2f])), "location", "3 numbers", "shared [1, 2]");
        Refused(() => Block(3).NormalLogDensity(default, Block(3)), "scale", "a shared row", "a block [2, 3]");
    }

    [Test]
    public void A_triangular_matrix_of_another_shape_is_refused() =>
        Refused(() => Block(3).TriangularSolve(_tape.AllocateShared(2, 2)), "lower", "[3, 3]", "shared [2, 2]");

    [Test]
    public void The_diagonal_of_a_matrix_that_is_not_square_is_refused() =>
        Refused(() => _tape.AllocateShared(2, 3).LogAbsDiagonal(), "matrix", "square", "shared [2, 3]");

    [Test]
    public void A_layer_of_one_output_takes_its_weight()
    {
        var weight = new Parameter<float>("weight", 1, 3);
        weight.Write([1, 2, 3]);
        using var store = new ParameterStore<float>(Device.Cpu, [weight]);
        var y = new LinearOperation<float>(UnaryFunction.Identity).Apply(_tape, Block(3), _tape.Use(weight), default);
        var values = new float[2];
        _tape.ReadValue(y, values);
        Assert.That(values, Is.EqualTo(new[] { 6f, 6f }));
    }

    private static void Refused(Func<Variable<float>> call, string parameter, string expected, string got) =>
        Assert.That(
            () => call(),
            Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(parameter).And.Message.Contains(expected).And.Message.Contains(got));

    // A block of ones.
    private Variable<float> Block(int columns)
    {
        var ones = new float[2 * columns];
        Array.Fill(ones, 1);
        return _tape.Input(ones, columns);
    }
}
