using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>d/dθ E[x²] by reparameterisation: x = (z − t)·e^−s of noise z, so E[x²] = (1 + t²)·e^−2s has a known gradient.</summary>
internal static class GradientOfExpectation
{
    /// <summary>Runs the program.</summary>
    /// <returns>The expectation and its derivatives by t and by s, each with the known answer behind it.</returns>
    public static (double Found, double Known)[] Run()
    {
        const int draws = 100_000;
        const double t = 0.5;
        const double s = 0.3;
        var transform = new Elementwise<double>(new Affine<double>(), features: 1, name: "map");
        transform.Parameters[0].Write([t, s]);
        using var flow = new Flow<double>(new StandardNormal<double>(1), transform);

        var noise = new double[draws];
        new RandomStream(1).FillNormal<double>(noise);
        var (expectation, gradients) = flow.LossGradient(Tensor.Create(noise, [draws, 1]), objective: new MeanSquare());
        var gradient = gradients["map.shift_scale"];                    // (d/dt, d/ds)

        var scale = Math.Exp(-2 * s);
        var answers = new[] { (expectation, (1 + (t * t)) * scale), (gradient[0], 2 * t * scale), (gradient[1], -2 * (1 + (t * t)) * scale) };
        foreach (var (found, known) in answers)
            Console.WriteLine($"{found:f4} (known: {known:f4})");
        return answers;
    }
}
