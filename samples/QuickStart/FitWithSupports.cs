using System.Numerics.Tensors;
using FlowCore.Fitting;
using FlowCore.Random;

namespace QuickStart;

/// <summary>What a user knows about the features: a fraction in [0, 1], an angle, and a time that is positive.</summary>
internal static class FitWithSupports
{
    /// <summary>Runs the program.</summary>
    /// <returns>The mean of −ln p on fresh events less the entropy, in nats, and the density outside.</returns>
    public static (double Divergence, double Outside) Run()
    {
        const int events = 5_000;
        var (samples, fresh) = (Draw(events, seed: 1), Draw(events, seed: 2));
        var options = new DensityFitOptions
        {
            Supports = [Support.Interval(0, 1), Support.Circle(0, 2 * Math.PI), Support.Positive],
        };
        using var model = Density.Fit<float>(samples, out var result, options: options);
        foreach (var line in result.Applied)
            Console.WriteLine(line);

        // The truth: uniform, uniform, exponential, and independent.
        var entropy = Math.Log(2 * Math.PI) + 1;
        var divergence = -entropy - Tensor.Average<float>(model.LogDensity(fresh));
        var outside = model.LogDensity(Tensor.Create([0.5f, 1, -0.1f], [1, 3]))[0];
        Console.WriteLine($"KL(truth || flow) = {divergence:f3} nats; ln p at a negative time = {outside}");
        return (divergence, outside);
    }

    private static Tensor<float> Draw(int events, ulong seed)
    {
        var x = new float[3 * events];
        new RandomStream(seed).FillUniform<float>(x);
        for (var i = 0; i < x.Length; i += 3)
            (x[i + 1], x[i + 2]) = (2 * MathF.PI * x[i + 1], -MathF.Log(1 - x[i + 2]) + 1e-7f);
        return Tensor.Create(x, [events, 3]);
    }
}
