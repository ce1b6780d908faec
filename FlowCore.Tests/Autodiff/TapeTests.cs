using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

[TestFixture]
public sealed class TapeTests
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
    public void A_warm_step_allocates_nothing_on_the_managed_heap()
    {
        var weight = new Parameter<double>("weight", 5, 3);
        var bias = new Parameter<double>("bias", 1, 5, isVector: true);
        using var store = new ParameterStore<double>(Device.Cpu, [weight, bias]);
        using var gradients = _kernels.Allocate(store.Length);
        var layer = new LinearOperation<double>(UnaryFunction.Silu);
        var permutation = new GatherColumnsOperation<double>([4, 3, 2, 1, 0]);
        var numbers = new double[300];
        Array.Fill(numbers, 0.5);
        var seed = new double[100];
        Array.Fill(seed, 1.0);
        var result = new double[100];

        void Step(int rows, bool record)
        {
            if (record)
                _tape.Begin(rows, store, gradients);
            else
                _tape.Begin(rows, record: false);
            var x = _tape.Input(numbers.AsSpan(0, rows * 3), 3);
            var h = permutation.Apply(layer.Apply(x, _tape.Use(weight), _tape.Use(bias)));
            var joined = VariableFunctions.Concatenate(h, x, _tape.Use(bias)) * 2.0;
            var y = (joined.LogSumExp() - x.NormalLogDensity()) / (1.0 + h.Slice(1, 2).Square().SumColumns());
            if (record)
                _tape.Backward(y, seed.AsSpan(0, rows));
            _tape.ReadValue(y, result.AsSpan(0, rows));
        }

        // More repeats than the compiler's tiers count to, with every kind of block in turn.
        for (var i = 0; i < 200; i++)
            Step(i % 2 == 0 ? 100 : 33, i % 3 != 0);
        Assert.That(
            WarmCall.Allocated(() =>
            {
                for (var i = 0; i < 12; i++)
                    Step(i % 2 == 0 ? 100 : 33, i % 3 != 0);
            }),
            Is.Zero);
    }

    [Test]
    public void The_adjoints_of_overlapping_slices_add_up()
    {
        _tape.Begin(2, record: true);
        var x = _tape.Input([1.0, 2, 3, 4, 5, 6], 3, requiresAdjoint: true);
        var y = x.Slice(0, 2).SumColumns() + (x.Slice(1, 2).SumColumns() * 10.0);
        _tape.Backward(y, [1.0, 100]);
        var adjoint = new double[6];
        _tape.ReadAdjoint(x, adjoint);
        Assert.That(adjoint, Is.EqualTo(new[] { 1.0, 11, 10, 100, 1100, 1000 }));
    }

    [Test]
    public void A_slice_of_a_slice_starts_where_it_says()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([1.0, 2, 3, 4, 5], 5, requiresAdjoint: true);
        var inner = x.Slice(1, 4).Slice(1, 2);
        var values = new double[2];
        _tape.ReadValue(inner, values);
        Assert.That(values, Is.EqualTo(new[] { 3.0, 4 }));
        _tape.Backward(inner, [7.0, 8]);
        var adjoint = new double[5];
        _tape.ReadAdjoint(x, adjoint);
        Assert.That(adjoint, Is.EqualTo(new[] { 0.0, 0, 7, 8, 0 }));
        var own = new double[2];
        _tape.ReadAdjoint(inner, own);
        Assert.That(own, Is.EqualTo(new[] { 7.0, 8 }));
    }

    [Test]
    public void A_seed_of_weights_on_the_device_is_the_seed_from_the_host([Values(1, 31, 32, 33)] int rows, [Values] bool weighted)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, rows);
        var (x, w, seed) = (new double[rows], new double[rows], new double[rows]);
        for (var row = 0; row < rows; row++)
            (x[row], w[row], seed[row]) = (Math.Sin(row), row, weighted ? -2.0 * row : -2);
        var (expected, computed) = (new double[rows], new double[rows]);
        tape.Begin(rows, record: true);
        var leaf = tape.Input(x, 1, requiresAdjoint: true);
        tape.Backward(leaf.Exp(), seed);
        tape.ReadAdjoint(leaf, expected);
        tape.Begin(rows, record: true);
        leaf = tape.Input(x, 1, requiresAdjoint: true);
        tape.Backward(leaf.Exp(), weighted ? tape.Input(w, 1) : default, -2.0);
        tape.ReadAdjoint(leaf, computed);
        Assert.That(computed, Is.EqualTo(expected));
    }

    [Test]
    public void A_seed_of_weights_is_added_to_what_a_slice_s_root_holds()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 2);
        tape.Begin(2, record: true);
        var leaf = tape.Input([1.0, 2, 3, 4], 2, requiresAdjoint: true);
        tape.Backward(leaf.Slice(1, 1), tape.Input([5.0, 7], 1), 1);
        var adjoint = new double[4];
        tape.ReadAdjoint(leaf, adjoint);
        Assert.That(adjoint, Is.EqualTo([0.0, 5, 0, 7]));
    }

    [Test]
    public void Weights_that_are_no_column_are_refused()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels, 2);
        tape.Begin(2, record: true);
        var leaf = tape.Input([1.0, 2, 3, 4], 2, requiresAdjoint: true);
        Assert.That(() => tape.Backward(leaf, default(Variable<double>), 1), Throws.ArgumentException.With.Message.Contains("one column"));
        Assert.That(() => tape.Backward(leaf.SumColumns(), leaf, 1), Throws.ArgumentException.With.Message.Contains("one column"));
    }

    [Test]
    public void A_variable_filled_slice_by_slice_is_differentiated_through_every_slice()
    {
        // y_0 = x_0², y_1 = y_0 x_1, y_2 = y_0 + y_1: each column is made of those before, as in an autoregressive inverse.
        var deviation = new GradientCheck(33).Block(Numbers(33 * 2), 2).Run((tape, leaves) =>
        {
            var y = tape.Allocate(3);
            tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Square), [leaves[0].Slice(0, 1)], [y.Slice(0, 1)]);
            tape.ApplyInto(BinaryOperation<double>.Of(BinaryFunction.Multiply), [y.Slice(0, 1), leaves[0].Slice(1, 1)], [y.Slice(1, 1)]);
            tape.ApplyInto(BinaryOperation<double>.Of(BinaryFunction.Add), [y.Slice(0, 1), y.Slice(1, 1)], [y.Slice(2, 1)]);
            return y.Sin();
        });
        Assert.That(deviation.Relative, Is.LessThan(1e-8), deviation.ToString());
    }

    [Test]
    public void A_slice_that_needs_no_adjoint_may_be_filled_before_one_that_does()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([3.0], 1, requiresAdjoint: true);
        var y = _tape.Allocate(2);
        var square = UnaryOperation<double>.Of(UnaryFunction.Square);
        _tape.ApplyInto(square, [_tape.SharedRow([2.0])], [y.Slice(0, 1)]);
        _tape.ApplyInto(square, [x], [y.Slice(1, 1)]);
        _tape.Backward(y.SumColumns(), [1.0]);
        var adjoint = new double[1];
        _tape.ReadAdjoint(x, adjoint);
        Assert.That(adjoint[0], Is.EqualTo(6));
    }

    [Test]
    public void A_variable_of_an_earlier_block_is_refused()
    {
        _tape.Begin(1, record: false);
        var old = _tape.Input([1.0], 1);
        _tape.Begin(1, record: false);
        var current = _tape.Input([1.0], 1);
        Assert.That(() => old.Exp(), Throws.ArgumentException.With.Message.Contains("earlier block"));
        Assert.That(() => current + old, Throws.ArgumentException.With.Message.Contains("earlier block"));
        Assert.That(() => _tape.Slice(old, 0, 1), Throws.ArgumentException.With.Message.Contains("earlier block"));
    }

    [Test]
    public void A_variable_of_another_tape_is_refused()
    {
        using var other = new Tape<double>(_kernels);
        _tape.Begin(1, record: false);
        other.Begin(1, record: false);
        var ours = _tape.Input([1.0], 1);
        var theirs = other.Input([1.0], 1);
        Assert.That(() => ours + theirs, Throws.ArgumentException.With.Message.Contains("another tape"));
    }

    [Test]
    public void A_second_sweep_is_refused()
    {
        _tape.Begin(1, record: true);
        var y = _tape.Input([1.0], 1, requiresAdjoint: true).Exp();
        _tape.Backward(y, [1.0]);
        Assert.That(() => _tape.Backward(y, [1.0]), Throws.InvalidOperationException);
    }

    [Test]
    public void A_sweep_without_a_record_is_refused()
    {
        _tape.Begin(1, record: false);
        var y = _tape.Input([1.0], 1).Exp();
        Assert.That(() => _tape.Backward(y, [1.0]), Throws.InvalidOperationException);
    }

    [Test]
    public void The_adjoint_of_an_intermediate_result_is_refused()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([1.0], 1, requiresAdjoint: true);
        var y = x.Exp();
        _tape.Backward(y, [1.0]);
        Assert.That(() => _tape.ReadAdjoint(y, new double[1]), Throws.ArgumentException.With.Message.Contains("leaves"));
    }

    [Test]
    public void A_leaf_that_nothing_reaches_has_adjoint_zero()
    {
        _tape.Begin(1, record: true);
        var x = _tape.Input([1.0], 1, requiresAdjoint: true);
        var unused = _tape.Input([1.0, 2.0], 2, requiresAdjoint: true);
        _tape.Backward(x.Exp(), [1.0]);
        var adjoint = new[] { 7.0, 7.0 };
        _tape.ReadAdjoint(unused, adjoint);
        Assert.That(adjoint, Is.All.Zero);
    }

    [Test]
    public void An_output_that_is_a_parameter_is_refused()
    {
        var parameter = new Parameter<double>("p", 1, 2, isVector: true);
        using var store = new ParameterStore<double>(Device.Cpu, [parameter]);
        _tape.Begin(1, record: false);
        var p = _tape.Use(parameter);
        Assert.That(
            () => _tape.ApplyInto(UnaryOperation<double>.Of(UnaryFunction.Exp), [p], [p]),
            Throws.ArgumentException.With.Message.Contains("parameter"));
        Assert.That(parameter.Values.ToArray(), Is.All.Zero);
    }

    [Test]
    public void Gradients_of_a_frozen_parameter_and_of_another_store_are_left_alone()
    {
        var trained = new Parameter<double>("trained", 1, 1, isVector: true);
        var frozen = new Parameter<double>("frozen", 1, 1, isVector: true) { Trainable = false };
        var foreign = new Parameter<double>("foreign", 1, 1, isVector: true);
        trained.Values[0] = frozen.Values[0] = foreign.Values[0] = 2;
        using var store = new ParameterStore<double>(Device.Cpu, [trained, frozen]);
        using var other = new ParameterStore<double>(Device.Cpu, [foreign]);
        using var gradients = _kernels.Allocate(store.Length);
        _tape.Begin(2, store, gradients);
        var x = _tape.Input([1.0, 3.0], 1);
        _tape.Backward(x * _tape.Use(trained) * _tape.Use(frozen) * _tape.Use(foreign), [1.0, 1.0]);
        var read = new double[store.Length];
        _kernels.Read(gradients, 0, read);
        Assert.That(read[trained.Offset], Is.EqualTo((1 + 3) * 4));
        read[trained.Offset] = 0;
        Assert.That(read, Is.All.Zero);
    }

    [Test]
    public void A_gradient_buffer_of_another_length_is_refused()
    {
        using var store = new ParameterStore<double>(Device.Cpu, [new Parameter<double>("p", 4, 5)]);
        using var gradients = _kernels.Allocate(store.Length - 1);
        Assert.That(() => _tape.Begin(1, store, gradients), Throws.ArgumentException.With.Property("ParamName").EqualTo("gradients"));
    }

    [Test]
    public void Padding_rows_count_neither_in_sums_nor_in_gradients()
    {
        var deviations = 0.0;
        foreach (var rows in (int[])[1, 31, 33])
        {
            _tape.Begin(rows, record: true);
            var x = _tape.Input(Numbers(rows), 1, requiresAdjoint: true);
            var shared = _tape.SharedRow([0.5], requiresAdjoint: true);
            var sum = (x * shared).SumRows();
            var value = new double[1];
            _tape.ReadValue(sum, value);
            deviations += Math.Abs(value[0] - (0.5 * Numbers(rows).Sum()));
            _tape.Backward(sum, [1.0]);
            _tape.ReadAdjoint(shared, value);
            deviations += Math.Abs(value[0] - Numbers(rows).Sum());
        }

        // Sums of at most 33 numbers below 2 in another order.
        Assert.That(deviations, Is.LessThan(1e-12));
    }

    [Test]
    public void Released_memory_is_used_again_when_nothing_is_recorded()
    {
        _tape.Begin(1, record: false);
        var x = _tape.Input([2.0], 1);
        var y = x.Exp();
        _tape.Release(y);
        var z = x.Square();
        var values = new double[1];
        _tape.ReadValue(y, values);
        Assert.That(values[0], Is.EqualTo(4), "the memory of y now holds z");
        _tape.ReadValue(z, values);
        Assert.That(values[0], Is.EqualTo(4));
    }

    private static double[] Numbers(int length)
    {
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
            numbers[i] = 1.5 * Math.Sin(1 + (i * 0.7));
        return numbers;
    }
}
