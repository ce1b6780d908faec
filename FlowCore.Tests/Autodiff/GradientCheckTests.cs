using FlowCore.Autodiff;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Autodiff;

[TestFixture]
public sealed class GradientCheckTests
{
    private static readonly double[] _numbers = [0.3, -1.2, 0.8, 2.1, -0.4, 0.9];

    [Test]
    public void An_operation_of_the_users_own_passes_with_the_right_adjoint()
    {
        var deviation = new GradientCheck(rows: 3).Block(_numbers, columns: 2).Run((tape, leaves) => CubeOperation.Apply(leaves[0], factor: 3));
        Assert.That(deviation.Relative, Is.LessThan(1e-8), deviation.ToString());
    }

    [Test]
    public void An_operation_of_the_users_own_is_caught_with_a_wrong_adjoint()
    {
        var deviation = new GradientCheck(rows: 3).Block(_numbers, columns: 2).Run((tape, leaves) => CubeOperation.Apply(leaves[0], factor: 2));
        Assert.That(deviation.Relative, Is.EqualTo(1.0 / 3).Within(1e-6), deviation.ToString());
    }

    [Test]
    public void The_place_of_the_worst_deviation_is_named()
    {
        var check = new GradientCheck(rows: 2).Block([1, 2, 3, 4], columns: 2).SharedRow([5, 6]);
        var deviation = check.Run((tape, leaves) => leaves[0] + CubeOperation.Apply(tape.Slice(leaves[1], 1, 1) + leaves[0], factor: 2));
        Assert.That(deviation.Leaf, Is.AnyOf("input 0", "input 1"));
        Assert.That(deviation.Relative, Is.GreaterThan(0.1));
        Assert.That(deviation.ToString(), Does.Contain(deviation.Leaf).And.Contain("the differences"));
    }

    [Test]
    public void A_parameter_is_moved_and_put_back()
    {
        var weight = new Parameter<double>("weight", 1, 2, isVector: true);
        weight.Write([0.7, -0.3]);
        using var store = new ParameterStore<double>(Device.Cpu, [weight]);
        var deviation = new GradientCheck(rows: 3).Block(_numbers, columns: 2).Parameters(store)
            .Run((tape, leaves) => (leaves[0] * tape.Use(weight)).Tanh());
        Assert.That(deviation.Relative, Is.LessThan(1e-8), deviation.ToString());
        Assert.That(weight.Values.ToArray(), Is.EqualTo(new[] { 0.7, -0.3 }));
    }

    [Test]
    public void A_missing_gradient_is_a_deviation()
    {
        // The second factor is read behind the tape's back, so no adjoint reaches the leaf through it.
        var deviation = new GradientCheck(rows: 3).Block(_numbers, columns: 2).Run((tape, leaves) =>
        {
            var copy = new double[6];
            tape.ReadValue(leaves[0], copy);
            return leaves[0] * tape.Input(copy, 2);
        });
        Assert.That(deviation.Relative, Is.EqualTo(0.5).Within(1e-6));
    }

    [Test]
    public void A_check_without_leaves_is_refused() =>
        Assert.That(() => new GradientCheck(rows: 1).Run((tape, _) => tape.Input([1.0], 1)), Throws.InvalidOperationException);

    /// <summary>y = x³, made of the kernels, with factor · ȳ x² as its adjoint: right for 3.</summary>
    private sealed class CubeOperation(double factor) : Operation<double>
    {
        internal static Variable<double> Apply(Variable<double> x, double factor) =>
            x.Tape!.Apply(new CubeOperation(factor), [x], x.Columns);

        protected internal override void Forward(in OperationCall<double> call)
        {
            call.Kernels.Unary(UnaryFunction.Square, call.Input(0), call.Output(0));
            call.Kernels.Binary(BinaryFunction.Multiply, call.Output(0), call.Input(0), call.Output(0));
        }

        protected internal override void Backward(in OperationCall<double> call)
        {
            // The adjoint of the output may be overwritten: twice times x, then once times the factor.
            var adjoint = call.OutputAdjoint(0);
            call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Input(0), adjoint);
            call.Kernels.Binary(BinaryFunction.Multiply, adjoint, call.Input(0), adjoint);
            call.Kernels.ScaleShift(adjoint, factor, 0, call.InputAdjoint(0), accumulate: true);
        }
    }
}
