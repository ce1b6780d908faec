using FlowCore.Autodiff;
using FlowCore.Flows;
using FlowCore.Inference;
using FlowCore.Training;

namespace Inference;

/// <summary>Numbers that a density stands for, with errors and gradients, and a training by one of them.</summary>
internal static class FirstExpectations
{
    /// <summary>Runs the program.</summary>
    /// <returns>Mean of x₀² before and after the training.</returns>
    public static (double Before, double After) Run()
    {
        using var flow = NeuralSplineFlow.Create<double>(features: 2, contextFeatures: 1, seed: 3);
        double[] context = [0.5];
        var options = new ExpectationOptions { Count = 100_000, Seed = 1 };
        var moments = flow.Moments(options, context);
        Console.WriteLine($"mean {moments.Mean(0)}, kurtosis {moments.Central(4, 0)}, correlation {moments.Correlation(0, 1)}");
        Console.WriteLine($"entropy {flow.Entropy(options, context)}, P(x₀ > 1) {flow.Probability(row => row[0] > 1, options, context)}");

        var square = RowFunctional.Of((in TapeSample<double> sample) => sample.X.Slice(0, 1).Square());
        var gradient = Expectation.Gradient(flow, square, options, context);
        Console.WriteLine($"E x₀² = {gradient.Value}, by the context {gradient.Context[0]:f3}, by {gradient.Parameters.Count} parameters");

        var objective = Objective.OfExpectations(square, mean => (mean - 0.5).Square());   // train until E x₀² = ½
        var training = new TrainingOptions { Epochs = 1, StepsPerEpoch = 200, BatchSize = 512, GradientClip = 1 };
        flow.Fit(new NoiseData<double>(flow, context), training, objective: objective);
        var after = Expectation.Value(flow, square, options, context);
        Console.WriteLine($"E x₀² = {after} after training");
        return (gradient.Value.Value, after.Value);
    }
}
