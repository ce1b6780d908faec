using System.Numerics.Tensors;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>Parts that are not trained: they are computed with, and keep their bits.</summary>
internal static class FrozenParts
{
    /// <summary>Runs the program.</summary>
    /// <returns>Whether the frozen part has the bits that it had, and whether the other one has moved.</returns>
    public static (bool IsKept, bool HasMoved) Run()
    {
        var random = new RandomStream(1);
        var calibration = new Elementwise<double>(new Affine<double>(), 2, "calibration");
        var map = new MaskedAutoregressive<double>(new Affine<double>(), AutoregressiveOrder.Natural(2), [16], UnaryFunction.Tanh, "map", random);
        calibration.Parameters[0].Write([0.1, -0.2, 0.3, 0.4]);
        foreach (var parameter in calibration.Parameters)
            parameter.Trainable = false;                                // before the flow takes its parts in

        using var flow = new Flow<double>(new StandardNormal<double>(2), new Composition<double>(2, [calibration, map]));
        var (frozen, trained) = (NumbersOf(calibration), NumbersOf(map));
        var samples = new double[4000];
        random.FillNormal<double>(samples);
        flow.Fit(Tensor.Create(samples, [2000, 2]), options: new TrainingOptions { Epochs = 2 });

        var isKept = NumbersOf(calibration).SequenceEqual(frozen);
        var hasMoved = !NumbersOf(map).SequenceEqual(trained);
        Console.WriteLine($"The calibration kept its bits: {isKept}; the map was trained: {hasMoved}");
        return (isKept, hasMoved);
    }

    private static double[] NumbersOf(Transform<double> part) => [.. part.Parameters.SelectMany(parameter =>
    {
        var numbers = new double[parameter.Length];
        parameter.Read(numbers);
        return numbers;
    })];
}
