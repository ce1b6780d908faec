using FactorizableFlow.Validation;
using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Statistics;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class StatisticalTestTests
{
    // Quantiles of the standard tables.
    [TestCase(0, 0.5)]
    [TestCase(1.959963984540054, 0.975)]
    [TestCase(-2.326347874040841, 0.01)]
    [TestCase(5, 0.9999997133484281)]
    public void The_normal_distribution_is_that_of_the_tables(double z, double probability) =>
        // The tables have sixteen digits.
        Assert.That(NormalDistribution.Cdf(z), Is.EqualTo(probability).Within(1e-15));

    [TestCase(3.841458820694124, 1, 0.05)]
    [TestCase(124.34211340400407, 100, 0.05)]
    [TestCase(77.92946516501727, 100, 0.95)]
    [TestCase(149.4492527903886, 100, 0.001)]
    [TestCase(0, 7, 1)]
    public void The_tail_of_chi_square_is_that_of_the_tables(double chiSquare, int degreesOfFreedom, double probability) =>
        Assert.That(ChiSquareDistribution.Survival(chiSquare, degreesOfFreedom), Is.EqualTo(probability).Within(1e-9));

    [TestCase(0.3)]
    [TestCase(3)]
    [TestCase(80)]
    public void The_tail_of_chi_square_with_two_degrees_of_freedom_is_an_exponential(double chiSquare)
    {
        var expected = Math.Exp(-chiSquare / 2);
        Assert.That(ChiSquareDistribution.Survival(chiSquare, 2), Is.EqualTo(expected).Within(1e-11 * Math.Max(expected, 1e-3)));
    }

    [TestCase(0, 1)]
    [TestCase(0.8275735551899077, 0.5)]
    [TestCase(1.3580986393225507, 0.05)]
    [TestCase(1.6276236115189503, 0.01)]
    public void The_tail_of_Kolmogorovs_distribution_is_that_of_the_tables(double lambda, double probability) =>
        Assert.That(KolmogorovDistribution.Survival(lambda), Is.EqualTo(probability).Within(1e-9));

    [Test]
    public void Both_series_of_Kolmogorovs_distribution_meet() =>
        // The slope there is -1.07.
        Assert.That(KolmogorovDistribution.Survival(1 - 1e-12), Is.EqualTo(KolmogorovDistribution.Survival(1 + 1e-12)).Within(1e-11));

    [Test]
    public void The_distance_of_two_samples_is_that_of_their_steps()
    {
        var test = KolmogorovSmirnov.TwoSamples([1, 2, 2, 4], [2, 3, 5]);
        // At 2: 3/4 against 1/3.
        Assert.That(test.Distance, Is.EqualTo((3.0 / 4) - (1.0 / 3)).Within(1e-15));
    }

    [Test]
    public void The_distance_from_uniform_counts_both_sides_of_a_step() =>
        Assert.That(KolmogorovSmirnov.Uniform([0.4, 0.5]).Distance, Is.EqualTo(0.5).Within(1e-15));

    [Test]
    public void P_values_of_one_sample_are_uniform_where_it_is_uniform() =>
        AssertUniform(trial =>
        {
            var values = new double[500];
            new RandomStream(11).Substream((ulong)trial).FillUniform<double>(values);
            Array.Sort(values);
            return KolmogorovSmirnov.Uniform(values).P;
        });

    [Test]
    public void P_values_of_two_samples_are_uniform_where_they_agree() =>
        AssertUniform(trial => KolmogorovSmirnov.TwoSamples(Sorted(trial, 0, 1500), Sorted(trial, 1, 900)).P);

    [Test]
    public void P_values_of_the_energy_test_are_uniform_where_the_samples_agree()
    {
        var test = new EnergyTest(60, new RandomStream(12));
        AssertUniform(trial => test.Run(Device.Cpu, Points(trial, 60, shift: 0), 3).P);
    }

    [Test]
    public void The_energy_test_sees_a_shift_and_measures_the_distance_of_the_definition()
    {
        const int n = 40;
        var points = Points(3, n, shift: 1);
        var result = new EnergyTest(n, new RandomStream(12)).Run(Device.Cpu, points, 3);
        var across = Mean(points, 0, n, n, n) * n * n;
        var within = (Mean(points, 0, n, 0, n) + Mean(points, n, n, n, n)) * n * n;
        var expected = (2 * across / (n * n)) - (within / (n * (n - 1)));
        Assert.Multiple(() =>
        {
            // 80² distances of order 1 summed in float: 1e-7 each, averaged.
            Assert.That(result.Distance, Is.EqualTo(expected).Within(1e-5));
            Assert.That(result.Coefficient, Is.EqualTo(expected / (2 * across / (n * n))).Within(1e-5));
            Assert.That(result.P, Is.EqualTo(1.0 / 200));
            Assert.That(result.Events, Is.EqualTo(n));
        });
    }

    [Test]
    public void The_energy_test_gives_the_same_bits_on_any_number_of_threads()
    {
        using var one = new CpuDevice(1);
        using var three = new CpuDevice(3);
        var points = Points(4, 100, shift: 0.1f);
        Assert.That(
            new EnergyTest(100, new RandomStream(1)).Run(three, points, 3),
            Is.EqualTo(new EnergyTest(100, new RandomStream(1)).Run(one, points, 3)));
    }

    // 200 seeded trials against the uniform distribution; a right test fails this at one seed in a thousand, and these seeds are fixed.
    private static void AssertUniform(Func<int, double> pValue)
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(pValue).Order()];
        Assert.That(KolmogorovSmirnov.Uniform(values).P, Is.GreaterThan(0.001));
    }

    private static float[] Sorted(int trial, ulong sample, int count)
    {
        var values = new float[count];
        new RandomStream(13).Substream((ulong)trial).Substream(sample).FillNormal<float>(values);
        Array.Sort(values);
        return values;
    }

    private static float[] Points(int trial, int events, float shift)
    {
        var points = new float[2 * events * 3];
        new RandomStream(14).Substream((ulong)trial).FillNormal<float>(points);
        for (var i = 0; i < events * 3; i += 3)
            points[i] += shift;

        return points;
    }

    private static double Mean(float[] points, int firstA, int countA, int firstB, int countB)
    {
        double sum = 0;
        for (var i = firstA; i < firstA + countA; i++)
        {
            for (var j = firstB; j < firstB + countB; j++)
            {
                double square = 0;
                for (var k = 0; k < 3; k++)
                {
                    double difference = points[(3 * i) + k] - points[(3 * j) + k];
                    square += difference * difference;
                }

                sum += Math.Sqrt(square);
            }
        }

        return sum / countA / countB;
    }
}
