using System.Numerics.Tensors;
using FlowCore.Manifolds;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Starts of Euclidean layers from data.</summary>
[TestFixture]
internal sealed class EuclideanStartTests
{
    private const int Rows = 2000;

    [TestCase("full")]
    [TestCase("diagonal")]
    [TestCase("diagonal_symmetric")]
    public void T_starts_at_the_moments_of_the_data(string covariance)
    {
        const int D = 3;
        var rows = Normal(D, 1);
        for (var i = 0; i < rows.Length; i += D)
        {
            rows[i + 1] = 3 + (0.5 * rows[i + 1]) + (covariance == "full" ? 2 * rows[i] : 0);
            rows[i + 2] *= 4;
        }

        var z = AfterStart('t', D, rows, ("cov_type", covariance));
        var moments = Moments(z, D);
        for (var i = 0; i < D; i++)
        {
            Assert.That(moments.Mean[i], Is.EqualTo(0).Within(1e-12));
            for (var j = 0; j < D && covariance == "full"; j++)
                Assert.That(moments.Covariance[i, j], Is.EqualTo(i == j ? 1 : 0).Within(1e-9), $"{i}, {j}");
        }

        // The one number of the symmetric form is the mean of the variances.
        Assert.That((moments.Covariance[0, 0] + moments.Covariance[1, 1] + moments.Covariance[2, 2]) / 3, Is.EqualTo(1).Within(1e-9));
    }

    [TestCase("householder")]
    [TestCase("angles")]
    public void A_rotation_starts_at_the_principal_axes_of_the_data(string mode)
    {
        // Features of variances 9, 4, 1 and 0.25, turned: the rotation brings them back, up to signs, so that none is correlated with another.
        const int D = 4;
        var rows = Normal(D, 2);
        for (var i = 0; i < rows.Length; i += D)
        {
            var (a, b, c, d) = (3 * rows[i], 2 * rows[i + 1], rows[i + 2], 0.5 * rows[i + 3]);
            (rows[i], rows[i + 1], rows[i + 2], rows[i + 3]) = (0.5 * (a + b + c + d), 0.5 * (a - b + c - d), 0.5 * (a + b - c - d), 0.5 * (a - b - c + d));
        }

        var rotation = Rotation<double>.Create(mode, D, D)!;
        var turned = DataAxes.Turned(rotation, withAxes: true, rows, new double[rotation.Array.Count], new RandomStream(1), D);
        var covariance = Moments(turned, D).Covariance;
        double[] variances = [9, 4, 1, 0.25];
        for (var i = 0; i < D; i++)
        {
            // 2000 rows know a variance to a few percent; the axes are those of the sample, so its correlations are gone to rounding.
            Assert.That(covariance[i, i], Is.EqualTo(variances[i]).Within(0.2 * variances[i]));
            for (var j = 0; j < i; j++)
                Assert.That(covariance[i, j], Is.EqualTo(0).Within(1e-10));
        }
    }

    [TestCase("gg")]
    [TestCase("ggt")]
    public void A_banana_is_five_times_nearer_after_a_start(string letters)
    {
        var (fresh, started) = (0.0, 0.0);
        for (var set = 0; set < 5; set++)
        {
            // x = 2a, y = b/2 + a²: the entropy is that of two normals plus ln 2 + ln ½.
            var rows = Normal(2, (ulong)set);
            for (var i = 0; i < rows.Length; i += 2)
                (rows[i], rows[i + 1]) = (2 * rows[i], (0.5 * rows[i + 1]) + (rows[i] * rows[i]));
            var entropy = 1 + Math.Log(2 * Math.PI);
            fresh += (Loss("e2", letters, rows, 2, isStarted: false, (ulong)set) - entropy) / 5;
            started += (Loss("e2", letters, rows, 2, isStarted: true, (ulong)set) - entropy) / 5;
        }

        Assert.That(started, Is.LessThan(fresh / 5), $"fresh {fresh}, started {started}");
    }

    [Test]
    public void A_mixture_is_five_times_nearer_after_a_start()
    {
        // Three humps of width 0.3 at −2, 0.5 and 3: the entropy of these rows under the truth itself.
        var (fresh, started) = (0.0, 0.0);
        for (var set = 0; set < 5; set++)
        {
            var rows = Normal(1, 50 + (ulong)set);
            for (var i = 0; i < rows.Length; i++)
                rows[i] = (0.3 * rows[i]) + (i % 3 == 0 ? -2 : i % 3 == 1 ? 0.5 : 3);
            var truth = -rows.Average(x => Math.Log(((double[])[-2, 0.5, 3]).Sum(place => Math.Exp(-0.5 * Math.Pow((x - place) / 0.3, 2))) / (3 * 0.3 * Math.Sqrt(2 * Math.PI))));
            fresh += (Loss("e1", "g", rows, 1, isStarted: false, (ulong)set) - truth) / 5;
            started += (Loss("e1", "g", rows, 1, isStarted: true, (ulong)set) - truth) / 5;
        }

        Assert.That(started, Is.LessThan(fresh / 5), $"fresh {fresh}, started {started}");
    }

    [Test]
    public void Splines_start_as_the_line_that_makes_the_moments_of_noise()
    {
        const int D = 2;
        var rows = Normal(D, 3);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = (3 * rows[i]) + 5;
        var moments = Moments(AfterStart('g', D, rows, ("nonlinear_stretch_type", "rq_splines")), D);
        for (var i = 0; i < D; i++)
        {
            Assert.That(moments.Mean[i], Is.EqualTo(0).Within(1e-9));
            Assert.That(moments.Covariance[i, i], Is.EqualTo(1).Within(1e-6));
        }
    }

    private static double Loss(string manifolds, string letters, double[] rows, int columns, bool isStarted, ulong seed)
    {
        using var pdf = new Pdf<double>(manifolds, letters, new PdfOptions { Initialization = new RandomStream(seed) });
        if (isStarted)
            pdf.Start(new ReadOnlyTensorSpan<double>(rows, [rows.Length / columns, columns]));
        var densities = new double[rows.Length / columns];
        pdf.LogDensity(rows, densities);
        return -densities.Average();
    }

    private static double[] AfterStart(char letter, int dimension, double[] rows, params (string Name, OptionValue Value)[] options)
    {
        var manifold = Manifold.Euclidean(dimension);
        var known = LayerLetters.Find(manifold, letter)!;
        var layer = known.Create<double>(manifold, new LayerOptions(known, options.ToDictionary(option => option.Name, option => option.Value)), new LayerPlace(0, 1));
        var numbers = new double[layer.ParameterCount];
        layer.StartFrom(rows, numbers, new RandomStream(1));
        using var evaluation = new LayerEvaluation<double>(layer, Rows);
        return evaluation.Apply(sample: false, rows, numbers, areShared: true).Values;
    }

    private static double[] Normal(int columns, ulong seed)
    {
        var rows = new double[Rows * columns];
        new RandomStream(100 + seed).FillNormal<double>(rows);
        return rows;
    }

    private static (double[] Mean, double[,] Covariance) Moments(double[] rows, int columns)
    {
        var (mean, covariance) = (new double[columns], new double[columns, columns]);
        for (var i = 0; i < rows.Length; i++)
            mean[i % columns] += rows[i] * columns / rows.Length;
        for (var row = 0; row < rows.Length; row += columns)
        {
            for (var i = 0; i < columns; i++)
            {
                for (var j = 0; j < columns; j++)
                    covariance[i, j] += (rows[row + i] - mean[i]) * (rows[row + j] - mean[j]) * columns / rows.Length;
            }
        }

        return (mean, covariance);
    }
}
