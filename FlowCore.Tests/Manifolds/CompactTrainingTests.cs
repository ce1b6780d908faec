using System.Numerics.Tensors;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Training in single precision: a hundred quick steps of Adam leave numbers, and a better density.</summary>
[TestFixture]
internal sealed class CompactTrainingTests
{
    private const int Rows = 1280;

    [TestCase("i1_-3_3", "rr")]
    [TestCase("s1", "m")]
    [TestCase("s1", "oo")]
    [TestCase("s2", "ff")]
    [TestCase("s2", "fff")]
    [TestCase("s2", "v")]
    [TestCase("s2", "n")]
    [TestCase("s2", "c")]
    public void Layers_learn_in_single_precision(string manifold, string layers)
    {
        var options = new PdfOptions
        {
            Layers = layers switch
            {
                "fff" => [new LayerOverride('f', CompactLayer.All.Single(layer => layer.Options.Any(option => option.Name == "vertical_smooth")).Options.ToDictionary(option => option.Name, option => option.Value))],
                "c" => [new LayerOverride('c', new Dictionary<string, OptionValue> { ["steps"] = 4, ["cnf_network_hidden_dims"] = "16" })],
                _ => [],
            },
        };
        using var pdf = new Pdf<float>(manifold, layers, options);
        var result = pdf.Fit<float>(
            new ReadOnlyTensorSpan<float>(Data(manifold), [Rows, pdf.Features]),
            options: new TrainingOptions
            {
                Epochs = 10,
                BatchSize = 128,
                Optimiser = OptimiserSettings.Adam(1e-2),
                Schedule = new ConstantSchedule(),
                EarlyStopping = null,
                ValidationFraction = 0,
                Warn = null,
            });
        Assert.That(result.History.Epochs[^1].TrainLoss, Is.LessThan(result.History.Epochs[0].TrainLoss));
        var numbers = new float[Rows * pdf.Features];
        pdf.Draw(Rows, seed: 3).X.FlattenTo(numbers);
        Assert.That(numbers, Has.All.Matches<float>(float.IsFinite));
    }

    // Two thirds of the rows crowd, the others are anywhere; a few are ends or all but poles.
    private static float[] Data(string manifold)
    {
        var columns = manifold == "s2" ? 2 : 1;
        var (uniform, normal) = (new double[2 * Rows], new double[2 * Rows]);
        new RandomStream(1).FillUniform<double>(uniform);
        new RandomStream(2).FillNormal<double>(normal);
        var rows = new float[Rows * columns];
        for (var row = 0; row < Rows; row++)
        {
            var isCrowd = row % 3 != 0;
            var (a, b) = (uniform[2 * row], uniform[(2 * row) + 1]);
            switch (manifold)
            {
                case "s1":
                    rows[row] = (float)(isCrowd ? 6 + (0.3 * normal[row]) : 2 * Math.PI * a);
                    break;
                case "s2":
                    rows[2 * row] = (float)(row == 5 ? 1e-6 : row == 7 ? 3.14159 : isCrowd ? Math.Min(Math.PI, 0.3 * Math.Sqrt(-2 * Math.Log(a))) : Math.Acos((2 * a) - 1));
                    rows[(2 * row) + 1] = (float)(2 * Math.PI * b);
                    break;
                default:
                    rows[row] = row == 5 ? 3 : row == 7 ? -3 : (float)(isCrowd ? 3 * Math.Tanh(1 + (0.3 * normal[row])) : (6 * a) - 3);
                    break;
            }
        }

        return rows;
    }
}
