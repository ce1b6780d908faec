using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Tests.Flows;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

/// <summary>Jacobians, their traces and Hutchinson's estimate, for networks and flows.</summary>
[TestFixture]
public sealed class JacobianTests
{
    private const int Rows = 33;
    private const int Features = 3;

    // Sums of a few hundred products of numbers of order one, in another order.
    private const double Rounding = 1e-12;

    // Of GradientCheck: fourth-order differences of second derivatives.
    private const double Differences = 3e-8;

    private static readonly UnaryFunction[] _smooth = [UnaryFunction.Tanh, UnaryFunction.Silu];

    private static readonly UnaryFunction[] _activations = [UnaryFunction.Tanh, UnaryFunction.Silu, UnaryFunction.Gelu, UnaryFunction.Softplus, UnaryFunction.ReLU];

    [Test]
    public void The_jacobian_of_a_network_is_that_of_backward_sweeps([ValueSource(nameof(_activations))] UnaryFunction activation)
    {
        var network = new Mlp<double>([Features, 8, 7, 2], activation, "net", new RandomStream(6));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        CompareWithSweeps(Features, 2, (tape, x) => network.Apply(x));
    }

    [Test]
    public void The_jacobian_of_a_masked_network_is_that_of_backward_sweeps_and_respects_the_masks()
    {
        var network = new MaskedMlp<double>(new AutoregressiveOrder([2, 0, 1], 1), [9, 8], 1, UnaryFunction.Elu, "net", new RandomStream(6));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var jacobian = CompareWithSweeps(Features, Features, (tape, x) => network.Apply(x, tape.SharedRow([0.4])));
        // Outputs come by rank: features 1, 2, 0. Each sees those of lower rank only.
        bool[] seen = [false, false, false, false, true, false, false, true, true];
        for (var i = 0; i < jacobian.Length; i++)
            Assert.That(jacobian[i] != 0, Is.EqualTo(seen[i % seen.Length]), $"number {i}");
    }

    [TestCase(0, false)]
    [TestCase(2, false)]
    [TestCase(0, true)]
    public void The_log_determinant_of_an_affine_flow_is_that_of_its_jacobian(int context, bool inverse)
    {
        using var flow = Models.Affine<double>(Features, context);
        var logDets = new double[Rows];
        var jacobian = CompareWithSweeps(Features, Features, (tape, x) =>
        {
            var row = context == 0 ? default : tape.SharedRow([0.4, -0.7]);
            var y = inverse ? flow.Transform.Inverse(x, row, out var logDet) : flow.Transform.Forward(x, row, out logDet);
            tape.ReadValue(logDet, logDets);
            return y;
        });
        for (var row = 0; row < Rows; row++)
        {
            var j = jacobian.AsSpan(row * 9, 9);
            var determinant = (j[0] * ((j[4] * j[8]) - (j[5] * j[7]))) - (j[1] * ((j[3] * j[8]) - (j[5] * j[6]))) + (j[2] * ((j[3] * j[7]) - (j[4] * j[6])));
            // The cofactors are larger than the determinant and cancel.
            Assert.That(Math.Log(Math.Abs(determinant)), Is.EqualTo(logDets[row]).Within(1e-9));
        }
    }

    [Test]
    public void Tangents_and_gradients_of_an_affine_flow([Values] bool inverse)
    {
        using var flow = Models.Affine<double>(Features, 0);
        var deviation = new GradientCheck(5).Block(Numbers(5 * Features, 1), Features).Block(Numbers(5 * Features, 2), Features).Parameters(flow.Parameters)
            .Run((tape, leaves) => tape.PushForward(
                inverse ? flow.Transform.Inverse(leaves[0], out _) : flow.Transform.Forward(leaves[0], out _), leaves[0], leaves[1]));
        Assert.That(deviation.Relative, Is.LessThan(Differences), deviation.ToString());
    }

    [Test]
    public void Gradients_of_the_trace_of_a_network([ValueSource(nameof(_smooth))] UnaryFunction activation)
    {
        var network = new Mlp<double>([Features, 6, Features], activation, "net", new RandomStream(6));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var deviation = new GradientCheck(5).Block(Numbers(5 * Features, 1), Features).Parameters(store)
            .Run((tape, leaves) => tape.JacobianTrace(network.Apply(leaves[0]), leaves[0]));
        Assert.That(deviation.Relative, Is.LessThan(Differences), deviation.ToString());
    }

