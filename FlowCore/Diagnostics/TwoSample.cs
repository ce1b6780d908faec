using System.Globalization;
using System.Numerics;
using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>Whether two samples have one distribution: tests that are exact by permutation of the labels, and one by a trained classifier.</summary>
/// <remarks>
/// Columns are standardised by the moments of the pool first, which treats both samples alike. Rows that are equal, also across the samples, are allowed.
/// Deterministic by the seed, for any number of threads; thread-safe.
/// </remarks>
public static partial class TwoSample
{
    // Statistics of relabellings that differ by less than the rounding of single precision count as equal.
    private const double Rounding = 1e-6;

    // Rows of which all distances are taken to find their median.
    private const int MedianRows = 512;

    /// <summary>
    /// The energy distance 2 E|X − Y| − E|X − X′| − E|Y − Y′|, unbiased (G. J. Székely, M. L. Rizzo, "Testing for equal distributions in high dimension", InterStat, 2004).
    /// </summary>
    /// <remarks>One column is exact for any number of rows; more of them take all pairs, or those of random blocks: see <see cref="TwoSampleOptions.LargestPairs"/>.</remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="first">Row-major [n, features], at least two rows of finite numbers.</param>
    /// <param name="second">Row-major [m, features], likewise.</param>
    /// <param name="features">The columns.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <returns>The test; the statistic is in standard deviations of the pool where columns are standardised.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows, there are too few, or one is not finite.</exception>
    public static EnergyDistance Energy<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features, TwoSampleOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new TwoSampleOptions();
        var rows = Prepare(first, second, features, options);
        if (features > 1)
        {
            var pairs = Pairs("energy distance", rows, options, bandwidth: 0, sign: 1, "", out var across);
            return EnergyDistance.Of(pairs.Statistic, across, pairs.PValue, pairs.FirstRows, pairs.SecondRows, pairs.Detail);
        }

