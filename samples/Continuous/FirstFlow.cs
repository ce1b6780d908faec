using System.Numerics.Tensors;
using FlowCore.Continuous;
using FlowCore.Files;

namespace ContinuousSample;

/// <summary>A first continuous flow: the program of the document.</summary>
internal static class FirstFlow
{
    /// <summary>Trains a flow, chooses its steps, asks it for densities and samples.</summary>
    /// <param name="samples">Row-major rows of two features.</param>
    /// <param name="epochs">How long.</param>
    /// <param name="path">The file that it is saved to.</param>
    /// <param name="output">Where to write.</param>
    public static void Run(float[] samples, int epochs, string path, TextWriter output)
    {
        var x = Tensor.Create(samples, [samples.Length / 2, 2]);
        using var flow = new ContinuousFlow<float>(new ContinuousFlowSettings { Features = 2, Seed = 1 });
        flow.Fit(x, options: ContinuousFlow<float>.MatchingTraining with { Epochs = epochs });

        var choice = flow.ChooseSteps(Tensor.Create(samples.AsSpan(0, 512).ToArray(), [256, 2]));
        output.WriteLine($"{choice.Steps} steps change no ln q by more than {choice.Change:g2}");

        var logDensity = flow.LogDensity(x);
        var drawn = flow.Sample(1000, seed: 2);
        output.WriteLine($"mean of −ln q {-Tensor.Average(logDensity.AsReadOnlyTensorSpan()):f3}, drew {drawn.Lengths[0]} rows");

        flow.Save(path);
        using var again = ContinuousFlow<float>.Load(path);
        output.WriteLine($"the file knows of {again.Steps} steps");
    }
}
