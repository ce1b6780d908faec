using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Gpu;
using FlowCore.Tests.Autodiff;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>Tangents on ILGPU's emulation of an accelerator: every operation that rules are composed of, once.</summary>
[TestFixture]
internal sealed class EmulatedTangentTests
{
    private const int Rows = 3;

    [Test]
    public void Tangents_and_their_gradients_are_those_of_differences()
    {
        using var device = GpuDevice.Emulated();
        var affine = new AffineOperation<double>(1e-3, [1, 0]);
        new TangentCheck(Rows, device)
            .Block([0.31, -0.92, 1.4, 0.53, -0.64, 0.85], 2)
            .SharedRow([0.32, -0.43, 0.74, 0.25])
            .Matrix([0.61, -0.32, 0.43, 0.84], 2, 2)
            .Matrix([1.3, 9, 0.4, -0.9], 2, 2)
            .Run((tape, x) =>
            {
                var h = new LinearOperation<double>(UnaryFunction.Gelu).Apply(tape, x[0], x[2], x[1].Slice(0, 2));
                h = affine.Apply(tape, h, x[1], out var logDet);
                h = h.TriangularSolve(x[3]).TriangularSolve(x[3], transposed: true).Max(x[0]).Abs();
                return VariableFunctions.Concatenate(h, logDet, x[3].LogAbsDiagonal(), h.LogSumExp());
            });
    }

    [Test]
    public void A_warm_trace_copies_nothing_to_the_accelerator_but_its_input()
    {
        using var device = GpuDevice.Emulated();
        using var kernels = device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        var before = device.Transfers;
        tape.Begin(Rows, record: true);
        var x = tape.Input([0.31, -0.92, 1.4, 0.53, -0.64, 0.85], 2);
        var y = (x.Elu() * x.SumColumns()).Square();
        var trace = tape.JacobianTrace(y, x);
        Assert.That(device.Transfers.Since(before).Uploads, Is.EqualTo(1));
        var values = new double[Rows];
        tape.ReadValue(trace, values);
        for (var row = 0; row < Rows; row++)
        {
            // y_i = e_i² s²: ∂y_i/∂x_i = 2 e_i e_i' s² + 2 e_i² s.
            var (a, b) = (new[] { 0.31, 1.4, -0.64 }[row], new[] { -0.92, 0.53, 0.85 }[row]);
            Assert.That(values[row], Is.EqualTo(Term(a, a + b) + Term(b, a + b)).Within(1e-12));
        }

        static double Term(double x, double sum)
        {
            var (e, slope) = x > 0 ? (x, 1) : (Math.Exp(x) - 1, Math.Exp(x));
            return (2 * e * slope * sum * sum) + (2 * e * e * sum);
        }
    }
}
