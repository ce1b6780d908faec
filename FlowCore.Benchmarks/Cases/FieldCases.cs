using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Transforms;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Convolutions of fields with both adjoints, on one block of 32 fields, and step, log-density and samples of flows of fields.</summary>
internal static class FieldCases
{
    private const int BlockRows = 32;
    private const int Rows = 128;

    /// <summary>The convolutions on one worker.</summary>
    /// <param name="device">The device.</param>
    public static IEnumerable<BenchmarkCase> Convolutions(Device device)
    {
        (int Inputs, int Outputs, int Side, int Size)[] shapes = [(16, 16, 32, 3), (16, 16, 64, 3), (12, 12, 32, 3), (1, 12, 32, 3), (12, 2, 32, 3), (16, 16, 32, 1)];
        foreach (var (inputs, outputs, side, size) in shapes)
        {
            var kernels = device.CreateKernels<float>();
            var tape = new Tape<float>(kernels, BlockRows);
            tape.Begin(BlockRows, record: false);
            var shape = new ConvolutionShape(inputs, outputs, side, side, size, isPeriodic: true);
            var x = KernelCases.Block(tape, inputs * shape.Pixels, 1);
            var y = KernelCases.Block(tape, outputs * shape.Pixels, 2);
            var (dx, dy) = (KernelCases.Block(tape, inputs * shape.Pixels, 7), KernelCases.Block(tape, outputs * shape.Pixels, 8));
            var (weight, gradient) = (KernelCases.Shared(tape, shape.WindowLength, outputs, 3), KernelCases.Shared(tape, shape.WindowLength, outputs, 4));
            var (bias, biasGradient) = (KernelCases.Shared(tape, 1, outputs, 5), KernelCases.Shared(tape, 1, outputs, 6));
            var gflop = 2.0 * shape.WindowLength * outputs * shape.Pixels * BlockRows / 1e9;
            var name = $"{inputs}-{outputs} {size}x{size} {side}x{side}";
            yield return new("conv_forward", name, BlockRows, 1, gflop, () => kernels.Convolution(shape, x, weight, bias, UnaryFunction.LeakyReLU, y, default));
            yield return new("conv_input", name, BlockRows, 1, gflop, () => kernels.ConvolutionAdjoint(shape, UnaryFunction.LeakyReLU, x, weight, y, default, dy, dx, accumulate: false, default, default));
            yield return new("conv_weight", name, BlockRows, 1, gflop, () => kernels.ConvolutionAdjoint(shape, UnaryFunction.LeakyReLU, x, weight, y, default, dy, default, accumulate: false, gradient, biasGradient));
            yield return new("conv_adjoints", name, BlockRows, 1, 2 * gflop, () => kernels.ConvolutionAdjoint(shape, UnaryFunction.LeakyReLU, x, weight, y, default, dy, dx, accumulate: false, gradient, biasGradient));
        }
    }

    /// <summary>The flows on one device.</summary>
    /// <param name="device">The device.</param>
    public static IEnumerable<BenchmarkCase> On(Device device)
    {
        (string Name, Flow<float> Flow)[] flows =
        [
            ("32x32, 16 x 12-12", CouplingFieldFlow.Create<float>(new FieldShape(1, 32, 32), new CouplingFieldFlowSettings { HiddenChannels = [12, 12] }, device: device)),
            ("32x32, 2 levels", CouplingFieldFlow.Create<float>(new FieldShape(1, 32, 32), new CouplingFieldFlowSettings { Couplings = 4, Levels = 2 }, device: device)),
        ];
        foreach (var (name, flow) in flows)
        {
            var gflop = 2 * MultiplyAdds(flow.Transform) * Rows / 1e9;
            yield return ModelCases.TrainStep(name, flow, Rows, 3 * gflop);
            foreach (var inference in ModelCases.Inference(name, flow, Rows, countsProducts: false))
                yield return inference with { Gflop = gflop };
        }
    }

    // The products of the convolutions for one row; of the last layer of a network on a chessboard only half of the pixels are computed.
    private static double MultiplyAdds(Transform<float> transform) => transform switch
    {
        Composition<float> composition => composition.Parts.Sum(MultiplyAdds),
        Factored<float> factored => factored.Parts.Sum(MultiplyAdds),
        FieldCoupling<float> coupling => coupling.Network.Parameters.Where(parameter => !parameter.IsVector)
            .Select((weight, i) => (double)weight.Length * coupling.Shape.Pixels * (coupling.Mask <= FieldMask.OddPixels && i == coupling.Network.Settings.HiddenChannels.Count ? 0.5 : 1)).Sum(),
        _ => 0,
    };
}
