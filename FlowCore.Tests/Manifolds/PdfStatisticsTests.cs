using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Manifolds;
using FlowCore.Statistics;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Draws of pdfs have the laws that they say, in every space; and the number of threads changes no bit.</summary>
[TestFixture]
internal sealed class PdfStatisticsTests
{
    private const int Draws = 100_000;

    // λ of Kolmogorov's law that is exceeded once in 1,000.
    private const double Once = 1.95;

    [TestCase("e1", "g")]
    [TestCase("e3", "ggt")]
    [TestCase("e2", "p")]
    [TestCase("s1", "m")]
    [TestCase("s1", "o")]
    [TestCase("s2", "f")]
    [TestCase("s2", "v")]
    [TestCase("s2", "n")]
    [TestCase("i1_2_5", "rr")]
    [TestCase("a1", "u")]
    [TestCase("a2", "u")]
    [TestCase("a3", "w")]
    [TestCase("e1+s2+i1+a2", "g+f+r+w")]
    public void Base_points_of_draws_are_normal(string manifolds, string layers)
    {
        using var pdf = Create(manifolds, layers);
        var x = pdf.Draw(Draws, seed: 4).X;
        var result = pdf.Evaluate(x.AsReadOnlyTensorSpan());
        var d = pdf.BaseColumns;
        var points = new double[Draws * d];
        result.BasePoint.FlattenTo(points);
        var probabilities = Enumerable.Range(0, Draws).Select(i => ChiSquareDistribution.Cdf(points.AsSpan(i * d, d).ToArray().Sum(z => z * z), d)).ToArray();
        Assert.That(Lambda(probabilities), Is.LessThan(Once));
    }

    [TestCase("s1", "m")]
    [TestCase("i1_2_5", "rr")]
    [TestCase("a1", "w")]
    [TestCase("a2", "u")]
    [TestCase("s2", "f")]
    [TestCase("e1+s1", "g+m")]
    public void Exact_coverages_of_draws_are_uniform(string manifolds, string layers)
    {
        using var pdf = Create(manifolds, layers);
        var scan = DensityScan.Of(pdf, accuracy: 1e-6);
        var draws = pdf.Draw(Draws / 10, seed: 15, coordinates: Coordinates.Embedding);
        Assert.That(Lambda([.. Enumerable.Range(0, Draws / 10).Select(i => scan.Coverage(draws.LogDensity[i]))]), Is.LessThan(Once));
    }

    [Test]
    public void A_fresh_sphere_is_uniform()
    {
        using var pdf = new Pdf<double>("s2", "y");
        var n = new double[3 * Draws];
        pdf.Draw(Draws, seed: 6, coordinates: Coordinates.Embedding).X.FlattenTo(n);
        for (var k = 0; k < 3; k++)
            Assert.That(Lambda([.. Enumerable.Range(0, Draws).Select(i => 0.5 * (1 + n[(3 * i) + k]))]), Is.LessThan(Once), $"axis {k}");
    }

    [TestCase(0.3)]
    [TestCase(2.0)]
    public void The_largest_share_of_a_relaxed_category_has_its_probability(double temperature)
    {
        using var pdf = new Pdf<double>("a2", "u");
        double[] logits = [0.5, -0.3, 1.1];
        pdf.Parameters.Parameters.Single(parameter => parameter.Name.EndsWith("log_tau", StringComparison.Ordinal)).Write([Math.Log(temperature)]);
        pdf.Parameters.Parameters.Single(parameter => parameter.Name.EndsWith("log_probs", StringComparison.Ordinal)).Write(logits);
        var x = new double[2 * Draws];
        pdf.Draw(Draws, seed: 7).X.FlattenTo(x);
        var counts = new int[3];
        for (var i = 0; i < Draws; i++)
        {
            double[] shares = [x[2 * i], x[(2 * i) + 1], 1 - x[2 * i] - x[(2 * i) + 1]];
            counts[Array.IndexOf(shares, shares.Max())]++;
        }

        for (var k = 0; k < 3; k++)
        {
            var expected = Math.Exp(logits[k]) / logits.Sum(Math.Exp);

            // Four standard errors of a share.
            Assert.That(counts[k] / (double)Draws, Is.EqualTo(expected).Within(4 * Math.Sqrt(expected * (1 - expected) / Draws)), $"class {k}");
        }
    }

