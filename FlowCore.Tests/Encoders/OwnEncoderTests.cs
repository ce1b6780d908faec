using Encoders;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Encoders;
using FlowCore.Files;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Encoders;

/// <summary>Encoders that a user writes, those of the sample: images and sequences, and the library's that passes labels.</summary>
[TestFixture]
internal sealed class OwnEncoderTests
{
    private const int Side = 6;

    [Test]
    public void A_recurrent_encoder_ends_each_sequence_for_itself_and_has_its_gradients()
    {
        PartRegistry.Add(new OwnEncoders());
        using var model = GaussianHeads.Heteroscedastic(new RecurrentEncoder<double>(EventExamples.Layout, 3), features: 2);
        var (events, y) = EventExamples.Draw(70, seed: 12);
        var rows = RaggedEvents<double>.Of(events, 2).ToRows(EventExamples.Layout);
        var (all, one) = (new double[70], new double[1]);
        model.LogDensity(y, rows, all);
        for (var i = 0; i < 70; i++)
        {
            model.LogDensity(y.AsSpan(2 * i, 2), rows.AsSpan(i * EventExamples.Layout.Columns, EventExamples.Layout.Columns), one);
            Assert.That(one[0], Is.EqualTo(all[i]));
        }

        CheckGradient(model, y.AsSpan(0, 12), rows.AsSpan(0, 6 * EventExamples.Layout.Columns).ToArray());
        CheckFile(model, y, rows, all);
    }

    [Test]
    public void An_image_encoder_has_its_gradients_and_names_the_layer_of_a_wrong_size()
    {
        PartRegistry.Add(new OwnEncoders());
        using var model = GaussianHeads.MeanOnly(new ImageEncoder<double>(3, 4, [2, 3, 4], outputs: 5), features: 2);
        var (images, y, all) = (new double[3 * 24], new double[6], new double[3]);
        new RandomStream(1).FillNormal<double>(images);
        new RandomStream(2).FillNormal<double>(y);
        model.LogDensity(y, images, all);
        CheckGradient(model, y, images);
        CheckFile(model, y, images, all);
        Assert.That(() => new ImageEncoder<double>(3, 3, [1, 2, 2, 2], 5), Throws.ArgumentException.With.Message.StartsWith("Convolution 3: expected an image of at least 2 × 2 pixels, got 1 × 1."));
        Assert.That(() => model.LogDensity(y, new double[3 * 23], new double[3]), Throws.ArgumentException.With.Message.Contains("24"));
    }

