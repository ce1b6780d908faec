using System.Globalization;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Templates;
using NUnit.Framework;

namespace FlowCore.Tests.Templates;

/// <summary>Five features, three nuisances, two cross terms, of which the density is known at every ν.</summary>
[TestFixture]
internal sealed class ResponseFitTests
{
    [Test]
    [Explicit("Minutes: the sizes of the document.")]
    public void Full_size()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("RESPONSE_ROWS") ?? "20000", CultureInfo.InvariantCulture);
        using var model = Response.Fit(
            ResponseTruth.Template(rows * 5, [0, 0, 0], seed: 1), [.. ResponseTruth.Points.Select((nu, i) => ResponseTruth.Template(rows, nu, (ulong)(2 + i)))], out _,
            new ResponseFitOptions { Log = TestContext.Progress, NuisanceNames = ["jes", "jer", "tes"] });
        foreach (var nu in (double[][])[[0, 0, 0], [1, 0, 0], [0.5, 0.5, 0.5], [-1, 1, 0], [0.7, -0.7, 0.7], [0, -1, 1], [1, 1, 1]])
            TestContext.Progress.WriteLine($"{string.Join(", ", nu)}: moved {Divergence(model, nu, new double[3]):f5}, left {Divergence(model, nu, nu):f5}");
    }

    private static double Divergence(FactorizableFlow<float> model, double[] nu, double[] at)
    {
        const int rows = 20000;
        var x = ResponseTruth.Sample(rows, nu, seed: 1000);
        var density = new float[rows];
        model.LogDensity(x, new Conditions<float>(default, Array.ConvertAll(at, value => (float)value)), density);
        var sum = 0.0;
        for (var i = 0; i < rows; i++)
            sum += ResponseTruth.LogDensity(x.AsSpan(i * ResponseTruth.Features, ResponseTruth.Features), nu) - density[i];
        return sum / rows;
    }
}
