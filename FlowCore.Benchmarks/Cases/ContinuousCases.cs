using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Continuous;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Continuous flows: a step of flow matching beside its matrix products alone, and maximum likelihood, densities and samples of a flow of zuko's default sizes.</summary>
internal static class ContinuousCases
{
    private const int Rows = 1024;
    private const int Features = 2;
    private const int Width = 128;

    // As many as leave less than 1e-5 of ln q at fresh weights: the tolerance of the other library.
    private const int Steps = 6;

    /// <summary>The cases on one device.</summary>
    public static IEnumerable<BenchmarkCase> On(Device device) =>
    [
        Products(device),
        Matching(device, "2 features, 128x3"),
        .. Zuko(device, FlowGradient.Discrete, "3 features, 64x2"),
        .. Zuko(device, FlowGradient.Adjoint, "3 features, 64x2, adjoint"),
    ];

    // Per row: each layer forward, its weights' adjoint, and but for the first its inputs' adjoint.
    private static BenchmarkCase Products(Device device)
    {
        var flow = ContinuousFlow.Create<float>(Features, device: device);
        var network = ((VelocityNetwork<float>)flow.Paths.Field).Network;
        var (kernels, sizes) = (device.CreateKernels<float>(), network.Sizes.ToArray());
        var tape = new Tape<float>(kernels);
        var block = Math.Min(device.BlockRows, Rows);
        tape.Begin(block, record: false);
        var x = Array.ConvertAll(sizes, columns => tape.ValueOf(tape.Fill(columns, 0.5f)));
        var weights = new Matrix<float>[sizes.Length - 1];
        var (gradients, gflop) = (new Matrix<float>[sizes.Length - 1], 0.0);
        for (var l = 0; l < weights.Length; l++)
        {
            weights[l] = tape.ValueOf(tape.Use(network.Parameters[2 * l]));
            gradients[l] = tape.ValueOf(tape.AllocateShared(sizes[l], sizes[l + 1]));
            gflop += (l == 0 ? 2 : 3) * 2.0 * sizes[l] * sizes[l + 1] * Rows / 1e9;
        }

        return new("fm_products", $"{Features} features, {Width}x3", Rows, 1, gflop, () =>
        {
            for (var first = 0; first < Rows; first += block)
            {
                for (var l = 0; l < weights.Length; l++)
                    kernels.Linear(x[l], weights[l], default, UnaryFunction.Identity, x[l + 1], default, null);
                for (var l = weights.Length - 1; l >= 0; l--)
                {
                    kernels.LinearWeightAdjoint(x[l + 1], x[l], gradients[l], null);
                    if (l > 0)
                        kernels.LinearInputAdjoint(weights[l], x[l + 1], x[l], null, accumulate: false);
                }
            }
        });
    }

    private static BenchmarkCase Matching(Device device, string name)
    {
        var flow = ContinuousFlow.Create<float>(Features, device: device);
        var trainer = new Trainer<float>(flow, new NormalRows(flow), ModelCases.EndlessSteps(Rows) with { WeightAveraging = 0.999 }, objective: new FlowMatching<float>());
        return new("fm_step", name, Rows, device.Workers, 0, () => trainer.RunStep());
    }

    private static IEnumerable<BenchmarkCase> Zuko(Device device, FlowGradient gradient, string name)
    {
        var network = new VelocityNetwork<float>(
            3, 0, [64, 64], UnaryFunction.Elu, "velocity", new VelocityInputs { Period = 2, WithTime = false }, new RandomStream(1));
        var flow = new ContinuousFlow<float>(
            new Distributions.StandardNormal<float>(3), new ContinuousTransform<float>(network, new ContinuousSettings { Steps = Steps, DataFirst = true, Gradient = gradient }), device);
        var (x, result, samples) = (new float[Rows * 3], new float[Rows], new float[Rows * 3]);
        new RandomStream(8).FillNormal<float>(x);
        var trainer = new Trainer<float>(flow, new NormalRows(flow), ModelCases.EndlessSteps(Rows));
        yield return new("ml_step", name, Rows, device.Workers, 0, () => trainer.RunStep());
        if (gradient == FlowGradient.Adjoint)
            yield break;
        yield return new("log_prob", name, Rows, device.Workers, 0, () => flow.LogDensity(x, result));
        yield return new("sample", name, Rows, device.Workers, 0, () => flow.Sample(new RandomStream(7), 0, samples, default));
    }
}
