using System.Numerics.Tensors;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace QuickStart;

/// <summary>A factorizable flow on arrays of one's own: nominal events, and templates of events at some values of a nuisance ν, a resolution.</summary>
internal static class FactorizableOnArrays
{
    private const int Events = 10_000;
    private const double Mass = 91;
    private const double Width = 2;

    /// <summary>Runs the program. The truth: x₀ ~ N(91, (2 e^(ν/5))²), a mass, and x₁ ~ N(ν/2 + (x₀ − 91)/4, 1).</summary>
    /// <returns>KL(truth ‖ model) in nats at ν = 0.7, where there was no template, and that of the base, which does not know ν.</returns>
    public static (double Model, double Base) Run()
    {
        var events = Template(0, seed: 1);
        var settings = new MaskedAffineFlowSettings { Features = 2, Transforms = 2, HiddenSizes = [16], Standardization = LocationScale.FromData<double>(events, 2) };
        using var nominal = MaskedAffineFlow.Create<double>(settings);
        var options = new TrainingOptions { Epochs = 15, Optimiser = OptimiserSettings.Adam(0.01) };
        nominal.Fit(Tensor.Create(events, [Events, 2]), options: options);

        // The residual works in the standardised coordinates of the base, whatever the features' own are.
        using var model = nominal.WithNuisances(1, new PolynomialResidualSettings { Features = 2, Nuisances = 1, HiddenSizes = [16] });
        double[] templates = [-1, -0.5, 0.5, 1];
        var x = templates.SelectMany((nu, i) => Template(nu, seed: 2 + (ulong)i)).ToArray();
        var nuisances = templates.SelectMany(nu => Enumerable.Repeat(nu, Events)).ToArray();
        model.Fit(Tensor.Create(x, [x.Length / 2, 2]), nuisances: Tensor.Create(nuisances, [nuisances.Length, 1]), options: options);

        var fresh = Tensor.Create(Template(0.7, seed: 9), [Events, 2]);
        var truth = Tensor.Average<double>(Tensor.Create(TruthAt(fresh, 0.7)));
        var ofModel = truth - Tensor.Average<double>(model.LogDensity(fresh, nuisances: Tensor.Create([0.7])));
        var ofBase = truth - Tensor.Average<double>(nominal.LogDensity(fresh));
        Console.WriteLine($"At nu = 0.7, never trained: KL(truth || model) = {ofModel:f4} nats, of the base alone {ofBase:f4}");
        return (ofModel, ofBase);
    }

    private static double[] Template(double nu, ulong seed)
    {
        var x = new double[2 * Events];
        new RandomStream(seed).FillNormal<double>(x);
        for (var i = 0; i < x.Length; i += 2)
            (x[i], x[i + 1]) = (Mass + (Width * Math.Exp(nu / 5) * x[i]), (nu / 2) + (Width * Math.Exp(nu / 5) * x[i] / 4) + x[i + 1]);
        return x;
    }

    private static double[] TruthAt(Tensor<double> x, double nu) => [.. Enumerable.Range(0, Events).Select(i =>
    {
        var (a, b) = ((x[i, 0] - Mass) * Math.Exp(-nu / 5) / Width, x[i, 1] - (nu / 2) - ((x[i, 0] - Mass) / 4));
        return (-0.5 * ((a * a) + (b * b))) - Math.Log(2 * Math.PI * Width) - (nu / 5);
    })];
}
