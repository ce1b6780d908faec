using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Tests.Golden;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Laws on circle and sphere in closed form, and levels of highest density.</summary>
[TestFixture]
internal sealed class DirectionalTests
{
    private static TensorArchive Golden => NpzFile.Read(GoldenFolder.File(Path.Combine("jammy", "diag_misc.npz")));

    // Abramowitz and Stegun, table 9.8, and 30-digit arithmetic beyond it.
    [TestCase(0, 1, 0)]
    [TestCase(1, 0.46575960759364043, 0.20791041534970844)]
    [TestCase(10, 0.12783333716342861, 0.12126268138445556)]
    [TestCase(29.9, 0.073269219046001907707, 0.072033374911868787814)]
    [TestCase(30.1, 0.073023294131060941854, 0.071799854351014333186)]
    [TestCase(1000, 0.012617240455891257, 0.012610930256928629)]
    public void Scaled_Bessel_functions_have_their_values(double x, double zero, double one)
    {
        // A few roundings of 1.1e-16 in each of some dozen terms.
        Assert.That(SpecialFunctions.ScaledBesselI0(x), Is.EqualTo(zero).Within(2e-14 * zero));
        Assert.That(SpecialFunctions.ScaledBesselI1(x), Is.EqualTo(one).Within(2e-14 * Math.Max(one, 1e-300)));
        Assert.That(SpecialFunctions.ScaledBesselI1(-x), Is.EqualTo(-SpecialFunctions.ScaledBesselI1(x)));
    }

    [Test]
    public void Bessel_series_and_asymptotics_meet()
    {
        // The Wronskian-like identity I₀' = I₁ across the change of series, by a difference quotient of 1e-5: its error is 1e-10.
        const double Step = 1e-5;
        static double LogI0(double x) => Math.Log(SpecialFunctions.ScaledBesselI0(x)) + x;
        var slope = (LogI0(30 + Step) - LogI0(30 - Step)) / (2 * Step);
        Assert.That(slope, Is.EqualTo(SpecialFunctions.ScaledBesselI1(30) / SpecialFunctions.ScaledBesselI0(30)).Within(1e-9));
    }

    [Test]
    public void Coverage_of_von_Mises_and_Fisher_is_the_reference()
    {
        var (t, mu, kappa, expected) = (Golden["vmf_t"].ToArray<double>(), Golden["vmf_mu"].ToArray<double>(), Golden["vmf_kappa"].ToArray<double>(), Golden["vmf_cov"].ToArray<double>());
        for (var i = 0; i < kappa.Length; i++)
        {
            var (a, b) = (Unit(t.AsSpan(3 * i, 3)), Unit(mu.AsSpan(3 * i, 3)));
            var distance = Enumerable.Range(0, 3).Sum(k => (a[k] - b[k]) * (a[k] - b[k]));
            Assert.That(VonMisesFisher.CoverageOnSphere(distance, kappa[i]), Is.EqualTo(expected[i]).Within(4e-14));
        }
    }

    [Test]
    public void The_Kent_like_density_is_the_reference()
    {
        var golden = Golden;
        var (points, kappa, stretch, expected) =
            (golden["vmf_t"].ToArray<double>(), golden["vmf_kappa"].ToArray<double>(), golden["kent_u"].ToArray<double>(), golden["kent_logpdf"].ToArray<double>());
        var axes = Enumerable.Range(1, 3).Select(k => golden[$"kent_g{k}"].ToArray<double>()).ToArray();
        for (var i = 0; i < kappa.Length; i++)
        {
            var kent = new Kent(axes[0].AsSpan(3 * i, 3), axes[1].AsSpan(3 * i, 3), axes[2].AsSpan(3 * i, 3), kappa[i], stretch[i]);
            Assert.That(kent.LogDensity(points.AsSpan(3 * i, 3)), Is.EqualTo(expected[i]).Within(1e-12 * Math.Max(1, Math.Abs(expected[i]))));
        }
    }

