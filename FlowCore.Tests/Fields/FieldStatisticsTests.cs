using FlowCore.Fields;
using FlowCore.Random;
using LognormalFields;
using NUnit.Framework;

namespace FlowCore.Tests.Fields;

[TestFixture]
internal sealed class FieldStatisticsTests
{
    [Test]
    public void The_bispectrum_is_the_mean_over_the_triangles_it_counts()
    {
        const int side = 6;
        var x = new double[2 * side * side];
        new RandomStream(1).FillNormal<double>(x);
        var fourier = new FastFourier(side, side);
        var modes = new System.Numerics.Complex[x.Length];
        fourier.Transform(x, modes);
        var expected = new double[4];
        for (var ring = 0; ring < 4; ring++)
        {
            var (sum, triangles) = (0.0, 0);
            for (var a = 0; a < 36; a++)
            {
                for (var b = 0; b < 36; b++)
                {
                    // k + l + m = 0, around the edges.
                    var c = ((((2 * side) - (a / side) - (b / side)) % side) * side) + (((2 * side) - (a % side) - (b % side)) % side);
                    if (fourier.Grid.Rings[a] != ring || fourier.Grid.Rings[b] != ring || fourier.Grid.Rings[c] != ring)
                        continue;
                    triangles++;
                    sum += (modes[a] * modes[b] * modes[c]).Real + (modes[36 + a] * modes[36 + b] * modes[36 + c]).Real;
                }
            }

            expected[ring] = triangles == 0 ? 0 : sum / (2 * triangles);
        }

        Assert.That(Bispectrum.Equilateral<double>(x, side, side), Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Moments_and_histogram_are_those_of_their_definitions()
    {
        double[] pixels = [-1, 0, 0, 3, 8];
        var moments = PixelMoments.Of<double>(pixels);
        Assert.That(moments.Mean, Is.EqualTo(2));
        Assert.That(moments.Variance, Is.EqualTo(10.8).Within(1e-14));
        Assert.That(moments.Skewness, Is.EqualTo((-27 - 8 - 8 + 1 + 216) / 5.0 / Math.Pow(10.8, 1.5)).Within(1e-14));
        Assert.That(moments.Kurtosis, Is.EqualTo(((81 + 16 + 16 + 1 + 1296) / 5.0 / (10.8 * 10.8)) - 3).Within(1e-14));
        Assert.That(PixelMoments.Histogram<double>(pixels, -1, 5, 3), Is.EqualTo([0.3, 0, 0.1]).Within(1e-14));
        Assert.That(() => PixelMoments.Of<double>([]), Throws.ArgumentException);
        Assert.That(() => PixelMoments.Histogram<double>(pixels, 1, 1, 3), Throws.ArgumentException.With.Property("ParamName").EqualTo("high"));
    }

    [Test]
    public void The_correlation_of_fields_with_themselves_is_1_and_with_the_opposite_minus_1()
    {
        var x = new double[3 * 20];
        new RandomStream(2).FillNormal<double>(x);
        var rings = PowerSpectrum.Of<double>(x, 4, 5).Power;
        var expected = Array.ConvertAll(rings, power => power > 0 ? 1.0 : 0);
        Assert.That(PowerSpectrum.CrossCorrelation<double>(x, x, 4, 5), Is.EqualTo(expected).Within(1e-12));
        Assert.That(PowerSpectrum.CrossCorrelation<double>(x, Array.ConvertAll(x, value => -2 * value), 4, 5), Is.EqualTo(Array.ConvertAll(expected, r => -r)).Within(1e-12));
    }

    [Test]
    public void Lognormal_fields_have_the_divergences_and_the_spectrum_that_their_formulas_give()
    {
        const int count = 1000;
        var toy = new LognormalToy(32, 0.7);
        using var exact = toy.Exact<float>();
        using var gaussian = toy.Gaussian<float>();
        using var independent = toy.Independent<float>();
        var ofGaussian = FieldJudgement.Of(toy, exact, gaussian, count, seed: 1);
        var ofIndependent = FieldJudgement.Of(toy, exact, independent, count, seed: 1);

        // The references are given to three places.
        Assert.That(ofGaussian.Divergence, Is.EqualTo(0.447).Within((4.5 * ofGaussian.DivergenceError) + 5e-4));
        Assert.That(ofIndependent.Divergence, Is.EqualTo(0.282).Within((4.5 * ofIndependent.DivergenceError) + 5e-4));
        for (var ring = 0; ring < ofGaussian.ExactPower.Length; ring++)
        {
            Assert.That(ofGaussian.Power.Power[ring] / ofGaussian.ExactPower[ring], Is.EqualTo(1).Within(6 * ofGaussian.Power.GaussianErrors[ring]), $"the Gaussian field, ring {ring}");
            var truth = ofGaussian.PowerOfTruth;
            Assert.That(truth.Power[ring], Is.EqualTo(ofGaussian.ExactPower[ring]).Within(4.5 * truth.Errors[ring]), $"the lognormal field, ring {ring}");
        }

        // e^{3σ²} − 3 e^{σ²} + 2 over (e^{σ²} − 1)^{3/2}.
        var e = Math.Exp(0.49);
        Assert.That(ofGaussian.MomentsOfTruth.Skewness, Is.EqualTo((e + 2) * Math.Sqrt(e - 1)).Within(3).Percent);
        Assert.That(ofGaussian.Moments.Skewness, Is.EqualTo(0).Within(0.02));
    }

    [Test]
    public void The_density_of_lognormal_fields_is_the_formula_s()
    {
        var toy = new LognormalToy(8, 0.5);
        using var exact = toy.Exact<double>();
        var y = exact.Sample(3, 1).ToArray();
        var logDensity = new double[3];
        exact.LogDensity(y, logDensity);
        var g = Array.ConvertAll(y, value => Math.Log(1 + value) + 0.125);
        var modes = new System.Numerics.Complex[g.Length];
        new FastFourier(8, 8).Transform(g, modes);
        for (var row = 0; row < 3; row++)
        {
            var expected = 0.0;
            for (var i = 0; i < 64; i++)
            {
                var (mode, power) = (modes[(row * 64) + i], toy.Spectrum(toy.Grid.Wavenumbers[i]));
                expected -= (0.5 * ((mode.Real * mode.Real) + (mode.Imaginary * mode.Imaginary)) / power) + (0.5 * Math.Log(2 * Math.PI * power)) + Math.Log(1 + y[(row * 64) + i]);
            }

            Assert.That(logDensity[row], Is.EqualTo(expected).Within(1e-10));
        }
    }
}