        var device = options.Device ?? Device.Cpu;
        var sorted = new SortedEnergy(rows, options.Permutations, device.Workers, DiagnosticStream.Of(options.Seed));
        device.Run(sorted, options.Permutations + 1);
        return EnergyDistance.Of(
            sorted.Sums[0], sorted.Across, PermutationP(sorted.Sums, 1e-12), rows.First, rows.Second, $"exact, {options.Permutations} permutations");
    }

    /// <summary>
    /// The maximum mean discrepancy with a Gaussian kernel exp(−d²/2h²), unbiased, squared (A. Gretton and others, "A kernel two-sample test", JMLR 13, 2012).
    /// </summary>
    /// <inheritdoc cref="Energy"/>
    public static TwoSampleResult Mmd<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features, TwoSampleOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new TwoSampleOptions();
        var rows = Prepare(first, second, features, options);
        var bandwidth = options.Bandwidth > 0 ? options.Bandwidth : MedianDistance(rows, DiagnosticStream.Of(options.Seed).Substream(ulong.MaxValue));
        return Pairs("MMD²", rows, options, bandwidth, sign: -1, string.Create(CultureInfo.InvariantCulture, $"bandwidth {bandwidth:g3}, "), out _);
    }

    /// <summary>The largest Kolmogorov-Smirnov distance over random directions, its p-value by permutation: some n log n work a direction.</summary>
    /// <inheritdoc cref="Energy"/>
    public static TwoSampleResult SlicedKolmogorov<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features, TwoSampleOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new TwoSampleOptions();
        var rows = Prepare(first, second, features, options);
        var device = options.Device ?? Device.Cpu;
        var sliced = new SlicedDistances(rows, options, device.Workers, DiagnosticStream.Of(options.Seed));
        var distances = sliced.Run(device);
        return new TwoSampleResult(
            "sliced Kolmogorov-Smirnov", distances[0], PermutationP(distances, Rounding), rows.First, rows.Second,
            $"{sliced.Directions} directions, {options.Permutations} permutations");
    }

    /// <summary>Compares each column by Kolmogorov and Smirnov, with weights where there are some: n counts as (Σw)²/Σw².</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="first">Row-major [n, features], at least two rows of finite numbers.</param>
    /// <param name="second">Row-major [m, features], likewise.</param>
    /// <param name="features">The columns.</param>
    /// <param name="firstWeights">[n], at least 0; empty for ones.</param>
    /// <param name="secondWeights">[m], at least 0; empty for ones.</param>
    /// <returns>A test for each column, corrected for their number.</returns>
    /// <exception cref="ArgumentException">A length is wrong, a number is not finite, or all weights of a sample are 0.</exception>
    public static ColumnTest[] Kolmogorov<T>(
        ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features, ReadOnlySpan<T> firstWeights = default, ReadOnlySpan<T> secondWeights = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        PooledRows.CheckRows(first, features, nameof(first));
        PooledRows.CheckRows(second, features, nameof(second));
        var (u, events) = Weights(firstWeights, first.Length / features, nameof(firstWeights));
        var (v, otherEvents) = Weights(secondWeights, second.Length / features, nameof(secondWeights));
        var effective = events * otherEvents / (events + otherEvents);
        var distances = new double[features];
        var p = new double[features];
        for (var k = 0; k < features; k++)
        {
            distances[k] = WeightedKolmogorov.Distance(WeightedKolmogorov.Column(first, features, k), u, WeightedKolmogorov.Column(second, features, k), v);
            p[k] = KolmogorovDistribution.Survival(KolmogorovDistribution.Lambda(distances[k], effective));
        }

        var corrected = MultipleTests.Holm(p);
        var tests = new ColumnTest[features];
        for (var k = 0; k < features; k++)
            tests[k] = new ColumnTest(k, distances[k], p[k], corrected[k]);
        return tests;
    }

    /// <summary>(1 + how many relabellings reach the true statistic) / (1 + relabellings).</summary>
    internal static double PermutationP(double[] statistics, double rounding)
    {
        // Comparisons with NaN are false, which would make any deviation significant.
        if (!double.IsFinite(statistics[0]))
            throw new ArgumentException($"Expected samples whose distances single precision holds, got a statistic of {statistics[0]}; standardise them.");
        var reached = 1;
        for (var p = 1; p < statistics.Length; p++)
            reached += statistics[p] >= statistics[0] - rounding ? 1 : 0;
        return (double)reached / statistics.Length;
    }

    private static PooledRows Prepare<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features, TwoSampleOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Check();
        return PooledRows.Of(first, second, features, options.Standardise);
    }

    // Across: twice the mean over pairs of rows of different samples, for the true labels.
    private static TwoSampleResult Pairs(string name, PooledRows rows, TwoSampleOptions options, double bandwidth, int sign, string detail, out double across)
    {
        var device = options.Device ?? Device.Cpu;
        var stream = DiagnosticStream.Of(options.Seed);
        var largest = Math.Max(rows.First, rows.Second);
        var count = largest <= options.LargestPairs ? 1 : (largest + (options.LargestPairs / 4) - 1) / (options.LargestPairs / 4);

        // A block has two rows of each sample at least.
        count = Math.Max(1, Math.Min(count, Math.Min(rows.First, rows.Second) / 2));
        var blocks = count == 1 ? [rows] : rows.Blocks(count, stream.Substream(0));
        var pairs = new PairSums(blocks[0].First, blocks[0].Second, options.Permutations, bandwidth, device.Workers, stream);
        var sums = new double[options.Permutations + 1];
        var scale = 0.0;
        foreach (var block in blocks)
            scale += pairs.Add(device, block, sums);
        for (var p = 0; p < sums.Length; p++)
            sums[p] *= (double)sign / count;
        across = pairs.Across / count;
        var how = count == 1 ? "all pairs" : $"pairs of {count} blocks";
        return new TwoSampleResult(
            name, sums[0], PermutationP(sums, Rounding * scale / count), count * blocks[0].First, count * blocks[0].Second,
            $"{detail}{how}, {options.Permutations} permutations");
    }

    private static double MedianDistance(PooledRows rows, RandomStream stream)
    {
        var order = new int[rows.Count];
        stream.FillPermutation(order);
        var count = Math.Min(order.Length, MedianRows);
        var distances = new double[count * (count - 1) / 2];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var sum = 0.0;
                foreach (var column in rows.Columns)
                    sum += ((double)column[order[i]] - column[order[j]]) * ((double)column[order[i]] - column[order[j]]);
                distances[next++] = sum;
            }
        }

        Array.Sort(distances);
        var median = Math.Sqrt(distances[distances.Length / 2]);

        // More than half of the pairs are equal rows: any scale is as good.
        return median > 0 ? median : 1;
    }

    private static (double[] Weights, double Events) Weights<T>(ReadOnlySpan<T> weights, int rows, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var result = new double[rows];
        Array.Fill(result, 1.0 / rows);
        if (weights.IsEmpty)
            return (result, rows);
        if (weights.Length != rows)
            throw new ArgumentException($"Expected a weight for each of {rows} rows, got {weights.Length}.", name);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < rows; i++)
        {
            result[i] = double.CreateTruncating(weights[i]);
            if (!(result[i] >= 0 && double.IsFinite(result[i])))
                throw new ArgumentException($"Expected finite weights of at least 0, got {weights[i]} for row {i}.", name);
            sum += result[i];
            squares += result[i] * result[i];
        }

        if (!(sum > 0))
            throw new ArgumentException("Expected a weight above 0, got none.", name);
        for (var i = 0; i < rows; i++)
            result[i] /= sum;
        return (result, sum * sum / squares);
    }
}
