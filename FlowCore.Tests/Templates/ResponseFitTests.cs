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
    private static readonly TextWriter Out = TextWriter.Synchronized(new StreamWriter("/tmp/response.log") { AutoFlush = true });

    [Test]
    [Explicit("Minutes: the sizes of the document.")]
    public void Full_size()
    {
        var rows = int.Parse(Environment.GetEnvironmentVariable("RESPONSE_ROWS") ?? "20000", CultureInfo.InvariantCulture);
        using var model = Response.Fit(
            ResponseTruth.Template(rows * 5, [0, 0, 0], seed: 1), [.. ResponseTruth.Points.Select((nu, i) => ResponseTruth.Template(rows, nu, (ulong)(2 + i)))], out _,
            new ResponseFitOptions { Log = Out, NuisanceNames = ["jes", "jer", "tes"] });
        foreach (var nu in (double[][])[[0, 0, 0], [1, 0, 0], [0.5, 0.5, 0.5], [-1, 1, 0], [0.7, -0.7, 0.7], [0, -1, 1], [1, 1, 1]])
            Out.WriteLine($"{string.Join(", ", nu)}: moved {Divergence(model, nu, new double[3]):f5}, left {Divergence(model, nu, nu):f5}");
    }

    [Test]
    [Explicit("Variants.")]
    public void Variants()
    {
        var rows = 10000;
        var nominal = ResponseTruth.Template(rows * 5, [0, 0, 0], seed: 1);
        using var flow = FlowCore.Fitting.Density.Fit<float>(System.Numerics.Tensors.Tensor.Create(nominal.Samples.ToArray(), [rows * 5, 5]), options: new FlowCore.Fitting.DensityFitOptions { Log = Out });
        foreach (var (layers, hidden) in ((int, int[])[])[(2, [64, 64]), (1, [64, 64]), (2, [32, 32]), (1, [32, 32]), (1, [16, 16]), (2, [16, 16])])
        {
            var log = new StringWriter();
            using var model = Response.Fit(
                flow, [.. ResponseTruth.Points.Select((nu, i) => ResponseTruth.Template(rows, nu, (ulong)(2 + i)))], out _,
                null, new ResponseFitOptions { Log = log, ClosureRows = 200, Layers = layers, HiddenSizes = hidden });
            Out.WriteLine(log.ToString().Split('\n').First(l => l.StartsWith("Training")));
            var zero = Divergence(model, new double[3], new double[3]);
            var text = $"layers {layers} hidden {hidden[0]}: ";
            foreach (var nu in (double[][])[[1, 0, 0], [0.5, 0.5, 0.5], [-1, 1, 0], [0.7, -0.7, 0.7], [0, -1, 1], [1, 1, 1]])
                text += $" {Divergence(model, nu, nu) - zero:f5}";
            Out.WriteLine(text);
        }
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
