using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;

namespace QuickStart;

/// <summary>A training loop of one's own: the optimiser gives a tape, the loop records the loss. The truth is normal with correlation 0.8.</summary>
internal static class OwnTrainingLoop
{
    /// <summary>Runs the program.</summary>
    /// <returns>The mean loss of the last hundred steps, and the entropy of the truth, which is the least loss there is.</returns>
    public static (double Loss, double Entropy) Run()
    {
        const int steps = 600;
        const int rows = 256;
        using var flow = MaskedAffineFlow.Create<double>(new MaskedAffineFlowSettings { Features = 2, Transforms = 2, HiddenSizes = [16] });
        using var optimiser = new Optimiser<double>(flow, OptimiserSettings.Adam()) { GradientClip = 5 };
        var batch = new double[2 * rows];
        var sum = 0.0;
        for (var step = 0; step < steps; step++)
        {
            new RandomStream(1).Substream((ulong)step).FillNormal<double>(batch);
            for (var i = 0; i < batch.Length; i += 2)
                batch[i + 1] = (0.8 * batch[i]) + (0.6 * batch[i + 1]);

            optimiser.LearningRate = 0.02 * (1 - ((double)step / steps));
            var tape = optimiser.Begin(rows);                           // a block of rows, to be recorded
            var x = tape.Input(batch, columns: 2);
            optimiser.Accumulate(-flow.LogDensity(x));                  // a loss for each row; several blocks add up
            var loss = optimiser.Step();                                // one update with the gradient of the mean
            if (step >= steps - 100)
                sum += loss / 100;
        }

        var entropy = Math.Log(2 * Math.PI * Math.E) + Math.Log(0.6);
        var (name, gradient) = optimiser.Gradients().First();           // by name, in the order of the state
        Console.WriteLine($"Loss {sum:f4}, entropy {entropy:f4}; the last gradient of '{name}' is a {gradient.Lengths[0]} x {gradient.Lengths[1]} matrix");
        return (sum, entropy);
    }
}
