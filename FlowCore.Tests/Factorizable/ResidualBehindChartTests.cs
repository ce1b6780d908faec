using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Factorizable;

/// <summary>A residual behind the chart of its base: a mass around 91 and a resolution that is not known well.</summary>
[TestFixture]
internal sealed class ResidualBehindChartTests
{
    private const double Mass = 91;
    private const double Width = 2;
    private const int Rows = 2000;

    [TestCase(true)]
    [TestCase(false)]
    public void At_the_central_value_the_density_has_the_bits_of_the_base(bool fitted)
    {
        using var nominal = fitted ? Fitted() : Standardised();
        using var model = nominal.WithNuisances(1, new PolynomialResidualSettings { Features = 1, Nuisances = 1, HiddenSizes = [8] });
        Assert.That(model.IsBehindChart);
        Disturb(model);
        var x = Template(0, seed: 3);
        var (ofBase, ofModel, z, zOfModel) = (new double[Rows], new double[Rows], new double[Rows], new double[Rows]);
        nominal.LogDensity(x, ofBase);
        model.LogDensity(x, new Conditions<double>(default, [0.0]), ofModel);
        Assert.That(ofModel, Is.EqualTo(ofBase));
        nominal.FromNoise(x.Select(value => (value - Mass) / Width).ToArray(), z, ofBase);
        model.FromNoise(x.Select(value => (value - Mass) / Width).ToArray(), new Conditions<double>(default, [0.0]), zOfModel, ofModel);
        Assert.That(zOfModel, Is.EqualTo(z));
        Assert.That(ofModel, Is.EqualTo(ofBase));
    }

    [Test]
    public void Elsewhere_there_and_back_undo_each_other_and_the_density_is_that_of_the_noise()
    {
        using var nominal = Standardised();
        using var model = nominal.WithNuisances(1, new PolynomialResidualSettings { Features = 1, Nuisances = 1, HiddenSizes = [8] });
        Disturb(model);
        var x = Template(0, seed: 3);
        var at = new Conditions<double>(default, [0.7]);
        var (z, back, logDet, density, nominalX, observed) = (new double[Rows], new double[Rows], new double[Rows], new double[Rows], new double[Rows], new double[Rows]);
        model.ToNoise(x, at, z, logDet);
        model.FromNoise(z, at, back, []);
        model.LogDensity(x, at, density);
        model.ToNominal(x, at, nominalX, []);
        model.FromNominal(nominalX, at, observed, []);
        for (var i = 0; i < Rows; i++)
        {
            // Rounding at 91, some times over.
            Assert.That(back[i], Is.EqualTo(x[i]).Within(1e-11));
            Assert.That(observed[i], Is.EqualTo(x[i]).Within(1e-11));
            Assert.That(density[i], Is.EqualTo(logDet[i] - (0.5 * z[i] * z[i]) - (0.5 * Math.Log(2 * Math.PI))).Within(1e-11));
        }

        // What the residual makes of x is not x.
        Assert.That(nominalX.Zip(x, (a, b) => Math.Abs(a - b)).Max(), Is.GreaterThan(0.01));
    }

    [Test]
    public void A_resolution_is_learned_where_the_mass_is_far_from_order_one()
    {
        using var nominal = Standardised();
        using var model = nominal.WithNuisances(1, new PolynomialResidualSettings { Features = 1, Nuisances = 1, HiddenSizes = [8] });
        double[] templates = [-1, -0.5, 0.5, 1];
        var x = templates.SelectMany((nu, i) => Template(nu, seed: 10 + (ulong)i)).ToArray();
        var nu = templates.SelectMany(value => Enumerable.Repeat(value, Rows)).ToArray();
        var options = new TrainingOptions { Epochs = 25, BatchSize = 128, Optimiser = OptimiserSettings.Adam(0.02), Warn = null };
        model.Fit(Tensor.Create(x, [x.Length, 1]), nuisances: Tensor.Create(nu, [nu.Length, 1]), options: options);
        var fresh = Template(0.7, seed: 20);
        var density = new double[Rows];
        model.LogDensity(fresh, new Conditions<double>(default, [0.7]), density);
        var deviation = WidthAt(0.7);
        var truth = fresh.Average(value => (-0.5 * Math.Pow((value - Mass) / deviation, 2)) - Math.Log(deviation) - (0.5 * Math.Log(2 * Math.PI)));

        // A scale and a shift in each of two powers of ν from 8,000 rows: 4/(2 · 8,000), and the noise of the difference on fresh rows. The base alone is 0.034 off.
        Assert.That(truth - density.Average(), Is.EqualTo(0).Within(0.005));
    }

    [Test]
    public void Files_and_copies_keep_the_place_of_the_residual()
    {
        using var nominal = Standardised();
        using var model = nominal.WithNuisances(1, new PolynomialResidualSettings { Features = 1, Nuisances = 1, HiddenSizes = [8] });
        Disturb(model);
        var archive = ModelFile.ToArchive(model);
        using var again = ModelFile.FactorizableFromArchive(archive, nominal);
        using var copy = model.ConvertTo<double>();
        Assert.That(again.IsBehindChart && copy.IsBehindChart);
        var x = Template(0, seed: 3);
        var at = new Conditions<double>(default, [0.7]);
        var (density, other) = (new double[Rows], new double[Rows]);
        model.LogDensity(x, at, density);
        again.LogDensity(x, at, other);
        Assert.That(other, Is.EqualTo(density));
        copy.LogDensity(x, at, other);
        Assert.That(other, Is.EqualTo(density));
    }

    [Test]
    public void A_base_without_a_chart_has_the_residual_in_front()
    {
        using var nominal = NeuralSplineFlow.Create<double>(features: 1);
        using var model = nominal.WithNuisances(2);
        Assert.That(model.IsBehindChart, Is.False);
        Assert.That(model.Nuisances, Is.EqualTo(2));
        Assert.That(
            () => new FactorizableFlow<double>(nominal, new PolynomialResidual<double>(new PolynomialResidualSettings { Features = 1, Nuisances = 1 }), behindChart: true),
            Throws.ArgumentException);
    }

    private static double WidthAt(double nu) => Width * Math.Exp(0.2 * nu);

    private static double[] Template(double nu, ulong seed)
    {
        var x = new double[Rows];
        new RandomStream(seed).FillNormal<double>(x);
        for (var i = 0; i < Rows; i++)
            x[i] = Mass + (WidthAt(nu) * x[i]);
        return x;
    }

    // A base that is the truth at ν = 0.
    private static Flow<double> Standardised() =>
        new(new StandardNormal<double>(1), new Composition<double>(1, new Standardization<double>(new LocationScale([Mass], [Width]), "standardize")));

    private static Flow<double> Fitted() => Density.Fit<double>(
        Tensor.Create(Template(0, seed: 1), [Rows, 1]),
        options: new DensityFitOptions
        {
            Log = null,
            Flow = new NeuralSplineFlowSettings { Features = 1, Transforms = 2, Bins = 4 },
            Training = new TrainingOptions { Epochs = 2, Warn = null },
        });

    // Fresh residuals are the identity: their last layers are zero.
    private static void Disturb(FactorizableFlow<double> model)
    {
        foreach (var parameter in model.Parameters.Parameters)
        {
            var numbers = new double[parameter.Length];
            new RandomStream(5).FillNormal<double>(numbers);
            parameter.Write(Array.ConvertAll(numbers, value => 0.2 * value));
        }
    }
}
