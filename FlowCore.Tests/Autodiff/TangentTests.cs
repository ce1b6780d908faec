using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>How tangents find their way through the record: slices, intermediate results, several directions, what is refused.</summary>
[TestFixture]
public sealed class TangentTests
{
    private Kernels<double> _kernels = null!;
    private Tape<double> _tape = null!;

    [SetUp]
    public void CreateTape()
    {
        _kernels = Device.Cpu.CreateKernels<double>();
        _tape = new Tape<double>(_kernels, capacity: 100);
    }

    [TearDown]
    public void DisposeTape()
    {
        _tape.Dispose();
        _kernels.Dispose();
    }

    [Test]
    public void A_variable_filled_slice_by_slice_has_a_tangent_of_every_slice() =>
        new TangentCheck(33).Block(Numbers(66), 2).Run((tape, x) => FilledBySlices(tape, x[0]).Sin());

    [Test]
    public void Slices_that_nothing_reaches_have_the_tangent_zero()
    {
        _tape.Begin(2, record: true);
        var x = _tape.Input([2.0, 3], 1);
        var y = _tape.Allocate(3);
        var constant = _tape.Input([5.0, 6], 1);
        _tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Exp), [constant], [y.Slice(0, 1)]);
        _tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Square), [x], [y.Slice(1, 1)]);
        _tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Exp), [constant], [y.Slice(2, 1)]);
        Assert.That(Read(_tape.PushForward(y, x, _tape.SharedRow([1.0]))), Is.EqualTo(new[] { 0.0, 4, 0, 0, 6, 0 }));
    }

    [Test]
    public void The_adjoint_of_slices_passes_by_operations_that_need_none()
    {
        // The first slice is made of what has no adjoint: its operation is on the record and must be left out.
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0], 1, requiresAdjoint: true);
        var y = _tape.Allocate(2);
        _tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Square), [_tape.Input([5.0], 1)], [y.Slice(0, 1)]);
        _tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Square), [x], [y.Slice(1, 1)]);
        _tape.Backward(y.SumColumns(), [1.0]);
        var adjoint = new double[1];
        _tape.ReadAdjoint(x, adjoint);
        Assert.That(adjoint[0], Is.EqualTo(4));
    }

    [Test]
    public void An_argument_may_be_a_slice()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0, 3, 5], 3);
        var part = x.Slice(1, 2);
        var y = x.Gather(0, 1) * x.Slice(1, 2);
        // y = (x_0 x_1, x_1 x_2) along (0, 1, 10).
        Assert.That(Read(_tape.PushForward(y, part, _tape.Input([1.0, 10], 2))), Is.EqualTo(new[] { 2.0, 5 + (3 * 10) }));
        Assert.That(Read(_tape.PushForward(part, x, _tape.Input([7.0, 8, 9], 3))), Is.EqualTo(new[] { 8.0, 9 }));
    }

    [Test]
    public void Slices_of_one_variable_move_at_once()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0, 3, 5], 3);
        var y = x.Square();
        Assert.That(
            Read(_tape.PushForward(y, [x.Slice(2, 1), x.Slice(0, 1)], [_tape.Input([1.0], 1), _tape.Input([10.0], 1)])),
            Is.EqualTo(new[] { 40.0, 0, 10 }));
    }

    [Test]
    public void An_argument_may_be_an_intermediate_result_or_the_result_itself()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0], 1);
        var h = x.Square();
        var y = h * x;
        Assert.That(Read(_tape.PushForward(y, h, _tape.Input([1.0], 1))), Is.EqualTo(new[] { 2.0 }), "x is held");
        Assert.That(Read(_tape.PushForward(y, y, _tape.Input([3.0], 1))), Is.EqualTo(new[] { 3.0 }));
    }

    [Test]
    public void Arguments_count_as_independent()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0], 1);
        var h = x.Square();
        var y = h * x;
        // ẏ = ḣ x + h ẋ with the ḣ that is given, not with 2 x ẋ.
        Assert.That(Read(_tape.PushForward(y, [x, h], [_tape.Input([1.0], 1), _tape.Input([10.0], 1)])), Is.EqualTo(new[] { 20.0 + 4 }));
    }

    [Test]
    public void Columns_that_are_given_are_kept_and_others_of_the_same_variable_arrive()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0, 3], 2);
        var h = x.Square();
        var y = h * 2.0;
        Assert.That(
            Read(_tape.PushForward(y, [x, h.Slice(1, 1)], [_tape.Input([1.0, 1], 2), _tape.Input([100.0], 1)])),
            Is.EqualTo(new[] { 8.0, 200 }));
    }

    [Test]
    public void What_does_not_depend_on_the_argument_has_the_tangent_zero()
    {
        _tape.Begin(2, record: true);
        var x = _tape.Input([1.0, 2], 1);
        var y = _tape.Input([1.0, 2, 3, 4], 2).Exp();
        Assert.That(Read(_tape.PushForward(y, x, x)), Is.EqualTo(new double[4]));
    }

    [Test]
    public void Operations_that_are_not_on_the_way_need_no_rule()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0], 1);
        _ = _tape.Apply(new WithoutRule(), [x], 1);
        Assert.That(Read(_tape.PushForward(x.Square(), x, x)), Is.EqualTo(new[] { 8.0 }));
    }

    [Test]
    public void An_operation_without_a_rule_is_named_and_the_tape_works_on()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0], 1);
        var y = _tape.Apply(new WithoutRule(), [x], 1);
        Assert.That(
            () => _tape.PushForward(y, x, x),
            Throws.InstanceOf<NotSupportedException>().With.Message.Contains("the users' own").And.Message.Contains("override Tangent in WithoutRule"));
        Assert.That(Read(_tape.PushForward(x.Square(), x, x)), Is.EqualTo(new[] { 8.0 }));
    }

    [Test]
    public void A_rule_of_the_users_own() =>
        new TangentCheck(33).Block(Numbers(66), 2).Run((tape, x) => tape.Apply(new Cube(composed: false), [x[0]], 2));

    [Test]
    public void A_rule_composed_of_operations_with_rules_composed_again()
    {
        new TangentCheck(33).Block(Numbers(66), 2).Run((tape, x) => tape.Apply(new Cube(composed: true), [x[0]], 2));
        new TangentCheck(33).Block(Numbers(66), 2).Run((tape, x) => tape.Apply(new SixthPower(), [x[0]], 2));
    }

    [Test]
    public void A_rule_does_not_start_a_push_of_its_own()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0], 1);
        var y = _tape.Apply(new Pushing(), [x], 1);
        Assert.That(() => _tape.PushForward(y, x, x), Throws.InvalidOperationException.With.Message.Contains("rule"));
    }

    [Test]
    public void A_tangent_of_a_tangent_is_a_second_derivative()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([0.7], 1);
        var one = _tape.SharedRow([1.0]);
        var second = _tape.PushForward(_tape.PushForward(x.Sin() * x, x, one), x, one);
        // (x sin x)'' = 2 cos x − x sin x; the rounding of a few sums.
        Assert.That(Read(second)[0], Is.EqualTo((2 * Math.Cos(0.7)) - (0.7 * Math.Sin(0.7))).Within(1e-14));
        Assert.That(
            () => _tape.PushForward(second, x, one), Throws.TypeOf<NotSupportedException>().With.Message.Contains("Curvature of Sin"),
            "the functions are known to the second derivative");
    }

    [Test]
    public void A_tangent_may_be_pushed_after_the_sweep()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([3.0], 1, requiresAdjoint: true);
        var y = x.Square();
        _tape.Backward(y, [1.0]);
        Assert.That(Read(_tape.PushForward(y, x, _tape.SharedRow([1.0]))), Is.EqualTo(new[] { 6.0 }));
    }

    [Test]
    public void Nothing_is_pushed_where_nothing_was_recorded()
    {
        _tape.Begin(1, record: false);
        var x = _tape.Input([3.0], 1);
        var y = x.Square();
        Assert.That(() => _tape.PushForward(y, x, x), Throws.InvalidOperationException.With.Message.Contains("without recording"));
    }

    [Test]
    public void Directions_of_another_shape_are_refused()
    {
        _tape.Begin(2, record: true);
        var x = _tape.Input([1.0, 2, 3, 4], 2);
        var row = _tape.SharedRow([1.0, 2]);
        var y = x.SumColumns();
        Assert.Multiple(() =>
        {
            Refused("v", "a block [2, 2]", () => _tape.PushForward(y, x, _tape.Input([1.0, 2], 1)));
            Refused("v", "shared [1, 2]", () => _tape.PushForward(row.Square(), row, x));
            Refused("v", "0 directions", () => _tape.PushForward(y, [x], []));
            Refused("v", "0 directions", () => _tape.PushForward(y, [], []));
            Refused("x", "twice", () => _tape.PushForward(y, [x, x.Slice(0, 1)], [x, y]));
            Refused("variable", "got none", () => _tape.PushForward(default, x, x));
        });
    }

    [Test]
    public void A_tangent_of_another_shape_is_refused()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([2.0, 3], 2);
        var y = _tape.Apply(new WrongShape(), [x], 3);
        Refused("tangent", "a block [1, 3]", () => _tape.PushForward(y, x, x));
        var shared = _tape.AllocateShared(1, 2);
        _tape.ApplyInto(new WrongShape(), [x], [shared]);
        Refused("tangent", "shared [1, 2]", () => _tape.PushForward(shared, x, x));
    }

    [Test]
    public void Padding_rows_count_neither_in_tangents_nor_in_their_gradients([Values(1, 31, 33)] int rows)
    {
        _tape.Begin(rows, record: true);
        var numbers = Numbers(rows);
        var x = _tape.Input(numbers, 1, requiresAdjoint: true);
        var shared = _tape.SharedRow([0.5], requiresAdjoint: true);
        var tangent = _tape.PushForward((x.Square() * shared).SumRows(), x, x);
        var squares = numbers.Sum(number => number * number);
        // Sums of at most 33 numbers below 3 in another order.
        Assert.That(Read(tangent)[0], Is.EqualTo(squares).Within(1e-12));
        _tape.Backward(tangent, [1.0]);
        var adjoint = new double[1];
        _tape.ReadAdjoint(shared, adjoint);
        Assert.That(adjoint[0], Is.EqualTo(2 * squares).Within(1e-12));
    }

    private static Variable<double> FilledBySlices(Tape<double> tape, Variable<double> x)
    {
        // y_0 = x_0², y_1 = y_0 x_1, y_2 = y_0 + y_1: each column is made of those before, as in an autoregressive inverse.
        var y = tape.Allocate(3);
        tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Square), [x.Slice(0, 1)], [y.Slice(0, 1)]);
        tape.ApplyInto(BinaryOperation<double>.Of(BinaryFunction.Multiply), [y.Slice(0, 1), x.Slice(1, 1)], [y.Slice(1, 1)]);
        tape.ApplyInto(BinaryOperation<double>.Of(BinaryFunction.Add), [y.Slice(0, 1), y.Slice(1, 1)], [y.Slice(2, 1)]);
        return y;
    }

    private static void Refused(string parameter, string part, Func<Variable<double>> action) =>
        Assert.That(() => action(), Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(parameter).And.Message.Contains(part));

    private double[] Read(Variable<double> variable)
    {
        var values = new double[variable.Rows * variable.Columns];
        _tape.ReadValue(variable, values);
        return values;
    }

    private static double[] Numbers(int length)
    {
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
            numbers[i] = 1.5 * Math.Sin(1 + (i * 0.7));
        return numbers;
    }

    private class WithoutRule : Operation<double>
    {
        public override string Name => "the users' own";

        protected internal override void Forward(in OperationCall<double> call) => call.Kernels.Copy(call.Input(0), call.Output(0), accumulate: false);

        protected internal override void Backward(in OperationCall<double> call) => call.Kernels.Copy(call.OutputAdjoint(0), call.InputAdjoint(0), accumulate: true);
    }

    private sealed class Pushing : WithoutRule
    {
        protected internal override void Tangent(in TangentCall<double> call) =>
            call.SetOutputTangent(0, call.Tape.PushForward(call.Input(0), call.Input(0), call.InputTangent(0)));
    }

    private sealed class WrongShape : Operation<double>
    {
        protected internal override void Forward(in OperationCall<double> call) => call.Kernels.Fill(call.Output(0), 1);

        protected internal override void Backward(in OperationCall<double> call)
        {
        }

        protected internal override void Tangent(in TangentCall<double> call) => call.SetOutputTangent(0, call.InputTangent(0));
    }

    /// <summary>y = x³ with its rule as a formula, or as the operations that it is made of.</summary>
    private sealed class Cube(bool composed) : Operation<double>
    {
        protected internal override void Forward(in OperationCall<double> call)
        {
            call.Kernels.Unary(UnaryFunction.Square, call.Input(0), call.Output(0));
            call.Kernels.Binary(BinaryFunction.Multiply, call.Output(0), call.Input(0), call.Output(0));
        }

        protected internal override void Backward(in OperationCall<double> call)
        {
            var adjoint = call.OutputAdjoint(0);
            call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Input(0), adjoint);
            call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Input(0), adjoint);
            call.Kernels.ScaleShift(adjoint, 3, 0, call.InputAdjoint(0), accumulate: true);
        }

        protected internal override void Tangent(in TangentCall<double> call) => call.SetOutputTangent(
            0,
            composed ? call.TangentOf(call.Input(0).Square() * call.Input(0)) : call.Input(0).Square() * call.InputTangent(0) * 3.0);
    }

    /// <summary>y = x⁶ whose rule is that of a cube, composed itself, and a square; asked for two tangents in turn.</summary>
    private sealed class SixthPower : Operation<double>
    {
        private readonly Cube _cube = new(composed: true);

        protected internal override void Forward(in OperationCall<double> call)
        {
            _cube.Forward(call);
            call.Kernels.Unary(UnaryFunction.Square, call.Output(0), call.Output(0));
        }

        protected internal override void Backward(in OperationCall<double> call)
        {
            // x̄ += 6 x⁵ ȳ = 6 y / x ȳ.
            var adjoint = call.OutputAdjoint(0);
            call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Output(0), adjoint);
            call.Kernels.Binary(BinaryFunction.Divide, adjoint, call.Input(0), adjoint);
            call.Kernels.ScaleShift(adjoint, 6, 0, call.InputAdjoint(0), accumulate: true);
        }

        protected internal override void Tangent(in TangentCall<double> call)
        {
            var cube = call.Tape.Apply(_cube, [call.Input(0)], call.Input(0).Columns);
            var half = call.TangentOf(cube);
            // (c²)˙ = c ċ + c ċ, one half from the formula, the other from the record.
            call.SetOutputTangent(0, (cube * half) + (call.TangentOf(cube.Square()) * 0.5));
        }
    }
}
