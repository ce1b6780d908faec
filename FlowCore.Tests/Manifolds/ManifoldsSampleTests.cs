using FlowCore.Diagnostics;
using FlowCore.Manifolds;
using ManifoldsSample;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>The programs of the page: they learn, and their base coverage is uniform.</summary>
[TestFixture]
internal sealed class ManifoldsSampleTests
{
    private const int Rows = 3000;

    // Kolmogorov's distance of 3,000 probabilities stays below 1.95/√n but once in 1,000; the rows are those of the training, so it is rather smaller.
    private static readonly double _distance = 1.95 / Math.Sqrt(Rows);

    [Test]
    public void A_density_in_space_is_learnt()
    {
        var (targets, _) = FirstData.Bananas(Rows);
        AssertCalibrated(FirstPdfs.Unconditional(targets, epochs: 60, TextWriter.Null), 3, atMost: 4.1);
    }

    [Test]
    public void A_density_under_a_condition_is_learnt()
    {
        // The entropy is 3/2 ln(2πe) + ln(0.5 · 0.7) = 3.207; the fresh pdf, started from all data, is a nat above it.
        var (targets, conditions) = FirstData.Bananas(Rows);
        AssertCalibrated(FirstPdfs.Conditional(targets, conditions, epochs: 20, TextWriter.Null), 3, atMost: 3.5);
    }

    // 3,000 rows in ten dimensions are in part learnt by heart, so |z|² of these rows is smaller than that of others.
    [Test]
    public void A_density_on_a_product_is_learnt() => AssertCalibrated(FirstPdfs.Product(FirstData.OnProduct(Rows), epochs: 20, TextWriter.Null), 10, atMost: 12, times: 4);

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

    private static void AssertCalibrated(PdfResult<double> result, int columns, double atMost, int times = 2)
    {
        var (points, logs) = (new double[Rows * columns], new double[Rows]);
        result.BasePoint.FlattenTo(points);
        result.LogDensity.FlattenTo(logs);
        Assert.That(-logs.Average(), Is.LessThan(atMost));
        Assert.That(ModelDiagnostics.OfBasePoints(points, columns).Base.KolmogorovDistance, Is.LessThan(times * _distance));
    }
}
