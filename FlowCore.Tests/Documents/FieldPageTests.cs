using System.Numerics.Tensors;
using FlowCore.Fields;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Documents;

/// <summary>The programs of the page about fields.</summary>
[TestFixture]
internal sealed class FieldPageTests
{
    [Test]
    public void A_flow_of_fields_learns_that_neighbours_are_alike()
    {
        var fields = Smooth(600);

        var shape = new FieldShape(channels: 1, height: 8, width: 8);
        using var flow = CouplingFieldFlow.Create<float>(shape, new CouplingFieldFlowSettings { Couplings = 4, HiddenChannels = [8, 8] });
        var result = flow.Fit(fields, options: new TrainingOptions { Epochs = 60, BatchSize = 100, Optimiser = OptimiserSettings.Adam(0.01) });
        var samples = flow.Sample(100, seed: 1);     // [100, 64]: a row is a field, its channels first, then its rows

        // Sums of four white neighbours have the variance 1 and three quarters of it from pixels that are known: independent normal pixels are at 64 · ½ ln 2πe = 90.8.
        Assert.That(result.BestValidationLoss, Is.LessThan(85));
        Assert.That((int)samples.Lengths[1], Is.EqualTo(64));
    }

    [Test]
    public void Levels_halve_the_sides()
    {
        var shape = new FieldShape(channels: 1, height: 8, width: 8);
        var settings = new CouplingFieldFlowSettings { Couplings = 4, Levels = 3, HiddenChannels = [8], LearnsReach = true };
        using var flow = CouplingFieldFlow.Create<float>(shape, settings);

        Assert.That(flow.NoiseFeatures, Is.EqualTo(64));
    }

    // White noise, averaged over the pixel and its neighbours to the right, below, and across.
    private static Tensor<float> Smooth(int count)
    {
        var (white, fields) = (new float[64 * count], new float[64 * count]);
        new RandomStream(2).FillNormal<float>(white);
        for (var i = 0; i < fields.Length; i++)
        {
            var (first, row, column) = (i / 64 * 64, i / 8 % 8, i % 8);
            var (below, right) = ((row + 1) % 8, (column + 1) % 8);
            fields[i] = (white[i] + white[first + (8 * row) + right] + white[first + (8 * below) + column] + white[first + (8 * below) + right]) / 2;
        }

        return Tensor.Create(fields, [count, 64]);
    }
}
