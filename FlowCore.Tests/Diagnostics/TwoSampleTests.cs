using FlowCore.Compute;
using FlowCore.Diagnostics;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Diagnostics;

/// <summary>Comparisons of two samples against definitions, known values, and samples that are equal or not.</summary>
[TestFixture]
public sealed class TwoSampleTests
{
    private static readonly TwoSampleOptions _plain = new() { Standardise = false, Permutations = 9 };

    [Test]
    public void The_energy_distance_of_two_normal_distributions_is_the_known_one()
    {
        // N(0, 1) against N(1, 1). The error of the mean distance of n rows is about √(2/n) · 1.04, here 0.0046.
        const int rows = 100_000;
        var result = TwoSample.Energy<double>(Normal(rows, 1, 1), Normal(rows, 1, 2, shift: 1), 1, _plain);
        Assert.That(result.Statistic, Is.EqualTo(0.54181).Within(4.5 * 0.0046));
        Assert.That(result.PValue, Is.EqualTo(0.1));
    }

    [Test]
    public void The_mean_discrepancy_of_two_normal_distributions_is_the_known_one()
    {
        // Blocks of all rows have the same mean; the slope of MMD² in the shift is 0.33, so its error about 0.33 · √(2/n).
        const int rows = 20_000;
        var options = _plain with { Bandwidth = 1, LargestPairs = 1024 };
        var result = TwoSample.Mmd<double>(Normal(rows, 1, 1), Normal(rows, 1, 2, shift: 1), 1, options);
        Assert.That(result.Statistic, Is.EqualTo(0.17727).Within(4.5 * 0.0033));
    }

