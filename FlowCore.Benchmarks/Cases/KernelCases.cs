using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Single kernels on one block's worth of rows repeated to a batch: products, spline, affine map, optimiser.</summary>
internal static class KernelCases
{
    private const int Parameters = 1 << 20;

    /// <summary>The cases on one device, one worker.</summary>
    /// <param name="device">The device.</param>
    /// <param name="batch">The rows of a batch: in one block, or in as many as the device needs.</param>
    public static IEnumerable<BenchmarkCase> On(Device device, int batch = 1024)
    {
        var kernels = device.CreateKernels<float>();
        var rows = Math.Min(device.BlockRows, batch);
        var tape = new Tape<float>(kernels, rows);
        var blocks = batch / rows;
        var done = device is CpuDevice ? null : kernels.AllocateSums(1);
        tape.Begin(rows, record: false);

        foreach (var (inputs, outputs) in new[] { (128, 128), (128, 118), (256, 256), (256, 928) })
        {
            var x = Block(tape, inputs, 1);
            var y = Block(tape, outputs, 2);
            var weight = Shared(tape, inputs, outputs, 3);
            var gradient = Shared(tape, inputs, outputs, 4);
            var gflop = 2.0 * inputs * outputs * rows * blocks / 1e9;
            yield return Case("gemm", $"forward {inputs}x{outputs}", gflop, () => kernels.Linear(x, weight, default, UnaryFunction.ReLU, y, default, null));
            yield return Case("gemm", $"input adjoint {inputs}x{outputs}", gflop, () => kernels.LinearInputAdjoint(weight, y, x, null, accumulate: false));
            yield return Case("gemm", $"weight adjoint {inputs}x{outputs}", gflop, () => kernels.LinearWeightAdjoint(y, x, gradient, null));
        }

        var spline = new SplineSettings(20);
        int[] positions = [0, 1];
        var features = Block(tape, 2, 5);
        var parameters = Block(tape, 2 * spline.ParametersPerFeature, 6);
        var moved = Block(tape, 2, 7);
        var logDet = Block(tape, 1, 8);
        var featureAdjoint = Block(tape, 2, 9);
        var parameterAdjoint = Block(tape, 2 * spline.ParametersPerFeature, 10);
        yield return Case("spline_forward", "D=2 K=20", 0, () => kernels.Spline(false, spline, features, parameters, positions, moved, logDet));
        yield return Case(
            "spline_backward", "D=2 K=20", 0,
            () => kernels.SplineAdjoint(false, spline, features, parameters, positions, moved, moved, logDet, featureAdjoint, parameterAdjoint, overwriteParameters: true));
        var affine = Block(tape, 4, 11);
        yield return Case("affine", "D=2", 0, () => kernels.Affine(false, 1e-3, features, affine, positions, moved, logDet));

        DeviceMemory<float> weights = kernels.Allocate(Parameters), gradients = kernels.Allocate(Parameters);
        DeviceMemory<float> first = kernels.Allocate(Parameters), second = kernels.Allocate(Parameters);
        var step = new OptimiserStep(OptimiserRule.AdamW, 100, 1e-4, 0.9, 0.999, 1e-8, 0.01, 1);
        yield return new("adamw", "2^20 parameters", Parameters, 1, 0, () =>
        {
            kernels.OptimiserSweep(step, weights, gradients, first, second, 0, Parameters);
            Wait();
        });

        BenchmarkCase Case(string bench, string model, double gflop, Action block) => new(bench, model, rows * blocks, 1, gflop, () =>
        {
            for (var i = 0; i < blocks; i++)
                block();
            Wait();
        });

        // An accelerator has done what was asked of it when the host can read a number.
        void Wait()
        {
            if (done is not null)
                kernels.ReadSums(done, stackalloc double[1]);
        }
    }

    /// <summary>A block of normal numbers.</summary>
    public static Matrix<float> Block(Tape<float> tape, int columns, ulong stream)
    {
        var values = new float[tape.Rows * columns];
        new RandomStream(1, stream).FillNormal<float>(values);
        return tape.ValueOf(tape.Input(values, columns));
    }

    /// <summary>A shared matrix of normal numbers.</summary>
    public static Matrix<float> Shared(Tape<float> tape, int rows, int columns, ulong stream)
    {
        var values = new float[rows * columns];
        new RandomStream(2, stream).FillNormal<float>(values);
        var matrix = tape.ValueOf(tape.AllocateShared(rows, columns));
        tape.Kernels.Write(values, matrix.Memory!, matrix.Offset);
        return matrix;
    }
}
