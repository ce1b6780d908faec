using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Transforms;
using LognormalFields;
using NUnit.Framework;

namespace FlowCore.Tests.Fields;

[TestFixture]
internal sealed class DenoiserTests
{
    private const int Side = 8;
    private const int Pixels = Side * Side;
    private const int Count = 3;

    private static readonly DenoiserOptions _precise = new() { GradientTolerance = 1e-8 };

    [Test]
    public void The_Wiener_filter_is_the_solution_of_its_dense_equations([Values] bool masked, [Values] bool uneven)
    {
        var (observed, noise) = Observe(masked, uneven);
        var filtered = Filter().Apply(observed, noise);
        var expected = Dense(observed, noise);
        for (var i = 0; i < filtered.Length; i++)
            Assert.That(filtered[i], Is.EqualTo(expected[i]).Within(1e-9), $"pixel {i}");
    }

    [Test]
    public void With_a_Gaussian_prior_both_most_probable_fields_are_the_Wiener_filter([Values] bool masked)
    {
        var (observed, noise) = Observe(masked, uneven: false);
        using var prior = Prior<double>();
        using var denoiser = new Denoiser<double>(prior);
        var wiener = Filter().Apply(observed, noise);
        foreach (var answer in new[] { denoiser.MaximumPosterior(observed, noise, _precise), denoiser.MaximumPosteriorInNoise(observed, noise, _precise) })
        {
            Assert.That(answer.Ends, Has.All.Not.EqualTo(MinimiserEnd.Iterations));
            for (var i = 0; i < wiener.Length; i++)
                Assert.That(answer.Fields[i], Is.EqualTo(wiener[i]).Within(1e-6), $"pixel {i}");
        }
    }

    [Test]
    public void Single_precision_finds_the_same_fields()
    {
        var (observed, noise) = Observe(masked: true, uneven: true);
        using var prior = Prior<float>();
        using var denoiser = new Denoiser<float>(prior);
        var wiener = Filter().Apply(observed, noise);
        var answer = denoiser.MaximumPosterior(observed, noise);
        for (var i = 0; i < wiener.Length; i++)
        {
            // The tolerance of the gradient, 10⁻³, over the least curvature, 1/P(0) = 1/3.
            Assert.That(answer.Fields[i], Is.EqualTo(wiener[i]).Within(0.01), $"pixel {i}");
        }
    }

    [Test]
    public void Fields_do_not_depend_on_their_neighbours_in_a_call()
    {
        var (observed, noise) = Observe(masked: true, uneven: false);
        using var prior = Prior<double>();
        using var denoiser = new Denoiser<double>(prior);
        var options = new DenoiserOptions { WarmUp = 3, Kept = 2 };
        var (all, mean) = (denoiser.MaximumPosterior(observed, noise).Fields, denoiser.PosteriorMean(observed, noise, options).Mean);
        var alone = denoiser.MaximumPosterior(observed.AsSpan(0, Pixels), noise).Fields;
        Assert.That(all.AsSpan(0, Pixels).SequenceEqual(alone), Is.True);
        Assert.That(mean.AsSpan(0, Pixels).SequenceEqual(denoiser.PosteriorMean(observed.AsSpan(0, Pixels), noise, options).Mean), Is.True);
        var wiener = Filter();
        Assert.That(wiener.Apply(observed, noise).AsSpan(0, Pixels).SequenceEqual(wiener.Apply(observed.AsSpan(0, Pixels), noise)), Is.True);
    }

    [Test]
    public void With_a_Gaussian_prior_the_posterior_mean_is_the_Wiener_filter_and_its_deviations_are_the_posterior_s()
    {
        var (observed, noise) = Observe(masked: false, uneven: false);
        using var prior = Prior<double>();
        using var denoiser = new Denoiser<double>(prior);
        var wiener = Filter().Apply(observed, noise);
        var answer = denoiser.PosteriorMean(observed, noise, new DenoiserOptions { Kept = 2000 });

        // The posterior's variance is the mean over modes of P σ² / (P + σ²).
        var variance = 0.0;
        foreach (var k in new FourierGrid(Side, Side).Wavenumbers)
            variance += Power(k) / (Power(k) + 1) / Pixels;
        var (square, mean) = (0.0, 0.0);
        for (var i = 0; i < wiener.Length; i++)
        {
            square += Math.Pow(answer.Mean[i] - wiener[i], 2) / wiener.Length;
            mean += answer.Deviation[i] / wiener.Length;
        }

        // Were trajectories independent, their mean would miss by variance/2000; ten times that is far below the variance itself.
        Assert.That(square, Is.LessThan(10 * variance / 2000));
        Assert.That(mean, Is.EqualTo(Math.Sqrt(variance)).Within(5).Percent);
        Assert.That(answer.Acceptance, Has.All.InRange(0.5, 0.9));
    }