    [Test]
    public void Gradients_of_hutchinson_s_estimate()
    {
        var network = new Mlp<double>([Features, 6, Features], UnaryFunction.Tanh, "net", new RandomStream(6));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var deviation = new GradientCheck(5).Block(Numbers(5 * Features, 1), Features).Block(Numbers(5 * Features, 2), Features).Parameters(store)
            .Run((tape, leaves) => tape.HutchinsonTrace(network.Apply(leaves[0]), leaves[0], leaves[1]));
        Assert.That(deviation.Relative, Is.LessThan(Differences), deviation.ToString());
    }

    [Test]
    public void Gradients_of_the_metric_of_a_network()
    {
        var network = new Mlp<double>([2, 6, Features], UnaryFunction.Tanh, "net", new RandomStream(6));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        var deviation = new GradientCheck(5).Block(Numbers(10, 1), 2).Parameters(store).Run((tape, leaves) =>
        {
            // (JᵀJ)_01 = Σ_i J_i0 J_i1.
            var jacobian = tape.Jacobian(network.Apply(leaves[0]), leaves[0]);
            return (jacobian.Gather(0, 2, 4) * jacobian.Gather(1, 3, 5)).SumColumns();
        });
        Assert.That(deviation.Relative, Is.LessThan(Differences), deviation.ToString());
    }

    [Test]
    public void The_trace_is_the_sum_of_the_diagonal_and_the_mean_of_the_estimate_over_all_signs([Values(1, 3)] int features)
    {
        var network = new Mlp<double>([features, 8, features], UnaryFunction.Silu, "net", new RandomStream(6));
        using var store = new ParameterStore<double>(Device.Cpu, network.Parameters);
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(Rows, record: true);
        var x = tape.Input(Numbers(Rows * features, 1), features);
        var y = network.Apply(x);
        var trace = Read(tape, tape.JacobianTrace(y, x));
        var jacobian = Read(tape, tape.Jacobian(y, x));
        var mean = new double[Rows];
        var signs = new double[features];
        for (var choice = 0; choice < 1 << features; choice++)
        {
            for (var j = 0; j < features; j++)
                signs[j] = (choice >> j & 1) == 0 ? 1 : -1;
            var estimate = Read(tape, tape.HutchinsonTrace(y, x, tape.SharedRow(signs)));
            for (var row = 0; row < Rows; row++)
                mean[row] += estimate[row] / (1 << features);
        }

        for (var row = 0; row < Rows; row++)
        {
            var sum = 0.0;
            for (var j = 0; j < features; j++)
                sum += jacobian[(row * features * features) + (j * features) + j];
            Assert.That(trace[row], Is.EqualTo(sum).Within(Rounding));
            Assert.That(mean[row], Is.EqualTo(sum).Within(Rounding));
        }
    }

