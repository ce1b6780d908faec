using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Templates;
using FlowCore.Training;
using NUnit.Framework;
using Responses;

namespace FlowCore.Tests.Templates;

/// <summary>Five features, three nuisances, two cross terms, of which the density is known at every ν.</summary>
[TestFixture]
internal sealed class ResponseFitTests
{
    private const int Rows = 1500;

    // None of these is a template; the last ones are further out or in all three at once.
    private static readonly double[][] _unseen = [[0.5, 0, 0], [0.5, 0.5, 0.5], [0.7, -0.7, 0.7], [-0.5, 1, -1], [1, 1, 1]];

    // A small base and short runs: what is learned is the response.
    private static readonly ResponseFitOptions _quick = new()
    {
        NuisanceNames = ["jes", "jer", "tes"],
        Log = null,
        ClosureRows = 200,
        HiddenSizes = [24],
        Base = new DensityFitOptions
        {
            Flow = new NeuralSplineFlowSettings { Features = 1, Transforms = 2, AffineTransforms = 1, HiddenSizes = [24], Bins = 4 },
            Training = new TrainingOptions { Epochs = 12, BatchSize = 128, Optimiser = OptimiserSettings.AdamW(5e-3), Warn = null },
        },
        Training = new TrainingOptions { Epochs = 12, BatchSize = 256, Optimiser = OptimiserSettings.AdamW(5e-3), Warn = null },
        Seed = 3,
    };

    [Test]
    public void The_response_holds_at_points_that_no_template_has()
    {
        using var model = Response.Fit(
            FiveFeatures.Template(5 * Rows, [0, 0, 0], seed: 1), [.. FiveFeatures.Points.Select((nu, i) => FiveFeatures.Template(Rows, nu, (ulong)(2 + i)))],
            out var result, _quick);
        Assert.That(result.Terms, Is.EqualTo((string[])["jes", "jer", "tes", "jes²", "jer²", "tes²", "jes·jer", "jer·tes"]));
        Assert.That(result.Closures, Has.Count.EqualTo(FiveFeatures.Points.Length));
        var ofBase = Divergence(model, [0, 0, 0], [0, 0, 0]);
        foreach (var nu in _unseen)
        {
            // At full size a fiftieth is left (docs/tutorial-response.md); of 1,500 rows a template and twelve epochs a fifth.
            var moved = Divergence(model, nu, [0, 0, 0]) - ofBase;
            Assert.That(Divergence(model, nu, nu) - ofBase, Is.LessThan(0.2 * moved + 0.004), string.Join(", ", nu));
        }
    }

    // KL(truth at ν ‖ model at another), on the same events for all.
    private static double Divergence(FactorizableFlow<float> model, double[] nu, double[] at)
    {
        const int rows = 20_000;
        var x = FiveFeatures.Sample(rows, nu, seed: 1000);
        var density = new float[rows];
        model.LogDensity(x, new Conditions<float>(default, Array.ConvertAll(at, value => (float)value)), density);
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
            sum += FiveFeatures.LogDensity(x.AsSpan(i * FiveFeatures.Features, FiveFeatures.Features), nu) - density[i];
        return sum / rows;
    }
}
