using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Pdfs whose rows bring their numbers.</summary>
[TestFixture]
internal sealed class PdfVectorTests
{
    [TestCase("e2", "gt", 0)]
    [TestCase("e1+s2", "g+f", 0)]
    [TestCase("e1+s2", "g+f", 2)]
    [TestCase("s2+i1+e1", "y+rr+x", 1)]
    [TestCase("s1+d3+a2", "m+k+w", 1)]
    public void A_row_that_brings_the_numbers_of_another_pdf_has_its_density(string manifolds, string layers, int conditions)
    {
        var options = new PdfOptions { ConditionColumns = conditions == 0 ? [] : [conditions], UsesCustomNetworks = true, NetworkSizes = ["3"], DampingFactor = 1, PredictsLogMean = conditions == 0 };
        using var own = new Pdf<double>(manifolds, layers, options);
        using var pdf = new Pdf<double>(manifolds, layers, options with { TakesParameters = true });
        PdfCase.Stir(own, 0.1);
        double[] vector = [.. own.Parameters.Parameters.SelectMany(parameter =>
        {
            var values = new double[parameter.Length];
            parameter.Read(values);
            return values;
        })];
        Assert.That(pdf.FreshVector(), Has.Length.EqualTo(vector.Length));
        Assert.That(pdf.Parameters.Parameters, Is.Empty);
        Assert.That(pdf.ContextFeatures, Is.EqualTo(conditions + vector.Length));

        const int Rows = 7;
        var z = new double[Rows * own.NoiseFeatures];
        new FlowCore.Random.RandomStream(5).FillNormal<double>(z);
        double[] given = [.. Enumerable.Range(0, Rows * conditions).Select(i => Math.Sin(i))];
        double[] rows = [.. Enumerable.Range(0, Rows).SelectMany(i => (double[])[.. given[(i * conditions)..((i + 1) * conditions)], .. vector])];
        var (x, twin, logs, twins) = (new double[Rows * own.Features], new double[Rows * own.Features], new double[Rows], new double[Rows]);
        own.FromNoise(z, new Conditions<double>(given), x, default);
        pdf.FromNoise(z, new Conditions<double>(rows), twin, default);
        own.LogDensity(x, new Conditions<double>(given), logs);
        pdf.LogDensity(x, new Conditions<double>(rows), twins);
        for (var i = 0; i < x.Length; i++)
            Assert.That(twin[i], Is.EqualTo(x[i]).Within(1e-10));
        for (var i = 0; i < Rows; i++)
            Assert.That(twins[i], Is.EqualTo(logs[i]).Within(1e-10));
        if (conditions == 0)
            Assert.That(pdf.LogMeanPoisson(vector)[0, 0], Is.EqualTo(own.LogMeanPoisson()[0, 0]));
    }

    [Test]
    public void A_network_outside_gives_the_numbers_and_is_trained()
    {
        // x = o + 0.1 ε, every number of the pdf an output of the network of o.
        var pdf = new Pdf<double>("e1", "t", new PdfOptions { TakesParameters = true });
        using var model = new ConditionalPdf<double>(new MlpEncoder<double>(1, pdf.ContextFeatures, [16]), pdf);
        var (o, noise) = (new double[800], new double[800]);
        new FlowCore.Random.RandomStream(3).FillNormal<double>(o);
        new FlowCore.Random.RandomStream(4).FillNormal<double>(noise);
        var x = o.Zip(noise, (a, b) => a + (0.1 * b)).ToArray();
        var trained = FlowCore.Training.DensityModelFit.Fit<double>(
            model, new System.Numerics.Tensors.ReadOnlyTensorSpan<double>(x, [800, 1]), new System.Numerics.Tensors.ReadOnlyTensorSpan<double>(o, [800, 1]),
            options: new FlowCore.Training.TrainingOptions { Epochs = 60, BatchSize = 100, Optimiser = FlowCore.Training.OptimiserSettings.Adam(0.02), Warn = null });

        // ½ ln 2πe + ln 0.1 = −0.88; without the network it is ½ ln 2πe = 1.42.
        Assert.That(trained.BestValidationLoss, Is.LessThan(-0.5));
        Assert.That(() => pdf.Start(x), Throws.InvalidOperationException);
    }

    [Test]
    public void A_file_says_that_the_rows_bring_the_numbers()
    {
        using var pdf = new Pdf<double>("e1", "t", new PdfOptions { TakesParameters = true });
        var back = FlowCore.Files.ModelFile.PdfFromArchive<double>(FlowCore.Files.ModelFile.ToArchive(pdf));
        Assert.That(back.Options.TakesParameters);
        Assert.That(back.FreshVector(), Is.EqualTo(pdf.FreshVector()));
        Assert.That(() => new Pdf<double>("e1", "t", new PdfOptions { TakesParameters = true, IsFullyAmortized = true, ConditionColumns = [1] }), Throws.ArgumentException);
    }
}
