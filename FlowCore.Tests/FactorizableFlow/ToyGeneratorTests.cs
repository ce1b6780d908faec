using System.Numerics;
using FactorizableFlow.Generator;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class ToyGeneratorTests
{
    private static readonly RandomStream _stream = new(20260114);

    private static readonly GeneratorSettings _everything = new()
    {
        ShiftDirection = new(3, -4),
        VariationShift = 0.8,
        VariationRotation = -0.6,
        VariationSqueeze = 0.7,
        YShiftScale = 0.3,
        YSqueezeScale = 0.2,
        DistortionStrength = 0.4,
        DistortionShiftScale = 0.5,
        DistortionSqueezeScale = 0.3,
        SigmoidY = false,
    };

    private static IEnumerable<GeneratorSettings> AllSettings =>
        [GeneratorSettings.Study, GeneratorSettings.Study.At(1, -1), _everything, _everything with { SigmoidY = true }];

    [TestCaseSource(nameof(AllSettings))]
    public void Splitting_a_range_of_float_events_changes_no_bit(GeneratorSettings settings) => SplittingChangesNothing<float>(settings);

    [TestCaseSource(nameof(AllSettings))]
    public void Splitting_a_range_of_double_events_changes_no_bit(GeneratorSettings settings) => SplittingChangesNothing<double>(settings);

    [TestCaseSource(nameof(AllSettings))]
    public void Features_and_context_are_those_of_the_events(GeneratorSettings settings)
    {
        const int n = 300;
        var generator = new ToyGenerator(settings);
        (var x, var y, var labels) = Draw<float>(generator, 40, n);
        float[] kin = new float[2 * n], kinContext = new float[2 * n], score = new float[2 * n], scoreContext = new float[4 * n];
        generator.FillKinematic<float>(_stream, 40, n, kin, kinContext);
        generator.FillScore<float>(_stream, 40, n, score, scoreContext);
        Assert.That(kin, Is.EqualTo(x));
        Assert.That(score, Is.EqualTo(y));
        for (var i = 0; i < n; i++)
        {
            float[] oneHot = labels[i] == 0 ? [1, 0] : [0, 1];
            Assert.That(kinContext[(2 * i)..(2 * i + 2)], Is.EqualTo(oneHot));
            Assert.That(scoreContext[(4 * i)..(4 * i + 4)], Is.EqualTo(new[] { oneHot[0], oneHot[1], x[2 * i], x[(2 * i) + 1] }));
        }
    }

    // The float formulas against the double ones, with the float path's own normals as input.
    [TestCaseSource(nameof(AllSettings))]
    public void Float_events_follow_the_double_formulas(GeneratorSettings settings)
    {
        const int n = 20_000;
        (var x, var y, var labels) = Draw<float>(new ToyGenerator(settings), 0, n);
        var truth = new ToyTruth(settings);
        var normals = new float[4][];
        for (var k = 0; k < 4; k++)
        {
            normals[k] = new float[n];
            _stream.Substream(1 + (ulong)k).FillNormal<float>(normals[k]);
        }

        for (var i = 0; i < n; i++)
        {
            var c = truth.Class(labels[i]);
            var x1 = c.Centroid.First + (c.Map11 * normals[0][i]) + (c.Map12 * normals[1][i]);
            var x2 = c.Centroid.Second + (c.Map21 * normals[0][i]) + (c.Map22 * normals[1][i]);
            // A handful of float roundings (6e-8 each) of terms up to about ten.
            Assert.That(x[2 * i], Is.EqualTo(x1).Within(2e-6));
            Assert.That(x[(2 * i) + 1], Is.EqualTo(x2).Within(2e-6));

            var t = truth.ConditionalY(x1, x2, labels[i]);
            var y1 = t.Mean.First + (t.Sigma.First * normals[2][i]);
            var y2 = t.Mean.Second + (t.Sigma.Second
                * ((t.Correlation * normals[2][i]) + (Math.Sqrt(1 - (t.Correlation * t.Correlation)) * normals[3][i])));
            if (settings.IsDistorted)
            {
                var angle = ToyTruth.RotationAngle(c, x1, x2);
                (y1, y2) = ((Math.Cos(angle) * y1) - (Math.Sin(angle) * y2), (Math.Sin(angle) * y1) + (Math.Cos(angle) * y2));
                (y1, y2) = (y1 + (c.Shear * (y1 - y2)), y2 + (c.Shear * (y2 - y1)));
            }

            if (settings.SigmoidY)
            {
                y1 = 1 / (1 + Math.Exp(-y1));
                y2 = 1 / (1 + Math.Exp(-y2));
            }

            Assert.That(y[2 * i], Is.EqualTo(y1).Within(1e-5));
            Assert.That(y[(2 * i) + 1], Is.EqualTo(y2).Within(1e-5));
        }
    }

    [TestCaseSource(nameof(AllSettings))]
    public void Events_follow_the_analytic_densities(GeneratorSettings settings)
    {
        // If the events follow the densities, importance weights p_nominal/p of each density average to 1, for any p_nominal:
        // here a wider normal is avoided and a slightly moved truth taken, whose weights have small variance.
        const int n = 200_000;
        (var x, var y, var labels) = Draw<double>(new ToyGenerator(settings), 0, n);
        var truth = new ToyTruth(settings);
        foreach (var moved in new[]
        {
            settings with { VariationShift = settings.VariationShift + 0.15, YShiftScale = 0.3 },
            settings with { VariationSqueeze = settings.VariationSqueeze + 0.1, YSqueezeScale = 0.3 },
            settings with { VariationRotation = settings.VariationRotation + 0.1 },
        })
        {
            var other = new ToyTruth(moved);
            double sumX = 0, sumX2 = 0, sumY = 0, sumY2 = 0;
            for (var i = 0; i < n; i++)
            {
                double x1 = x[2 * i], x2 = x[(2 * i) + 1], y1 = y[2 * i], y2 = y[(2 * i) + 1];
                var w = Math.Exp(other.LogDensityX(x1, x2, labels[i]) - truth.LogDensityX(x1, x2, labels[i])) - 1;
                var v = Math.Exp(other.LogDensityY(y1, y2, x1, x2, labels[i]) - truth.LogDensityY(y1, y2, x1, x2, labels[i])) - 1;
                (sumX, sumX2, sumY, sumY2) = (sumX + w, sumX2 + (w * w), sumY + v, sumY2 + (v * v));
            }

            // Five standard errors; the added rounding covers a weight that is identically one.
            Assert.That(Math.Abs(sumX), Is.LessThan((5 * Math.Sqrt(sumX2)) + 1e-6));
            Assert.That(Math.Abs(sumY), Is.LessThan((5 * Math.Sqrt(sumY2)) + 1e-6));
        }
    }

    [Test]
    public void Moments_of_x_are_the_truths()
    {
        const int n = 400_000;
        var settings = _everything with { SigmoidY = false };
        (var x, _, var labels) = Draw<float>(new ToyGenerator(settings), 0, n);
        var truth = new ToyTruth(settings);
        for (var label = 0; label < 2; label++)
        {
            double count = 0, s1 = 0, s2 = 0, q1 = 0, q2 = 0;
            for (var i = 0; i < n; i++)
            {
                if (labels[i] == label)
                {
                    double d1 = x[2 * i] - truth.MeanX(label).First, d2 = x[(2 * i) + 1] - truth.MeanX(label).Second;
                    (count, s1, s2, q1, q2) = (count + 1, s1 + d1, s2 + d2, q1 + (d1 * d1), q2 + (d2 * d2));
                }
            }

            var width = truth.StandardDeviationX(label);
            var five = 5 / Math.Sqrt(count);
            Assert.Multiple(() =>
            {
                Assert.That(count, Is.EqualTo(n / 2.0).Within(2.5 * Math.Sqrt(n)), "binomial, five standard deviations");
                Assert.That(s1 / count, Is.EqualTo(0).Within(five * width.First));
                Assert.That(s2 / count, Is.EqualTo(0).Within(five * width.Second));
                Assert.That(q1 / count, Is.EqualTo(width.First * width.First).Within(five * Math.Sqrt(2) * width.First * width.First));
                Assert.That(q2 / count, Is.EqualTo(width.Second * width.Second).Within(five * Math.Sqrt(2) * width.Second * width.Second));
            });
        }
    }

    [Test]
    public void A_destination_of_another_length_is_refused_by_name() =>
        Assert.That(
            () => new ToyGenerator(_everything).FillScore<float>(_stream, 0, 10, new float[20], new float[20]),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("context").And.Message.Contains("[10, 4]"));

    [Test]
    public void Drawing_events_allocates_nothing()
    {
        var generator = new ToyGenerator(GeneratorSettings.Study);
        float[] features = new float[2048], context = new float[4096];
        generator.FillScore<float>(_stream, 0, 1024, features, context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        generator.FillScore<float>(_stream, 1024, 1024, features, context);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void SplittingChangesNothing<T>(GeneratorSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int n = 400;
        var generator = new ToyGenerator(settings);
        (var x, var y, var labels) = Draw<T>(generator, 7, n);
        foreach (var cut in new[] { 1, 15, 16, 17, 127, 128, 129, 255, 256, 399 })
        {
            (var x1, var y1, var labels1) = Draw<T>(generator, 7, cut);
            (var x2, var y2, var labels2) = Draw<T>(generator, 7 + cut, n - cut);
            Assert.That(x1.Concat(x2), Is.EqualTo(x), $"x, cut at {cut}");
            Assert.That(y1.Concat(y2), Is.EqualTo(y), $"y, cut at {cut}");
            Assert.That(labels1.Concat(labels2), Is.EqualTo(labels), $"labels, cut at {cut}");
        }
    }

    private static (T[] X, T[] Y, int[] Labels) Draw<T>(ToyGenerator generator, long first, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[2 * count], y = new T[2 * count];
        var labels = new int[count];
        generator.Generate<T>(_stream, first, count, x, y, labels);
        return (x, y, labels);
    }
}