    // The references are means over 100 fields with errors of their own; both errors count.
    [TestCase(1.0, 0.0, 0.814, 0.009, 0.772, 0.730)]
    [TestCase(0.5, 0.0, 0.769, 0.005, 0.741, 0.703)]
    [TestCase(1.0, 0.2, 0.911, 0.007, 0.859, 0.834)]
    public void The_exact_prior_of_lognormal_fields_beats_the_Wiener_filter_as_it_should(
        double deviation, double hidden, double inFields, double error, double inNoise, double smallScales)
    {
        var problem = new DenoisingProblem(new LognormalToy(32, 0.7), deviation, hidden, 60, seed: 2);
        using var exact = problem.Toy.Exact<double>();
        using var denoiser = new Denoiser<double>(exact);
        var options = new DenoiserOptions { GradientTolerance = 1e-2 };
        var fields = denoiser.MaximumPosterior(problem.Observed, problem.Noise, options).Fields;
        var (ratio, own) = problem.Ratio(fields);
        var tolerance = 4.5 * Math.Sqrt((error * error) + (own * own));
        Assert.That(ratio, Is.EqualTo(inFields).Within(tolerance));
        Assert.That(problem.RatioBeyond(fields, 8), Is.EqualTo(smallScales).Within(tolerance));
        Assert.That(problem.Ratio(denoiser.MaximumPosteriorInNoise(problem.Observed, problem.Noise, options).Fields).Ratio, Is.EqualTo(inNoise).Within(tolerance));
    }

    [Test]
    public void A_red_spectrum_spoils_the_most_probable_field_and_not_that_of_the_most_probable_noise()
    {
        var problem = new DenoisingProblem(new LognormalToy(32, 0.7, isRed: true), 1, 0, 30, seed: 3);
        using var exact = problem.Toy.Exact<double>();
        using var denoiser = new Denoiser<double>(exact);
        var fields = denoiser.MaximumPosterior(problem.Observed, problem.Noise);
        Assert.That(fields.Ends, Has.All.Not.EqualTo(MinimiserEnd.Iterations));
        Assert.That(problem.Ratio(fields.Fields).Ratio, Is.GreaterThan(3));
        Assert.That(problem.Ratio(denoiser.MaximumPosteriorInNoise(problem.Observed, problem.Noise).Fields).Ratio, Is.LessThan(1.1));
    }

    [Test]
    public void A_split_takes_whole_modes_and_stays_real()
    {
        var (large, small) = (Normal(2 * Pixels, 5), Normal(2 * Pixels, 6));
        Assert.That(FourierSplit.Join(large, large, Side, Side, 2), Is.EqualTo(large).Within(1e-12));
        var joined = FourierSplit.Join(large, small, Side, Side, 2);
        var fourier = new FastFourier(Side, Side);
        var (a, b, c) = (new System.Numerics.Complex[large.Length], new System.Numerics.Complex[large.Length], new System.Numerics.Complex[large.Length]);
        fourier.Transform(large, a);
        fourier.Transform(small, b);
        fourier.Transform(joined, c);
        for (var i = 0; i < c.Length; i++)
            Assert.That((c[i] - (fourier.Grid.Wavenumbers[i % Pixels] <= 2 ? a[i] : b[i])).Magnitude, Is.LessThan(1e-12), $"mode {i}");
    }