    [Test]
    public void Levels_of_highest_density_are_the_reference()
    {
        var levels = HighestDensity.Levels(Golden["pdf"].ToArray<double>(), Golden["areas"].ToArray<double>(), Golden["props"].ToArray<double>());
        var expected = Golden["levels"].ToArray<double>();
        for (var i = 0; i < expected.Length; i++)
            Assert.That(levels[i], Is.EqualTo(expected[i]).Within(4e-14));
    }

    [Test]
    public void Levels_fall_strictly_and_end_at_zero()
    {
        var levels = HighestDensity.Levels([1, 1, 1, 1], [0.25, 0.25, 0.25, 0.25], 0.3, 0.4, 0.9);
        Assert.That(levels[0], Is.GreaterThan(levels[1]));
        Assert.That(levels[1], Is.GreaterThan(levels[2]));
        Assert.That(() => HighestDensity.Levels([1], [1], 0.5, 0.5), Throws.ArgumentException.With.Message.Contains("rising"));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Kappa_and_mean_length_undo_each_other(int dimension)
    {
        foreach (var kappa in (double[])[1e-6, 1e-3, 0.1, 1, 10, 300, 9000])
        {
            // Near κ = 0 and far out the length hardly depends on κ: roundings of 1e-16 grow by κ/(length's slope).
            var length = VonMisesFisher.MeanLength(kappa, dimension);
            Assert.That(VonMisesFisher.KappaOf(length, dimension), Is.EqualTo(kappa).Within(Math.Max(1e-11, 1e-14 * kappa) * kappa));
        }

        Assert.That(VonMisesFisher.KappaOf(0, dimension), Is.Zero);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void The_entropy_is_the_integral(int dimension)
    {
        foreach (var kappa in (double[])[0, 0.5, 5, 40])
        {
            // The rule of midpoints: on the circle it converges faster than any power; on the sphere by 1/n².
            const int Cells = 200_000;
            var (mass, entropy) = (0.0, 0.0);
            for (var i = 0; i < Cells; i++)
            {
                var s = (i + 0.5) / Cells;
                var (cosine, measure) = dimension == 1 ? (Math.Cos(2 * Math.PI * s), 2 * Math.PI / Cells) : ((2 * s) - 1, 4 * Math.PI / Cells);
                var log = VonMisesFisher.LogDensity(cosine, kappa, dimension);
                mass += Math.Exp(log) * measure;
                entropy -= Math.Exp(log) * log * measure;
            }

            Assert.That(mass, Is.EqualTo(1).Within(1e-7));
            Assert.That(VonMisesFisher.Entropy(kappa, dimension), Is.EqualTo(entropy).Within(1e-6));
        }
    }

    [Test]
    public void A_Kent_like_law_is_fitted_to_its_own_draws()
    {
        var truth = new Kent([0.6, 0, 0.8], [0.8, 0, -0.6], [0, 1, 0], 20, 1.4);
        var draws = new double[3 * 20_000];
        truth.Sample(draws, new RandomStream(5));
        var fit = Kent.Fit(draws);

        // Relative errors of 1/√n each, 4.5 of them; u of half of that.
        Assert.That(fit.Kappa, Is.EqualTo(20).Within(20 * 4.5 / Math.Sqrt(20_000)));
        Assert.That(fit.Stretch, Is.EqualTo(1.4).Within(1.4 * 2.3 / Math.Sqrt(20_000)));
        Assert.That((fit.Mean[0] * 0.6) + (fit.Mean[2] * 0.8), Is.GreaterThan(1 - 1e-3));
        Assert.That(Math.Abs((fit.Major[0] * 0.8) - (fit.Major[2] * 0.6)), Is.GreaterThan(0.999));
        Assert.That(() => Kent.Fit([0, 0, 1, 0, 0, 1, 0, 0, 1]), Throws.ArgumentException.With.Message.Contains("that differ"));
    }

    private static double[] Unit(ReadOnlySpan<double> vector)
    {
        var norm = Math.Sqrt((vector[0] * vector[0]) + (vector[1] * vector[1]) + (vector[2] * vector[2]));
        return [vector[0] / norm, vector[1] / norm, vector[2] / norm];
    }
}
