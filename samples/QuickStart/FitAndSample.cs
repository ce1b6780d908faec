using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.Random;

namespace QuickStart;

/// <summary>Fit a density to samples, evaluate it, draw from it, save and load it. The truth is known: x₀ ~ N(0, 1), x₁ = x₀²/2 + ε/2.</summary>
internal static class FitAndSample
{
    /// <summary>Runs the program.</summary>
    /// <returns>KL(truth ‖ flow) in nats from fresh events, and the mean of x₁ as drawn, which is 1/2.</returns>
    public static (double Divergence, double Mean) Run()
    {
        var samples = Draw(20_000, seed: 1);                            // [events, 2]
        using var model = Density.Fit<float>(samples);                  // says what it does, on standard error

        var fresh = Draw(20_000, seed: 2);
        var logDensity = model.LogDensity(fresh);                       // [events]
        var drawn = model.Sample(100_000, seed: 3);                     // [100000, 2], the same for any number of threads
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");
        model.Save(path);
        using var again = Flow<double>.Load(path);                      // the file says all that is needed
        File.Delete(path);

        var entropy = Math.Log(2 * Math.PI * Math.E) + Math.Log(0.5);
        var divergence = -entropy - Tensor.Average<float>(logDensity);
        var mean = Tensor.Average<float>(drawn[.., 1..]);
        Console.WriteLine($"KL(truth || flow) = {divergence:f3} nats; mean of x1 = {mean:f3}; {again.Parameters.Count} numbers in the file");
        return (divergence, mean);
    }

    private static Tensor<float> Draw(int events, ulong seed)
    {
        var x = new float[2 * events];
        new RandomStream(seed).FillNormal<float>(x);
        for (var i = 0; i < x.Length; i += 2)
            x[i + 1] = (0.5f * x[i] * x[i]) + (0.5f * x[i + 1]);
        return Tensor.Create(x, [events, 2]);
    }
}
