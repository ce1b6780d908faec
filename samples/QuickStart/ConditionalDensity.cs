using System.Numerics.Tensors;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;

namespace QuickStart;

/// <summary>A density of x that depends on a context c: x | c ~ N(c², 0.3²) for c in (−1, 1).</summary>
internal static class ConditionalDensity
{
    /// <summary>Runs the program.</summary>
    /// <returns>The mean of x at c = 0.5, which is 0.25, and its deviation, which is 0.3.</returns>
    public static (double Mean, double Deviation) Run()
    {
        const int events = 20_000;
        var x = new float[events];
        var context = new float[events];
        new RandomStream(1).FillUniform<float>(context);
        new RandomStream(2).FillNormal<float>(x);
        for (var i = 0; i < events; i++)
        {
            context[i] = (2 * context[i]) - 1;
            x[i] = (context[i] * context[i]) + (0.3f * x[i]);
        }

        using var flow = NeuralSplineFlow.Create<float>(features: 1, contextFeatures: 1);
        var options = new TrainingOptions { Epochs = 30, Optimiser = OptimiserSettings.AdamW(0.005) };
        flow.Fit(Tensor.Create(x), Tensor.Create(context, [events, 1]), options: options);

        var at = Tensor.Create([0.5f]);                                 // one row of context for all draws
        var drawn = flow.Sample(100_000, seed: 3, context: at);
        var mean = Tensor.Average<float>(drawn);
        var deviation = Tensor.StdDev<float>(drawn);
        Console.WriteLine($"At c = 0.5: mean {mean:f3} (0.25), deviation {deviation:f3} (0.3)");
        return (mean, deviation);
    }
}