    [TestCase("s2", "y", Coordinates.Embedding, 2.5310242469692907)]
    [TestCase("s1", "y", Coordinates.Intrinsic, 1.8378770664093453)]
    [TestCase("a2", "w", Coordinates.Intrinsic, -0.6931471805599453)]
    public void Uniform_laws_have_the_logarithm_of_their_volume_as_entropy(string manifolds, string layers, Coordinates coordinates, double expected)
    {
        // Fresh splines are the identity, and a stick hardly depends on those before it: networks start a thousand times smaller.
        using var pdf = new Pdf<double>(manifolds, layers);
        var logs = new double[1000];
        pdf.Draw(1000, seed: 8, coordinates: coordinates).LogDensity.FlattenTo(logs);
        Assert.That(-logs.Average(), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void The_entropy_of_a_scaled_normal_law_has_the_derivative_of_one_over_the_scale()
    {
        // x = a z + b, H = ln a + const: through point and density together, draw by draw, for every z.
        using var pdf = new Pdf<double>("e1", "t", new PdfOptions().With('t', new Dictionary<string, OptionValue> { ["width_smooth_saturation"] = 0, ["lower_bound_for_widths"] = 1e-12 }));
        var raw = pdf.Parameters.Parameters.Single(parameter => parameter.Name.EndsWith("full_diagonal_log", StringComparison.Ordinal));
        raw.Write([0.7]);
        using var kernels = pdf.Device.CreateKernels<double>();
        using var tape = new Tape<double>(kernels);
        using var gradients = kernels.Allocate(pdf.Parameters.Length);
        tape.Begin(4, pdf.Parameters, gradients);
        var draw = pdf.Draw(tape.Input([0.3, -2, 1, 0.01], 1), default);
        tape.Backward(draw.LogDensity, [-0.25, -0.25, -0.25, -0.25]);
        var gradient = new double[1];
        kernels.Read(gradients, raw.Offset, gradient);

        // a = e^raw + 10⁻¹², so dH/da = dH/draw / a = 1/a.
        Assert.That(gradient[0] / Math.Exp(0.7), Is.EqualTo(1 / Math.Exp(0.7)).Within(1e-11));
    }

    [TestCase("e2+s2", "gg+f")]
    [TestCase("a2+i1", "w+rr")]
    public void Any_number_of_threads_gives_the_same_bits(string manifolds, string layers)
    {
        var all = new List<double[]>();
        foreach (var threads in (int[])[1, 3])
        {
            using var device = new CpuDevice(threads);
            using var pdf = new Pdf<double>(manifolds, layers, new PdfOptions { NetworkSizes = ["8"], Coordinates = [Coordinates.Embedding] }, device);
            var x = Array.ConvertAll(PdfData.Of(pdf.Definition, 1000, 9), value => (double)value);
            if (manifolds[0] == 'e')
                pdf.Start(new ReadOnlyTensorSpan<double>(x, [1000, pdf.Features]));
            pdf.Fit(new ArrayData<double>(x, pdf.Features), new TrainingOptions { Epochs = 2, BatchSize = 500, Warn = null });
            var (logs, drawn) = (new double[1000], new double[1000 * pdf.Features]);
            pdf.LogDensity(x, logs);
            pdf.Draw(1000, seed: 1).X.FlattenTo(drawn);
            all.Add([.. logs, .. drawn]);
        }

        Assert.That(all[1], Is.EqualTo(all[0]));
    }

    private static Pdf<double> Create(string manifolds, string layers)
    {
        var pdf = new Pdf<double>(manifolds, layers, new PdfOptions { NetworkSizes = ["8"], DampingFactor = 1 });
        PdfCase.Stir(pdf, 0.3);
        return pdf;
    }

    // √n times the largest distance of the numbers' distribution from the uniform one.
    private static double Lambda(double[] probabilities)
    {
        Array.Sort(probabilities);
        var (n, distance) = (probabilities.Length, 0.0);
        for (var i = 0; i < n; i++)
            distance = Math.Max(distance, Math.Max(probabilities[i] - (i / (double)n), ((i + 1) / (double)n) - probabilities[i]));
        return distance * Math.Sqrt(n);
    }
}