    [Test]
    public void The_jacobian_by_a_shared_row_and_of_one_column()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(2, record: true);
        var x = tape.Input([2.0, 3, 5, 7], 2);
        var row = tape.SharedRow([10.0, 20]);
        Assert.That(Read(tape, tape.Jacobian(x * row, row)), Is.EqualTo(new[] { 2.0, 0, 0, 3, 5, 0, 0, 7 }));
        Assert.That(Read(tape, tape.Jacobian((x * row).SumColumns(), x)), Is.EqualTo(new[] { 10.0, 20, 10, 20 }));
        Assert.That(Read(tape, tape.Jacobian(x * row, x.Slice(1, 1))), Is.EqualTo(new[] { 0.0, 20, 0, 20 }));
    }

    [Test]
    public void Shapes_without_a_trace_are_refused()
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        tape.Begin(2, record: true);
        var x = tape.Input([2.0, 3, 5, 7], 2);
        var row = tape.SharedRow([10.0, 20]);
        Assert.Multiple(() =>
        {
            Assert.That(() => tape.JacobianTrace(x.SumColumns(), x), Throws.ArgumentException.With.Property("ParamName").EqualTo("x").And.Message.Contains("a block [2, 2]"));
            Assert.That(() => tape.JacobianTrace(x * row, row), Throws.ArgumentException.With.Property("ParamName").EqualTo("x"));
            Assert.That(() => tape.Jacobian(row.Exp(), row), Throws.ArgumentException.With.Property("ParamName").EqualTo("y"));
            Assert.That(() => tape.Jacobian(x, tape.AllocateShared(2, 2)), Throws.ArgumentException.With.Property("ParamName").EqualTo("x"));
            Assert.That(() => tape.HutchinsonTrace(x.SumColumns(), x, x), Throws.ArgumentException.With.Property("ParamName").EqualTo("x"));
        });
    }

    [Test]
    public void A_warm_step_with_tangents_allocates_nothing_on_the_managed_heap()
    {
        var network = new Mlp<float>([Features, 8, Features], UnaryFunction.Silu, "net", new RandomStream(6));
        var masked = new MaskedMlp<float>(new AutoregressiveOrder([2, 0, 1]), [7], 2, UnaryFunction.Tanh, "masked", new RandomStream(6));
        var lower = new Parameter<float>("lower", Features, Features);
        lower.Write([1.3f, 0, 0, 0.4f, -0.9f, 0, -0.7f, 0.5f, 1.1f]);
        using var store = new ParameterStore<float>(Device.Cpu, [.. network.Parameters, .. masked.Parameters, lower]);
        using var kernels = Device.Cpu.CreateKernels<float>();
        using var tape = new Tape<float>(kernels);
        using var gradients = kernels.Allocate(store.Length);
        var numbers = Array.ConvertAll(Numbers(Rows * Features, 1), number => (float)number);
        var coefficients = Array.ConvertAll(Numbers(Rows * 4 * Features, 1), number => (float)number);
        var seed = new float[Rows];
        Array.Fill(seed, 1f);
        var affine = new AffineOperation<float>(1e-3, [0, 1, 2]);
        var residual = new ResidualOperation<float>(new ResidualSettings([0.5], [2]));
        var shifted = new ScaleShiftOperation<float>(2, 1);

        void Step()
        {
            tape.Begin(Rows, store, gradients);
            var x = tape.Input(numbers, Features);
            var y = network.Apply(x);
            y = affine.Apply(shifted.Apply(y), masked.Apply(x), out var logDet);
            y = residual.Apply(y, tape.SharedRow([0.7f]), [tape.Input(coefficients, 4 * Features)], out _);
            y = y.TriangularSolve(tape.Use(lower)).Max(x).Abs() + tape.Use(lower).LogAbsDiagonal();
            var trace = tape.JacobianTrace(y, x) + tape.HutchinsonTrace(y, x, x) + tape.Jacobian(y, x).LogSumExp();
            trace += tape.PushForward(VariableFunctions.Concatenate(y, logDet).NormalLogDensity(), x, x);
            tape.Backward(trace, seed);
        }

        // More repeats than the compiler's tiers count to.
        for (var i = 0; i < 100; i++)
            Step();
        Assert.That(WarmCall.Allocated(Step), Is.Zero);
    }

    // Row-major [rows, outputs · inputs], as Jacobian gives it; asserted to be that of one backward sweep for each output.
    private static double[] CompareWithSweeps(int inputs, int outputs, Func<Tape<double>, Variable<double>, Variable<double>> function)
    {
        using var kernels = Device.Cpu.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        var numbers = Numbers(Rows * inputs, 1);
        tape.Begin(Rows, record: true);
        var x = tape.Input(numbers, inputs);
        var jacobian = Read(tape, tape.Jacobian(function(tape, x), x));
        Assert.That(jacobian, Has.Length.EqualTo(Rows * outputs * inputs));
        for (var output = 0; output < outputs; output++)
        {
            tape.Begin(Rows, record: true);
            x = tape.Input(numbers, inputs, requiresAdjoint: true);
            var seed = new double[Rows * outputs];
            for (var row = 0; row < Rows; row++)
                seed[(row * outputs) + output] = 1;
            tape.Backward(function(tape, x), seed);
            var adjoint = new double[Rows * inputs];
            tape.ReadAdjoint(x, adjoint);
            for (var row = 0; row < Rows; row++)
            {
                for (var input = 0; input < inputs; input++)
                {
                    var expected = adjoint[(row * inputs) + input];
                    Assert.That(
                        jacobian[(((row * outputs) + output) * inputs) + input], Is.EqualTo(expected).Within(Rounding * Math.Max(1, Math.Abs(expected))),
                        $"row {row}, ∂y_{output}/∂x_{input}");
                }
            }
        }

        return jacobian;
    }

    private static double[] Read(Tape<double> tape, Variable<double> variable)
    {
        var values = new double[variable.Rows * variable.Columns];
        tape.ReadValue(variable, values);
        return values;
    }

    private static double[] Numbers(int length, int set)
    {
        var numbers = new double[length];
        for (var i = 0; i < length; i++)
            numbers[i] = 1.2 * Math.Sin(set + (i * 0.7));
        return numbers;
    }
}