    // The pixel at the corner of a 3 × 3 image sees itself and its three neighbours, all others are the zeros around.
    [Test]
    public void A_convolution_sees_three_by_three_pixels()
    {
        var encoder = new ImageEncoder<double>(3, 3, [1, 1], outputs: 1);
        encoder.Parameters[0].Write([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        encoder.Parameters[1].Write([0]);
        encoder.Parameters[2].Write([1]);
        encoder.Parameters[3].Write([0]);
        using var model = GaussianHeads.MeanOnly(encoder, features: 1);
        var code = model.Encode([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])[0];
        double[] pixels =
        [
            (5 * 0.1) + (6 * 0.2) + (8 * 0.4) + (9 * 0.5), (4 * 0.2) + (5 * 0.3) + (7 * 0.5) + (8 * 0.6),
            (2 * 0.4) + (3 * 0.5) + (5 * 0.7) + (6 * 0.8), (1 * 0.5) + (2 * 0.6) + (4 * 0.8) + (5 * 0.9),
        ];
        Assert.That(code, Is.EqualTo(pixels.Average(a => a / (1 + Math.Exp(-a)))).Within(1e-14));
    }

    // A blob of known shape in noise of 1: no unbiased estimate of its place is better than 1/√Σ(∂I/∂x)².
    [Test]
    public void The_place_of_a_blob_is_found_as_well_as_its_information_allows()
    {
        using var model = GaussianHeads.MeanOnly(new ImageEncoder<float>(Side, Side, [1, 12, 24], outputs: 16), features: 2);
        var options = new TrainingOptions { Epochs = 1, StepsPerEpoch = 2000, BatchSize = 256, Optimiser = OptimiserSettings.Adam(5e-3), Seed = 1, Warn = null };
        model.Fit(new BlobSource(), options);
        const int Images = 8000;
        var (places, images, noise) = (new float[2 * Images], new float[Images * Side * Side], new float[2 * Images]);
        new BlobSource().Fill(new BatchRequest(BatchPurpose.Validation, 0, 0, Images, 0, Images, new RandomStream(55)), places, images, [], new float[Images]);
        model.ToNoise(places, images, noise, default);

        // Near the ends of the places that there are, an estimate knows more than the image says: only those five deviations away count.
        var (squares, bound, count) = (0.0, 0.0, 0);
        for (var i = 0; i < Images; i++)
        {
            if (Math.Max(Math.Abs(places[2 * i]), Math.Abs(places[(2 * i) + 1])) > 0.3)
                continue;
            squares += ((noise[2 * i] * noise[2 * i]) + (noise[(2 * i) + 1] * noise[(2 * i) + 1])) / 2;
            bound += BlobSource.Variance(places[2 * i], places[(2 * i) + 1]);
            count++;
        }

        var ratio = Math.Sqrt(squares / bound);
        TestContext.Out.WriteLine($"{ratio:f3} of the bound {Math.Sqrt(bound / count):f4}, {count} images");

        // The root of the mean of 2 · count squares is known to 1/√(4 count), 1.5 %; the network is allowed a tenth.
        Assert.That(ratio, Is.InRange(1 - (4.5 / Math.Sqrt(4 * count)), 1.1));
    }

    [Test]
    public void Columns_that_pass_stand_before_the_code()
    {
        var inner = new MlpEncoder<double>(2, 3, [4]);
        using var model = GaussianHeads.MeanOnly(new PassingEncoder<double>(2, inner), features: 1);
        using var alone = GaussianHeads.MeanOnly(new MlpEncoder<double>(2, 3, [4]), features: 1);
        double[] row = [7, -8, 0.3, 0.4];
        Assert.That(model.Encode(row), Is.EqualTo((double[])[7, -8, .. alone.Encode(row.AsSpan(2))]));
        var logDensity = new double[1];
        model.LogDensity([0.2], row, logDensity);
        CheckFile(model, [0.2], row, logDensity);
        Assert.That(() => new PassingEncoder<double>(0, inner), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static void CheckGradient(ConditionalFlow<double> model, ReadOnlySpan<double> y, double[] rows)
    {
        var deviation = new GradientCheck(y.Length / model.Features).Block(y, model.Features).Parameters(model.Parameters)
            .Run((tape, inputs) => model.LogDensity(inputs[0], tape.Input(rows, model.ContextFeatures)));
        Assert.That(deviation.Relative, Is.LessThan(1e-6), deviation.ToString());
    }

    private static void CheckFile(ConditionalFlow<double> model, double[] y, double[] rows, double[] expected)
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"own-encoder-{TestContext.CurrentContext.Test.ID}.safetensors");
        model.Save(path);
        using var read = ConditionalFlow<double>.Load(path);
        File.Delete(path);
        var actual = new double[expected.Length];
        read.LogDensity(y, rows, actual);
        Assert.That(actual, Is.EqualTo(expected));
    }

    private sealed class BlobSource : ITrainingData<float>
    {
        private const double Height = 8;
        private const double Width = 1.2;
        private const double Reach = 0.8;

        public long? Rows => null;

        // 1/Σ(∂I/∂x)² of the first coordinate; the second has the same on average, and the two hardly mix.
        public static double Variance(double x, double y)
        {
            var information = 0.0;
            for (var p = 0; p < Side * Side; p++)
            {
                var slope = Of(p, x, y) * ((p % Side) - Centre(x)) / (Width * Width);
                information += slope * slope;
            }

            return 1 / information;
        }

        public void Fill(in BatchRequest request, Span<float> x, Span<float> context, Span<float> nuisances, Span<float> weights)
        {
            request.BatchStream().Substream(0).FillUniform(x, 2 * (ulong)request.FirstRow);
            request.BatchStream().Substream(1).FillNormal(context, Side * Side * (ulong)request.FirstRow);
            for (var i = 0; i < x.Length; i++)
                x[i] = (float)(Reach * ((2 * x[i]) - 1));
            for (var k = 0; k < context.Length; k++)
                context[k] += (float)Of(k % (Side * Side), x[2 * (k / (Side * Side))], x[(2 * (k / (Side * Side))) + 1]);
        }

        private static double Centre(double place) => ((Side - 1) / 2.0) + place;

        private static double Of(int pixel, double x, double y)
        {
            var (dx, dy) = ((pixel % Side) - Centre(x), (pixel / Side) - Centre(y));
            return Height * Math.Exp(-((dx * dx) + (dy * dy)) / (2 * Width * Width));
        }
    }
}
