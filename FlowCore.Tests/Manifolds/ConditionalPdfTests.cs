using System.Numerics.Tensors;
using FlowCore.Encoders;
using FlowCore.Files;
using FlowCore.Interop;
using FlowCore.Manifolds;
using FlowCore.Parts;
using FlowCore.Training;
using ManifoldsSample;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>A pdf on manifolds behind an encoder.</summary>
[TestFixture]
internal sealed class ConditionalPdfTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("flowcore-encoded-pdf").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void It_is_the_pdf_under_the_codes_to_the_bit()
    {
        using var model = Create();
        double[] observations = [0.1, 0.2, 0.3, -1, 2, 0.5], x = [0.3, 1, 2, -0.1, 0.4, 5];
        var codes = model.Encode(observations);
        Assert.That(codes, Has.Length.EqualTo(4));
        var (whole, head) = (new double[2], new double[2]);
        model.LogDensity(x, observations, whole);
        model.Head.LogDensity(x, codes, head);
        Assert.That(whole, Is.EqualTo(head));
        var draw = model.Sample(2, 3, new ReadOnlyTensorSpan<double>(observations, [2, 3]));
        Assert.That(draw.ToArray(), Is.EqualTo(model.Head.Sample(2, 3, new ReadOnlyTensorSpan<double>(codes, [2, 2])).ToArray()));
        Assert.That(model.Head.Moments(100, 1, codes.AsSpan(0, 2).ToArray()), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_file_and_a_copy_have_the_same_numbers()
    {
        using var model = Create();
        var path = Path.Combine(_folder, "model.safetensors");
        model.Save(path);
        using var back = ConditionalPdf<double>.Load(path);
        using var single = model.ConvertTo<float>();
        double[] observations = [0.1, 0.2, 0.3], x = [0.3, 1, 2];
        var (ours, theirs, narrow) = (new double[1], new double[1], new float[1]);
        model.LogDensity(x, observations, ours);
        back.LogDensity(x, observations, theirs);
        single.LogDensity(Array.ConvertAll(x, value => (float)value), Array.ConvertAll(observations, value => (float)value), narrow);
        Assert.That(theirs, Is.EqualTo(ours));
        Assert.That(narrow[0], Is.EqualTo(ours[0]).Within(1e-4));
        Assert.That(() => Pdf<double>.Load(path), Throws.InstanceOf<FlowCore.IO.ModelFormatException>().With.Message.Contains("conditional-pdf"));

        // The pdf alone goes to its own file and state dictionary without the encoder's numbers.
        var alone = Path.Combine(_folder, "pdf.safetensors");
        model.Head.Save(alone);
        using var pdf = Pdf<double>.Load(alone);
        Assert.That(JammyWeights.Write(pdf).Select(tensor => tensor.Name), Is.EqualTo(JammyWeights.Write(model.Head).Select(tensor => tensor.Name)));
    }

    [Test]
    public void The_encoder_is_trained_with_the_pdf()
    {
        // x = |o| + 0.1 ε: the code has one number, which must become |o|.
        var random = new FlowCore.Random.RandomStream(3);
        var (o, noise) = (new double[1000], new double[1000]);
        random.Substream(0).FillNormal<double>(o);
        random.Substream(1).FillNormal<double>(noise);
        var x = o.Zip(noise, (a, b) => Math.Abs(a) + (0.1 * b)).ToArray();
        var pdf = new Pdf<double>("e1", "t", new PdfOptions { ConditionColumns = [1], NetworkSizes = [""] });
        using var model = new ConditionalPdf<double>(new MlpEncoder<double>(1, 1, [16]), pdf);
        var trained = model.Fit(
            new ReadOnlyTensorSpan<double>(x, [1000, 1]), new ReadOnlyTensorSpan<double>(o, [1000, 1]),
            options: new TrainingOptions { Epochs = 60, BatchSize = 100, Optimiser = OptimiserSettings.Adam(0.02), Warn = null });

        // ½ ln 2πe + ln 0.1 = −0.88; a line through |o| leaves 0.6 of it: 0.9.
        Assert.That(trained.BestValidationLoss, Is.LessThan(-0.5));
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        var pdf = new Pdf<double>("e1", "t", new PdfOptions { ConditionColumns = [2] });
        Assert.That(() => new ConditionalPdf<double>(new MlpEncoder<double>(3, 1, [4]), pdf), Throws.ArgumentException.With.Message.Contains("1 numbers"));
        using var model = new ConditionalPdf<double>(new MlpEncoder<double>(3, 2, [4]), pdf);
        Assert.That(() => new ConditionalPdf<double>(new MlpEncoder<double>(3, 2, [4]), pdf), Throws.InvalidOperationException);
        Assert.That(() => model.LogDensity([0.1], new double[] { 0.1, 0.2 }, new double[1]), Throws.ArgumentException);
    }

    [Test]
    public void Tracks_are_learnt_from_their_hits_and_covered()
    {
        PartRegistry.Add(new SampleParts());
        using var model = TrackStudy.Train(4000, 12);
        var report = TrackStudy.Judge(model, 2000, TextWriter.Null);

        // 4,000 events and 12 epochs are a short training: Kolmogorov's distance of 2,000 stays below 1.95/√n = 0.044 but once in 1,000.
        Assert.That(report.Base.KolmogorovDistance, Is.LessThan(2 * 0.044));
        Assert.That(report.Factors, Has.Count.EqualTo(2));
        var path = Path.Combine(_folder, "tracks.safetensors");
        model.Save(path);
        using var back = ConditionalPdf<float>.Load(path);
        Assert.That(TrackStudy.Joint(back).ToSvg(), Is.EqualTo(TrackStudy.Joint(model).ToSvg()));
    }

    private static ConditionalPdf<double> Create() => new(
        new MlpEncoder<double>(3, 2, [4]), new Pdf<double>("e1+s2", "t+f", new PdfOptions { ConditionColumns = [2], NetworkSizes = ["8"], DampingFactor = 1 }));
}