    [Test]
    public void Observations_that_make_no_sense_are_errors_that_name_the_parameter()
    {
        using var prior = Prior<double>();
        using var denoiser = new Denoiser<double>(prior);
        var noise = FieldNoise.Of(Pixels, 1);
        var broken = new double[Pixels];
        broken[3] = double.NaN;
        Assert.That(() => denoiser.MaximumPosterior(broken, noise), Throws.ArgumentException.With.Property("ParamName").EqualTo("observed"));
        Assert.That(() => denoiser.MaximumPosterior(new double[Pixels + 1], noise), Throws.ArgumentException.With.Property("ParamName").EqualTo("observed"));
        Assert.That(() => denoiser.MaximumPosterior(new double[Pixels], FieldNoise.Of(4, 1)), Throws.ArgumentException.With.Property("ParamName").EqualTo("noise"));
        Assert.That(() => FieldNoise.Of(4, 0), Throws.ArgumentException.With.Property("ParamName").EqualTo("deviations"));
        Assert.That(() => FieldNoise.Of(4, 1, new bool[3]), Throws.ArgumentException.With.Property("ParamName").EqualTo("hidden"));
        Assert.That(() => new WienerFilter(2, 2, [1, 2, 3]), Throws.ArgumentException.With.Property("ParamName").EqualTo("power"));
        Assert.That(() => new WienerFilter(1, 3, [1, 2, 3]), Throws.ArgumentException.With.Message.Contains("opposite modes"));
        Assert.That(denoiser.MaximumPosterior([], noise).Fields, Is.Empty);
        Assert.That(denoiser.PosteriorMean([], noise).Mean, Is.Empty);
    }

    private static double Power(double k) => 3 / (1 + (k * k));

    private static WienerFilter Filter() => new(Side, Side, [.. new FourierGrid(Side, Side).Wavenumbers.ToArray().Select(Power)]);

    private static Flow<T> Prior<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new(FourierNormal<T>.OfSpectrum(Side, Side, Power), new FixedAffine<T>(Enumerable.Repeat(1.0, Pixels).ToArray(), new double[Pixels]));

    private static (double[] Observed, FieldNoise Noise) Observe(bool masked, bool uneven)
    {
        var deviations = new double[Pixels];
        var hidden = new bool[Pixels];
        for (var i = 0; i < Pixels; i++)
            (deviations[i], hidden[i]) = (uneven ? 0.5 + (0.02 * i) : 1, masked && i % 5 == 0);
        return (Normal(Count * Pixels, 4), FieldNoise.Of(deviations, hidden));
    }

    // (S⁻¹ + N⁻¹) y = N⁻¹ d by the elimination of Gauss.
    private static double[] Dense(double[] observed, FieldNoise noise)
    {
        var grid = new FourierGrid(Side, Side);
        var inverse = new double[Pixels * Pixels];
        for (var i = 0; i < inverse.Length; i++)
        {
            var (a, b) = (i / Pixels, i % Pixels);
            for (var mode = 0; mode < Pixels; mode++)
            {
                var angle = (((a / Side) - (b / Side)) * (mode / Side)) + (((a % Side) - (b % Side)) * (mode % Side));
                inverse[i] += Math.Cos(2 * Math.PI * angle / Side) / (Power(grid.Wavenumbers[mode]) * Pixels);
            }

            inverse[i] += a == b ? noise.InverseVariances[a] : 0;
        }

        var solution = new double[observed.Length];
        for (var field = 0; field < Count; field++)
        {
            var (matrix, right) = ((double[])inverse.Clone(), new double[Pixels]);
            for (var i = 0; i < Pixels; i++)
                right[i] = noise.InverseVariances[i] * observed[(field * Pixels) + i];
            for (var i = 0; i < Pixels; i++)
            {
                for (var row = i + 1; row < Pixels; row++)
                {
                    var factor = matrix[(row * Pixels) + i] / matrix[(i * Pixels) + i];
                    for (var j = i; j < Pixels; j++)
                        matrix[(row * Pixels) + j] -= factor * matrix[(i * Pixels) + j];
                    right[row] -= factor * right[i];
                }
            }

            for (var i = Pixels - 1; i >= 0; i--)
            {
                for (var j = i + 1; j < Pixels; j++)
                    right[i] -= matrix[(i * Pixels) + j] * right[j];
                right[i] /= matrix[(i * Pixels) + i];
                solution[(field * Pixels) + i] = right[i];
            }
        }

        return solution;
    }

    private static double[] Normal(int count, ulong seed)
    {
        var numbers = new double[count];
        new RandomStream(seed).FillNormal<double>(numbers);
        return numbers;
    }
}
