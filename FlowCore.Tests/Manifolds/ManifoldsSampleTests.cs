using FlowCore.Diagnostics;
using FlowCore.Manifolds;
using FlowCore.Training;
using ManifoldsSample;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The programs of the page: they learn, and their base coverage is uniform.</summary>
[TestFixture]
internal sealed class ManifoldsSampleTests
{
    private const int Rows = 3000;

    // Kolmogorov's distance of 3,000 probabilities stays below 1.95/√n but once in 1,000. No training of a few thousand rows is perfect, so twice of it are allowed.
    private static readonly double _distance = 1.95 / Math.Sqrt(Rows);

    [Test]
    public void A_density_in_space_is_learnt()
    {
        // The entropy is that of three normal numbers and of a mixture over the conditions: about 3.9.
        AssertCalibrated(FirstPdfs.Unconditional(FirstData.Bananas(2 * Rows).Targets, FirstData.Bananas(Rows, seed: 5).Targets, epochs: 30, TextWriter.Null), 3, atMost: 4.1);
    }

    [Test]
    public void A_density_under_a_condition_is_learnt()
    {
        // The entropy is 3/2 ln(2πe) + ln(0.5 · 0.7) = 3.207; the fresh pdf, started from all data, is a nat above it.
        var ((targets, conditions), (others, theirs)) = (FirstData.Bananas(2 * Rows), FirstData.Bananas(Rows, seed: 5));
        AssertCalibrated(FirstPdfs.Conditional(targets, conditions, others, theirs, epochs: 15, TextWriter.Null), 3, atMost: 3.5);
    }

    [Test]
    public void A_density_on_a_product_is_learnt() =>
        AssertCalibrated(FirstPdfs.Product(FirstData.OnProduct(3 * Rows), FirstData.OnProduct(Rows, seed: 6), epochs: 10, TextWriter.Null), 10, atMost: 12);

    [Test]
    public void The_directions_of_a_detector_are_covered()
    {
        // 12,000 events and 20 epochs are a short training: 1.2 nats instead of 1.15, and no prior of 2.5 + 1.4.
        using var pdf = DirectionStudy.Train(12_000, 20);
        var report = DirectionStudy.Judge(pdf, Rows, TextWriter.Null);
        Assert.That(report.Base.KolmogorovDistance, Is.LessThan(2 * _distance));
        Assert.That(report.Factors, Has.Count.EqualTo(2));
        Assert.That(DirectionFigures.Sky(pdf, 1).ToSvg(), Does.Contain("50, 90 and 99 %"));
        Assert.That(DirectionFigures.Coverage("Coverage", report).ToSvg(), Does.Contain("direction"));
    }

    private static void AssertCalibrated((TrainingResult Trained, PdfResult<double> Result) program, int columns, double atMost)
    {
        var losses = program.Trained.History.Epochs;
        Assert.That(losses[^1].TrainLoss, Is.LessThan(losses[0].TrainLoss));
        var (points, logs) = (new double[Rows * columns], new double[Rows]);
        program.Result.BasePoint.FlattenTo(points);
        program.Result.LogDensity.FlattenTo(logs);
        Assert.That(-logs.Average(), Is.LessThan(atMost));
        Assert.That(ModelDiagnostics.OfBasePoints(points, columns).Base.KolmogorovDistance, Is.LessThan(2 * _distance));
    }
}
