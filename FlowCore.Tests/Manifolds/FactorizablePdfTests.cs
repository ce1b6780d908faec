using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>A residual in ν behind a frozen pdf on manifolds.</summary>
[TestFixture]
internal sealed class FactorizablePdfTests
{
    [Test]
    public void At_the_central_nuisances_the_density_is_the_bases_to_the_bit()
    {
        using var pdf = new Pdf<double>("s2+i1", "f+r");
        using var model = FactorizablePdf<double>.Of(pdf, 2);
        Perturb(model);
        var x = pdf.Sample(200, seed: 1).ToArray();
        var (expected, actual) = (new double[200], new double[200]);
        pdf.LogDensity(x, expected);
        model.LogDensity(x, new Conditions<double>(default, [0.0, 0.0]), actual);
        Assert.That(actual, Is.EqualTo(expected));
        model.LogDensity(x, new Conditions<double>(default, [0.5, -1.0]), actual);
        Assert.That(actual, Is.Not.EqualTo(expected));
    }

    [Test]
    public void Draws_of_every_nuisance_lie_in_the_support_and_have_their_density()
    {
        using var pdf = new Pdf<double>("s2+i1_2_5+s1", "f+r+m");
        using var model = FactorizablePdf<double>.Of(pdf, 1);
        Perturb(model);
        double[] nuisance = [0.5];
        var (x, drawn, evaluated) = (new double[500 * model.Features], new double[500], new double[500]);
        model.Sample(new RandomStream(2), 0, new Conditions<double>(default, nuisance), x, drawn);
        model.LogDensity(x, new Conditions<double>(default, nuisance), evaluated);

        // Near the upper end of an interval 1 − u has lost the digits that u keeps: at z = 5 a rounding of u is 4e-10 of 1 − u, and ln p has five times that.
        for (var i = 0; i < drawn.Length; i++)
            Assert.That(evaluated[i], Is.EqualTo(drawn[i]).Within(1e-8));
    }

    [Test]
    public void The_density_of_every_nuisance_integrates_to_one()
    {
        using var pdf = new Pdf<double>("s1+i1", "m+rr");
        using var model = FactorizablePdf<double>.Of(pdf, 1);
        Perturb(model);

        // The rule of midpoints in the base's coordinates, where the integrand is smooth and falls to 1e-15 at ±8: it converges faster than any power. Beside the
        // cut of the circle, where the base point is infinite, the density itself need not be bounded.
        const int Cells = 160;
        var z = new double[Cells * Cells * 2];
        for (var i = 0; i < Cells * Cells; i++)
        {
            z[2 * i] = -8 + (16 * ((i % Cells) + 0.5) / Cells);
            z[(2 * i) + 1] = -8 + (16 * ((i / Cells) + 0.5) / Cells);
        }

        var (x, logDet, logs) = (new double[z.Length], new double[Cells * Cells], new double[Cells * Cells]);
        pdf.FromNoise(z, x, logDet);
        model.LogDensity(x, new Conditions<double>(default, [1.0]), logs);
        var cell = 16.0 / Cells * 16 / Cells;
        Assert.That(logs.Zip(logDet, (log, ofPoint) => Math.Exp(log + ofPoint)).Sum() * cell, Is.EqualTo(1).Within(1e-6));
    }

    [TestCase(0)]
    [TestCase(1)]
    public void A_base_of_skewed_mixtures_has_draws_of_its_density_and_a_metric(int isSkewed)
    {
        using var pdf = new Pdf<double>("e2", "gg", new PdfOptions().With('g', new Dictionary<string, OptionValue> { ["add_skewness"] = isSkewed }));
        PdfCase.Stir(pdf, 0.3);
        using var model = FactorizablePdf<double>.Of(pdf, 1);
        Perturb(model);
        double[] nuisance = [0.5];
        var (x, drawn, evaluated) = (new double[200 * 2], new double[200], new double[200]);
        model.Sample(new RandomStream(2), 0, new Conditions<double>(default, nuisance), x, drawn);
        model.LogDensity(x, new Conditions<double>(default, nuisance), evaluated);
        for (var i = 0; i < drawn.Length; i++)
            Assert.That(evaluated[i], Is.EqualTo(drawn[i]).Within(1e-10));

        // Tangents of the base point, pushed forward, are its adjoints, pulled back: ln |det ∂z/∂x| is that of both.
        using var kernels = FlowCore.Compute.Device.Cpu.CreateKernels<double>();
        using var tape = new FlowCore.Autodiff.Tape<double>(kernels, 200);
        tape.Begin(200, record: true);
        var input = tape.Input(x, 2, requiresAdjoint: true);
        var z = model.ToNoise(input, tape.SharedRow(nuisance), out var logDet);
        var (jacobian, logs) = (new double[4 * 200], new double[200]);
        tape.ReadValue(tape.Jacobian(z, input), jacobian);
        tape.ReadValue(logDet, logs);
        for (var i = 0; i < logs.Length; i++)
        {
            var determinant = (jacobian[4 * i] * jacobian[(4 * i) + 3]) - (jacobian[(4 * i) + 1] * jacobian[(4 * i) + 2]);
            Assert.That(Math.Log(Math.Abs(determinant)), Is.EqualTo(logs[i]).Within(1e-9));
        }
    }

