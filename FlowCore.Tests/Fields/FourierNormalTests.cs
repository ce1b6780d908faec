using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Numerics;
using FlowCore.Random;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Fields;

[TestFixture]
internal sealed class FourierNormalTests
{
    private const int Side = 8;
    private const int Pixels = Side * Side;

    [Test]
    public void The_density_is_that_of_the_dense_covariance()
    {
        using var model = Model();
        var factor = Covariance();
        CholeskyDecomposition.Factor(factor, Pixels);
        var x = model.Sample(5, 3).ToArray();
        var logDensity = new double[5];
        model.LogDensity(x, logDensity);
        for (var row = 0; row < 5; row++)
        {
            var (expected, z) = (-0.5 * Pixels * Math.Log(2 * Math.PI), new double[Pixels]);
            for (var i = 0; i < Pixels; i++)
            {
                z[i] = x[(row * Pixels) + i];
                for (var j = 0; j < i; j++)
                    z[i] -= factor[(i * Pixels) + j] * z[j];
                z[i] /= factor[(i * Pixels) + i];
                expected -= (0.5 * z[i] * z[i]) + Math.Log(factor[(i * Pixels) + i]);
            }

            Assert.That(logDensity[row], Is.EqualTo(expected).Within(1e-10));
        }
    }

    [Test]
    public void Samples_have_the_covariance_of_the_spectrum()
    {
        const int count = 100_000;
        using var model = Model();
        var x = new double[count * Pixels];
        model.Sample(new RandomStream(4), 0, x, default);
        var covariance = Covariance();
        for (var pixel = 0; pixel < Pixels; pixel++)
        {
            var sum = 0.0;
            for (var row = 0; row < count; row++)
                sum += x[row * Pixels] * x[(row * Pixels) + pixel];
            // Isserlis: the variance of a product is C₀² + C_r².
            var error = Math.Sqrt(((covariance[0] * covariance[0]) + (covariance[pixel] * covariance[pixel])) / count);
            Assert.That(sum / count, Is.EqualTo(covariance[pixel]).Within(4.5 * error), $"pixels 0 and {pixel}");
        }
    }

    [Test]
    public void The_spectrum_of_samples_and_the_fit_to_them_are_the_spectrum_that_was_given()
    {
        const int count = 20_000;
        using var model = Model();
        var x = new double[count * Pixels];
        model.Sample(new RandomStream(5), 0, x, default);
        var power = PowerSpectrum.Of<double>(x, Side, Side);
        var expected = new double[power.Power.Length];
        var grid = new FourierGrid(Side, Side);
        for (var i = 0; i < Pixels; i++)
            expected[grid.Rings[i]] += Power(grid.Wavenumbers[i]) / power.Modes[grid.Rings[i]];
        for (var ring = 0; ring < expected.Length; ring++)
        {
            // Modes of different power in a ring: at most twice the variance of equal ones.
            Assert.That(power.Power[ring] / expected[ring], Is.EqualTo(1).Within(4.5 * Math.Sqrt(2) * power.GaussianErrors[ring]), $"ring {ring}");
            Assert.That(power.Errors[ring], Is.EqualTo(power.GaussianErrors[ring] * power.Power[ring]).Within(0.4 * power.GaussianErrors[ring] * power.Power[ring]), $"ring {ring}");
        }

        Assert.That(power.Modes.Sum(), Is.EqualTo(Pixels), "every mode counts once");
        var correlation = power.Correlation;
        for (var i = 0; i < correlation.Length; i++)
            Assert.That(correlation[i], Is.EqualTo(i % (expected.Length + 1) == 0 ? 1 : 0).Within(4.5 / Math.Sqrt(count)));

        var fitted = FourierNormal<double>.FromData(x, Side, Side);
        using var owner = new Flow<double>(fitted, Identity());
        for (var i = 0; i < Pixels; i++)
            Assert.That(fitted.Power[i] / Power(grid.Wavenumbers[i]), Is.EqualTo(1).Within(4.5 * Math.Sqrt(2.0 / count)), $"mode {i}");
    }

    [Test]
    public void The_sum_of_the_power_over_modes_is_that_of_the_squares_of_pixels()
    {
        var x = new double[6 * 35];
        new RandomStream(7).FillNormal<double>(x);
        var power = PowerSpectrum.Of<double>(x, 5, 7);
        var total = 0.0;
        for (var ring = 0; ring < power.Power.Length; ring++)
            total += power.Power[ring] * power.Modes[ring];
        Assert.That(6 * total, Is.EqualTo(x.Sum(value => value * value)).Within(1e-10));
    }

    [Test]
    public void Spectra_out_of_range_are_errors()
    {
        Assert.That(() => FourierNormal<double>.OfSpectrum(4, 4, k => 1 - k), Throws.ArgumentException.With.Property("ParamName").EqualTo("power"));
        Assert.That(() => FourierNormal<double>.FromData(new double[15], 4, 4), Throws.ArgumentException.With.Property("ParamName").EqualTo("fields"));
        Assert.That(() => FourierNormal<double>.FromData(new double[16], 4, 4), Throws.ArgumentException.With.Property("ParamName").EqualTo("fields"), "a field of zeros has no power");
        Assert.That(() => PowerSpectrum.Of<double>([], 4, 4), Throws.ArgumentException.With.Property("ParamName").EqualTo("first"));
    }

    private static double Power(double k) => 3 / (1 + (k * k));

    private static Transform<double> Identity() => new FixedAffine<double>(Enumerable.Repeat(1.0, Pixels).ToArray(), new double[Pixels]);

    private static Flow<double> Model() => new(FourierNormal<double>.OfSpectrum(Side, Side, Power), Identity());

    // C(r) = (1/N) Σ_k P_k cos k·r.
    private static double[] Covariance()
    {
        var grid = new FourierGrid(Side, Side);
        var covariance = new double[Pixels * Pixels];
        for (var i = 0; i < covariance.Length; i++)
        {
            var (a, b) = (i / Pixels, i % Pixels);
            var (dj, dk) = ((a / Side) - (b / Side), (a % Side) - (b % Side));
            for (var mode = 0; mode < Pixels; mode++)
                covariance[i] += Power(grid.Wavenumbers[mode]) * Math.Cos(2 * Math.PI * ((dj * (mode / Side)) + (dk * (mode % Side))) / Side) / Pixels;
        }

        return covariance;
    }
}
