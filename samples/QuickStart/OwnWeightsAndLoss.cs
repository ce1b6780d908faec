using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>A weight for every event, and a loss of one's own: a signal fitted where a fifth of the events is background.</summary>
internal static class OwnWeightsAndLoss
{
    /// <summary>Runs the program.</summary>
    /// <returns>Mean and deviation of the signal as fitted; both are 1.</returns>
    public static (double Mean, double Deviation) Run()
    {
        const int events = 40_000;
        const int background = events / 5;
        var x = new double[events];
        var weights = new double[events];
        new RandomStream(1).FillNormal<double>(x.AsSpan(background..));
        new RandomStream(2).FillUniform<double>(x.AsSpan(0, background));
        for (var i = 0; i < events; i++)
        {
            // The signal was drawn from N(0, 1); its weights make it N(1, 1). The background is uniform in (−5, 5).
            weights[i] = i < background ? 1 : Math.Exp(x[i] - 0.5);
            if (i < background)
                x[i] = (10 * x[i]) - 5;
        }

        using var flow = new Flow<double>(new StandardNormal<double>(1), new Elementwise<double>(new Affine<double>(), 1, "signal"));
        var data = new ArrayData<double>(x, features: 1, weights: weights);
        flow.Fit(data, new TrainingOptions { Epochs = 20, Optimiser = OptimiserSettings.Adam(0.03) }, objective: new SignalAndBackground(share: 0.8));

        var (drawn, _) = flow.FromNoise(System.Numerics.Tensors.Tensor.Create([0.0, 1.0]));
        var (mean, deviation) = (drawn[0, 0], drawn[1, 0] - drawn[0, 0]);
        Console.WriteLine($"Signal: mean {mean:f3} (1), deviation {deviation:f3} (1)");
        return (mean, deviation);
    }
}