    [Test]
    public void Energy_and_discrepancy_are_those_of_their_definitions([Values(1, 3)] int features, [Values(7, 37)] int second)
    {
        const int first = 21;
        const double h = 0.7;
        var (x, y) = (Normal(first, features, 3), Normal(second, features, 4, shift: 0.3));
        var (energy, discrepancy) = (0.0, 0.0);
        Add(x, x, first, first, -1.0 / (first * (first - 1)));
        Add(y, y, second, second, -1.0 / (second * (second - 1)));
        Add(x, y, first, second, 2.0 / (first * second));
        Assert.That(TwoSample.Energy<double>(x, y, features, _plain).Statistic, Is.EqualTo(energy).Within(1e-5));
        Assert.That(TwoSample.Mmd<double>(x, y, features, _plain with { Bandwidth = h }).Statistic, Is.EqualTo(discrepancy).Within(1e-5));

        void Add(double[] a, double[] b, int n, int m, double weight)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < m; j++)
                {
                    var square = 0.0;
                    for (var k = 0; k < features; k++)
                        square += Math.Pow(a[(i * features) + k] - b[(j * features) + k], 2);
                    if (ReferenceEquals(a, b) && i == j)
                        continue;
                    energy += weight * Math.Sqrt(square);
                    discrepancy -= weight * Math.Exp(-0.5 * square / (h * h));
                }
            }
        }
    }

    [Test]
    public void The_sliced_distance_of_one_column_is_that_of_Kolmogorov_and_Smirnov_with_ties_too()
    {
        var (x, y) = (Normal(500, 1, 5), Normal(300, 1, 6, shift: 0.2));
        for (var i = 0; i < x.Length; i++)
            x[i] = Math.Round(x[i], 1);
        for (var i = 0; i < y.Length; i++)
            y[i] = Math.Round(y[i], 1);
        var column = TwoSample.Kolmogorov<double>(x, y, 1).Single();
        Assert.That(TwoSample.SlicedKolmogorov<double>(x, y, 1, _plain).Statistic, Is.EqualTo(column.Distance).Within(1e-6));
        Assert.That(column.PValue, Is.EqualTo(column.CorrectedP));
    }

    [Test]
    public void The_distance_of_two_columns_is_that_of_their_steps()
    {
        // At 2: 3/4 against 1/3.
        var test = TwoSample.Kolmogorov<double>([1, 2, 2, 4], [2, 3, 5], 1).Single();
        Assert.That(test.Distance, Is.EqualTo((3.0 / 4) - (1.0 / 3)).Within(1e-15));
    }

    [Test]
    public void Weights_that_know_nothing_of_the_column_leave_the_p_values_uniform()
    {
        // Weights of the size of squares: E w² = 3 (E w)², so 600 rows count as 200. With n taken for the rows themselves p-values would crowd at 0.
        var values = new double[300];
        for (var i = 0; i < values.Length; i++)
        {
            var weights = Normal(600, 1, 40_000 + (ulong)i);
            for (var k = 0; k < weights.Length; k++)
                weights[k] = 0.5 * weights[k] * weights[k];
            values[i] = TwoSample.Kolmogorov<double>(Normal(600, 1, 20_000 + (ulong)i), Normal(500, 1, 30_000 + (ulong)i), 1, weights).Single().PValue;
        }

        Assert.That(UniformityTest.Of("p", values).PValue, Is.InRange(1e-4, 1 - 1e-4));
    }

    [Test]
    public void The_coefficient_of_the_energy_distance_is_its_share_of_twice_the_mean_distance([Values(1, 2)] int features)
    {
        var (x, y) = (Normal(30, features, 17), Normal(20, features, 18, shift: 0.5));
        var across = 0.0;
        for (var i = 0; i < 30; i++)
        {
            for (var j = 0; j < 20; j++)
            {
                var square = 0.0;
                for (var k = 0; k < features; k++)
                    square += Math.Pow(x[(i * features) + k] - y[(j * features) + k], 2);
                across += 2 * Math.Sqrt(square) / 600;
            }
        }

        var result = TwoSample.Energy<double>(x, y, features, _plain);
        Assert.That(result.Coefficient, Is.EqualTo(result.Statistic / across).Within(1e-5));

        // In blocks it is the mean of the blocks'.
        Assert.That(TwoSample.Energy<double>(x, y, features, _plain with { LargestPairs = 8 }).Coefficient, Is.InRange(0, 1));
    }

    [Test]
    public void Rows_with_weights_count_as_rows_that_are_repeated()
    {
        double[] x = [0.1, 0.4, 0.4, 0.9];
        double[] y = [0.3, 0.35, 0.8];
        var repeated = TwoSample.Kolmogorov<double>(x, y, 1).Single();
        var weighted = TwoSample.Kolmogorov<double>([0.1, 0.4, 0.9], y, 1, [1, 2, 1]).Single();
        Assert.That(weighted.Distance, Is.EqualTo(repeated.Distance).Within(1e-15));

        // (1 + 2 + 1)²/(1 + 4 + 1) rows are fewer than four.
        Assert.That(weighted.PValue, Is.GreaterThan(repeated.PValue));
        Assert.That(() => TwoSample.Kolmogorov<double>(x, y, 1, [1, 2]), Throws.ArgumentException.With.Message.Contains("each of 4 rows"));
        Assert.That(() => TwoSample.Kolmogorov<double>(x, y, 1, [0, 0, 0, 0]), Throws.ArgumentException.With.Message.Contains("above 0"));
        Assert.That(() => TwoSample.Kolmogorov<double>(x, y, 1, [1, 1, -1, 1]), Throws.ArgumentException.With.Message.Contains("row 2"));
    }

    [Test]
    public void Every_test_finds_a_shift_and_a_correlation_and_none_finds_a_fault_in_equal_samples()
    {
        const int rows = 400;
        var options = new TwoSampleOptions { Permutations = 199, Seed = 3 };
        var (x, same, shifted) = (Normal(rows, 2, 7), Normal(rows, 2, 8), Normal(rows, 2, 9, shift: 0.6));
        var correlated = Normal(rows, 2, 10);
        for (var i = 0; i < correlated.Length; i += 2)
            correlated[i + 1] = (0.9 * correlated[i]) + (Math.Sqrt(0.19) * correlated[i + 1]);
        foreach (var (sample, isEqual) in new[] { (same, true), (shifted, false), (correlated, false) })
        {
            TwoSampleResult[] results =
            [
                TwoSample.Energy<double>(x, sample, 2, options), TwoSample.Mmd<double>(x, sample, 2, options),
                TwoSample.SlicedKolmogorov<double>(x, sample, 2, options), TwoSample.Classifier<double>(x, sample, 2, options),
            ];
            foreach (var result in results)
                Assert.That(result.PValue, isEqual ? Is.GreaterThan(0.01) : Is.LessThanOrEqualTo(0.01), result.ToString());
        }
    }

    [Test]
    public void A_classifier_comes_near_the_accuracy_of_Bayes_and_says_where_samples_differ()
    {
        const int rows = 4000;
        var (x, y) = (Normal(rows, 1, 11), Normal(rows, 1, 12, shift: 1));
        var result = TwoSample.Classifier<double>(x, y, 1, _plain);

        // 4.5 standard errors of 4,000 rows of each sample, and a little that is not learnt.
        Assert.That(result.Area, Is.EqualTo(0.76025).Within(0.025));
        Assert.That(result.Accuracy, Is.EqualTo(0.69146).Within(0.025));
        Assert.That(result.AreaSignificance, Is.GreaterThan(20));

        // ln(p/q) = ½ − x.
        var deviation = 0.0;
        for (var i = 0; i < rows; i++)
            deviation += Math.Abs(result.LogRatio[i] - (0.5 - x[i])) / rows;
        Assert.That(deviation, Is.LessThan(0.2));
    }

    [Test]
    public void A_classifier_on_equal_samples_has_p_values_and_significances_of_the_right_spread()
    {
        const int trials = 300;
        var training = new TrainingOptions { Epochs = 15, Optimiser = OptimiserSettings.AdamW(0.02), BatchSize = 16 };
        var (deviations, significances) = (0.0, 0.0);
        for (ulong i = 0; i < trials; i++)
        {
            var result = TwoSample.Classifier<double>(Normal(32, 1, 1000 + i), Normal(32, 1, 5000 + i), 1, new TwoSampleOptions { Permutations = 199, Seed = i }, training);
            deviations += Math.Pow(NormalDistribution.Quantile(result.PValue - (0.5 / 200)), 2) / trials;
            significances += result.AreaSignificance * result.AreaSignificance / trials;
        }

        // The mean of 300 squares of normal numbers, to 4.5 errors of √(2/300). With relabellings of both folds together it was 1.6.
        Assert.That(deviations, Is.EqualTo(1).Within(0.37));
        Assert.That(significances, Is.InRange(0.4, 1.2));
    }

    [Test]
    public void Rows_that_are_all_equal_differ_in_nothing()
    {
        var x = new double[40];
        foreach (var result in new[]
        {
            TwoSample.Energy<double>(x, x, 1), TwoSample.Energy<double>(x, x, 2), TwoSample.Mmd<double>(x, x, 2), TwoSample.SlicedKolmogorov<double>(x, x, 2),
        })
        {
            Assert.That(result.PValue, Is.EqualTo(1), result.ToString());

            // Kernels of one add up in single precision.
            Assert.That(result.Statistic, Is.Zero.Within(1e-6));
        }
    }

    [Test]
    public void Large_samples_go_in_blocks_and_find_the_same_shift()
    {
        var (x, y) = (Normal(3000, 2, 13), Normal(2000, 2, 14, shift: 0.3));
        var all = TwoSample.Energy<double>(x, y, 2, _plain);
        var blocks = TwoSample.Energy<double>(x, y, 2, _plain with { LargestPairs = 1000 });
        Assert.That(blocks.Detail, Does.Contain("12 blocks"));
        Assert.That((blocks.FirstRows, blocks.SecondRows), Is.EqualTo((3000, 1992)));
        Assert.That(blocks.Statistic, Is.EqualTo(all.Statistic).Within(0.02));
        Assert.That(blocks.PValue, Is.EqualTo(0.1));
    }

    [Test]
    public void A_seed_gives_the_same_results_on_any_number_of_threads()
    {
        var (x, y) = (Normal(300, 3, 15), Normal(200, 3, 16));
        var results = new List<string>();
        foreach (var threads in new[] { 1, 3 })
        {
            using var device = new CpuDevice(threads);
            var options = new TwoSampleOptions { Permutations = 99, Device = device, Seed = 4 };
            results.Add(string.Join(
                "; ", TwoSample.Energy<double>(x, y, 3, options), TwoSample.Mmd<double>(x, y, 3, options), TwoSample.SlicedKolmogorov<double>(x, y, 3, options),
                TwoSample.Energy<double>(x, y, 1, options), TwoSample.Classifier<double>(x, y, 3, options)));
        }

        Assert.That(results[1], Is.EqualTo(results[0]));
    }

    [Test]
    public void The_random_numbers_of_a_test_are_not_those_that_its_seed_gives_the_data()
    {
        // Directions that are rows of one of the samples treat it otherwise than the other.
        var data = Enumerable.Range(0, 600).Select(i => new RandomStream(7).Substream((ulong)i)).Append(new RandomStream(7)).ToHashSet();
        var own = Enumerable.Range(0, 600).Select(i => DiagnosticStream.Of(7).Substream((ulong)i)).Append(DiagnosticStream.Of(7));
        Assert.That(own.Where(data.Contains), Is.Empty);
    }

    [Test]
    public void Bad_input_is_refused_in_words()
    {
        double[] x = [1, 2, 3, 4];
        Assert.That(() => TwoSample.Energy<double>([1], x, 1), Throws.ArgumentException.With.Message.Contains("at least two rows"));
        Assert.That(() => TwoSample.Mmd<double>(x, [1, 2, 3], 2), Throws.ArgumentException.With.Message.Contains("two rows of 2 numbers"));
        Assert.That(
            () => TwoSample.SlicedKolmogorov<double>(x, [1, 2, 3, double.NaN], 2),
            Throws.ArgumentException.With.Message.Contains("row 1, column 1"));
        Assert.That(() => TwoSample.Energy<double>(x, [1, double.NegativeInfinity], 1), Throws.ArgumentException.With.Message.Contains("row 1"));
        Assert.That(() => TwoSample.Classifier<double>(x, x, 1), Throws.ArgumentException.With.Message.Contains("16 rows"));
        Assert.That(() => TwoSample.Energy<double>(x, x, 1, new TwoSampleOptions { Permutations = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static double[] Normal(int rows, int features, ulong seed, double shift = 0)
    {
        var values = new double[rows * features];
        new RandomStream(seed).FillNormal<double>(values);
        for (var i = 0; i < values.Length; i++)
            values[i] += shift;
        return values;
    }
}
