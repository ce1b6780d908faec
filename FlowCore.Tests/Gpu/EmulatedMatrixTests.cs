using FlowCore.Autodiff;
using FlowCore.Gpu;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Operations on matrices on an emulated accelerator: what the host computes of parameters goes there and back.</summary>
[TestFixture]
internal sealed class EmulatedMatrixTests
{
    // As in OperationGradientTests: fourth-order differences with h = 1e-3.
    private const double Tolerance = 1e-8;

    [Test]
    public void Matrices_of_parameters_have_the_gradient_of_differences()
    {
        using var device = GpuDevice.Emulated();
        var weight = new Parameter<double>("weight", 2, 2);
        weight.Write([1.2, 0.3, -0.4, -0.9]);
        var vectors = new Parameter<double>("vectors", 1, 2);
        vectors.Write([0.6, -0.5]);
        using var store = new ParameterStore<double>(device, [weight, vectors]);
        Check(
            new GradientCheck(2, device).Block([0.3, -0.5, 0.8, 0.1], 2).Parameters(store),
            (tape, leaves) => (leaves[0].Linear(tape.Use(weight).Inverse("w", out var log)).Linear(tape.Use(weight).Rotation())
                .Linear(tape.Use(vectors).HouseholderProduct("q")) * log) + tape.Use(weight).LogAbsDeterminant("w"));
    }

    [Test]
    public void Matrices_of_rows_have_the_gradient_of_differences()
    {
        using var device = GpuDevice.Emulated();
        Check(
            new GradientCheck(2, device).Block([2, 0.3, 0.2, 1.5, 1.8, -0.4, 0.1, 2.2], 4).SharedRow([0.3, 1.7, 1.4, -0.2]),
            (_, leaves) =>
            {
                var lu = leaves[1].BatchedLu(2);
                return leaves[0].BatchedMultiply(leaves[1], 2, 2, 2) + lu.Solve(leaves[0], 2) + lu.LogAbsDeterminant
                    + leaves[0].BatchedTriangularSolve(leaves[1], 2, 2) + leaves[0].BatchedCholesky(2, out var logDet) + logDet;
            });
    }

    private static void Check(GradientCheck check, Func<Tape<double>, Variable<double>[], Variable<double>> function)
    {
        var deviation = check.Run(function);
        Assert.That(deviation.Relative, Is.LessThan(Tolerance), deviation.ToString());
    }
}