    [Test]
    public void A_file_holds_the_residual_and_names_its_base()
    {
        var folder = Directory.CreateTempSubdirectory("flowcore-pdf").FullName;
        try
        {
            using var pdf = new Pdf<double>("s2", "f");
            using var model = FactorizablePdf<double>.Of(pdf, 2);
            Perturb(model);
            var path = Path.Combine(folder, "residual.safetensors");
            model.Save(path);
            using var back = FactorizablePdf<double>.Load(path, pdf);
            var x = pdf.Sample(50, seed: 3).ToArray();
            var (expected, actual) = (new double[50], new double[50]);
            model.LogDensity(x, new Conditions<double>(default, [0.3, 0.7]), expected);
            back.LogDensity(x, new Conditions<double>(default, [0.3, 0.7]), actual);
            Assert.That(actual, Is.EqualTo(expected));
            using var other = new Pdf<double>("s2", "ff");
            Assert.That(() => FactorizablePdf<double>.Load(path, other), Throws.InstanceOf<ModelFormatException>().With.Message.Contains("belongs to the base"));
            Assert.That(ModelFile.Describe(path).Nuisances, Is.EqualTo(2));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Categories_and_other_sizes_are_refused()
    {
        using var classes = new Pdf<double>("d3+s1", "k+m");
        Assert.That(() => FactorizablePdf<double>.Of(classes, 1), Throws.ArgumentException.With.Message.Contains("without categories"));
    }

    [Test]
    public void A_rotation_and_a_smearing_of_directions_are_learnt_from_templates()
    {
        // Nominal: a von Mises-Fisher law of κ = 20 about the x axis; ν₁ turns it about z by 0.15 rad a unit, ν₂ changes ln κ by 0.2 a unit.
        using var pdf = new Pdf<float>("s2", "f", new PdfOptions { Coordinates = [Coordinates.Embedding] });
        const int Rows = 8192;
        using (var nominal = new Trainer<float>(pdf, new ArrayData<float>(Templates(Rows, 1, nominal: true).X, 3), new TrainingOptions { Epochs = 25, BatchSize = 256, Optimiser = OptimiserSettings.Adam(3e-2) }))
            nominal.Run();
        using var model = FactorizablePdf<float>.Of(pdf, 2, new FlowCore.Factorizable.PolynomialResidualSettings { Features = 1, Nuisances = 1, HiddenSizes = [32], CrossTerms = [(0, 1)] });
        var (x, nuisances) = Templates(Rows, 2, nominal: false);
        using (var trainer = new Trainer<float>(model, new ArrayData<float>(x, 3, nuisances: nuisances, nuisanceCount: 2), new TrainingOptions { Epochs = 25, BatchSize = 256, Optimiser = OptimiserSettings.Adam(1e-2) }))
            trainer.Run();

        var (test, points) = Templates(4096, 3, nominal: false);
        var logs = new float[4096];
        model.LogDensity(test, new Conditions<float>(default, points), logs);
        var (learnt, frozen) = (0.0, new float[4096]);
        pdf.LogDensity(test, frozen);
        var (truth, without) = (0.0, 0.0);
        for (var i = 0; i < logs.Length; i++)
        {
            learnt += logs[i] / (double)logs.Length;
            without += frozen[i] / (double)logs.Length;
            truth += TrueLogDensity(test.AsSpan(3 * i, 3), points[2 * i], points[(2 * i) + 1]) / logs.Length;
        }

        // The frozen pdf misses 0.2 nats; the residual comes within a hundredth.
        Assert.That(truth - without, Is.GreaterThan(0.1));
        Assert.That(truth - learnt, Is.LessThan(0.012));
    }

    private static void Perturb(FactorizablePdf<double> model)
    {
        var stream = new RandomStream(17);
        foreach (var (parameter, index) in model.Parameters.Parameters.Select((parameter, index) => (parameter, index)))
        {
            var numbers = new double[parameter.Length];
            stream.Substream((ulong)index).FillNormal<double>(numbers);
            parameter.Write(Array.ConvertAll(numbers, number => 0.2 * number));
        }
    }

    private static (float[] X, float[] Nuisances) Templates(int rows, ulong seed, bool nominal)
    {
        var nuisances = new float[2 * rows];
        if (!nominal)
            new RandomStream(seed).FillNormal<float>(nuisances);
        var x = new float[3 * rows];
        var direction = new double[3];
        for (var i = 0; i < rows; i++)
        {
            Law(nuisances[2 * i], nuisances[(2 * i) + 1]).Sample(direction, new RandomStream(seed).Substream((ulong)i + 1));
            for (var k = 0; k < 3; k++)
                x[(3 * i) + k] = (float)direction[k];
        }

        return (x, nuisances);
    }

    private static double TrueLogDensity(ReadOnlySpan<float> x, double first, double second)
    {
        Span<double> direction = [x[0], x[1], x[2]];
        return Law(first, second).LogDensity(direction);
    }

    private static Kent Law(double first, double second) =>
        new([Math.Cos(0.15 * first), Math.Sin(0.15 * first), 0], [0, 0, 1], [-Math.Sin(0.15 * first), Math.Cos(0.15 * first), 0], 20 * Math.Exp(0.2 * second), 1);
}
