using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>Fit a density that can be evaluated but not sampled, up to a constant: KL(flow ‖ target) with a target N(2, 0.5²) in disguise.</summary>
internal static class TargetWithoutSamples
{
    /// <summary>Runs the program.</summary>
    /// <returns>Mean and deviation of the flow, which are 2 and 0.5.</returns>
    public static (double Mean, double Deviation) Run()
    {
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new Affine<double>(), 1, "map"));
        var objective = new ReverseKullbackLeibler<double>(x => (x - 2.0).Square() * -2.0);
        var options = new TrainingOptions { Epochs = 1, StepsPerEpoch = 1500, BatchSize = 256, Optimiser = OptimiserSettings.Adam(0.1) };
        flow.Fit(new NoiseData<double>(flow), options, objective: objective);

        var (drawn, _) = flow.FromNoise(System.Numerics.Tensors.Tensor.Create([0.0, 1.0]));
        var (mean, deviation) = (drawn[0, 0], drawn[1, 0] - drawn[0, 0]);
        Console.WriteLine($"Mean {mean:f3} (2), deviation {deviation:f3} (0.5)");
        return (mean, deviation);
    }
}
