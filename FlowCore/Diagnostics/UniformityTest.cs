using System.Globalization;
using FlowCore.Statistics;

namespace FlowCore.Diagnostics;

/// <summary>
/// Whether numbers are uniform on (0, 1), by four tests: Kolmogorov-Smirnov, Cramér-von Mises, Anderson-Darling (which looks at the ends) and χ² of a
/// histogram. Immutable.
/// </summary>
/// <remarks>
/// p-values by the limit distributions with Stephens' corrections for finite n (1970); χ² with one degree of freedom less than bins. One event gives
/// defined, if useless, p-values.
/// </remarks>
public sealed record UniformityTest
{
    private const int LargestBins = 32;
    private const double SmallestTail = 1e-300;

    private static readonly double[] _nominalLevels = [0.6826894921370859, 0.9544997361036416, 0.9973002039367398];

    private readonly double[] _sorted;

    private UniformityTest(string name, double[] sorted, int bins)
    {
        Name = name;
        _sorted = sorted;
        var n = sorted.Length;
        double distance = 0;
        double squares = 0;
        double logarithms = 0;
        var histogram = new int[bins];
        for (var i = 0; i < n; i++)
        {
            var u = sorted[i];
            distance = Math.Max(distance, Math.Max(((i + 1.0) / n) - u, u - ((double)i / n)));
            var deviation = u - ((i + 0.5) / n);
            squares += deviation * deviation;
            logarithms += ((2 * i) + 1.0) * (Math.Log(Math.Max(u, SmallestTail)) + Math.Log(Math.Max(1 - sorted[n - 1 - i], SmallestTail)));
            histogram[Math.Min((int)(u * bins), bins - 1)]++;
        }

        KolmogorovDistance = distance;
        KolmogorovP = KolmogorovDistribution.Survival(KolmogorovDistribution.Lambda(distance, n));
        CramerVonMises = squares + (1 / (12.0 * n));
        CramerVonMisesP = CramerVonMisesDistribution.Survival(CramerVonMisesDistribution.Adjusted(CramerVonMises, n));
        AndersonDarling = -n - (logarithms / n);
        AndersonDarlingP = AndersonDarlingDistribution.Survival(AndersonDarling);
        Histogram = histogram;
        var expected = (double)n / bins;
        foreach (var count in histogram)
            ChiSquare += (count - expected) * (count - expected) / expected;
        ChiSquareP = ChiSquareDistribution.Survival(ChiSquare, bins - 1);
        Nominal = Array.ConvertAll(_nominalLevels, level => NominalCoverage.Of(level, CountUpTo(level), n));
    }

    /// <summary>What was tested.</summary>
    public string Name { get; init; }

    /// <summary>n.</summary>
    public int Events => _sorted.Length;

    /// <summary>D, the largest distance of the empirical distribution function from the diagonal.</summary>
    public double KolmogorovDistance { get; }

    /// <summary>Its p-value.</summary>
    public double KolmogorovP { get; }

    /// <summary>W².</summary>
    public double CramerVonMises { get; }

    /// <summary>Its p-value.</summary>
    public double CramerVonMisesP { get; }

    /// <summary>A²; numbers of exactly 0 or 1 count as 10⁻³⁰⁰ from there.</summary>
    public double AndersonDarling { get; }

    /// <summary>Its p-value.</summary>
    public double AndersonDarlingP { get; }

    /// <summary>χ² of the histogram.</summary>
    public double ChiSquare { get; }

    /// <summary>Its p-value.</summary>
    public double ChiSquareP { get; }

    /// <summary>The numbers in bins of equal width.</summary>
    public IReadOnlyList<int> Histogram { get; }

    /// <summary>The coverage of regions of one, two and three standard deviations: 68.27, 95.45 and 99.73 %.</summary>
    public IReadOnlyList<NominalCoverage> Nominal { get; }

    /// <summary>The statistic that stands for the test, <see cref="KolmogorovDistance"/>.</summary>
    public double Statistic => KolmogorovDistance;

    /// <summary>Its p-value.</summary>
    public double PValue => KolmogorovP;

    /// <summary>
    /// What all four tests say together, min(1, 4 · the smallest p): Bonferroni's bound, which holds however the four depend on each other. They are no
    /// independent statements, they look at the same numbers.
    /// </summary>
    public double CombinedP => Math.Min(1, 4 * Math.Min(Math.Min(KolmogorovP, CramerVonMisesP), Math.Min(AndersonDarlingP, ChiSquareP)));

    /// <summary>Tests numbers.</summary>
    /// <param name="name">What they are.</param>
    /// <param name="values">Numbers in [0, 1], in any order; at least one.</param>
    /// <param name="bins">Bins of the histogram, at least 2; 0 for 32, or fewer where that leaves less than five events a bin.</param>
    /// <returns>The test.</returns>
    /// <exception cref="ArgumentException">There is no number, or one is NaN or outside of [0, 1].</exception>
    public static UniformityTest Of(string name, ReadOnlySpan<double> values, int bins = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (values.IsEmpty)
            throw new ArgumentException($"Expected at least one event to test the uniformity of {name}, got none.", nameof(values));
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && values[i] <= 1))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected numbers in [0, 1] of {name}, got {values[i]} for event {i}."), nameof(values));
        }

        if (bins == 0)
            bins = Math.Clamp(values.Length / 5, 2, LargestBins);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 2);
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return new UniformityTest(name, sorted, bins);
    }

    /// <summary>The share of the events up to a level.</summary>
    /// <param name="level">In [0, 1].</param>
    /// <returns>The observed coverage.</returns>
    public double CoverageAt(double level) => (double)CountUpTo(level) / Events;

    /// <summary>The map that makes such numbers uniform: from levels of the model to levels that hold what they say.</summary>
    /// <returns>The map; for other events than these.</returns>
    public Recalibration Recalibrate() => new(_sorted);

    /// <summary>The curve of the coverage with its bands.</summary>
    /// <param name="points">How many levels, evenly spread over (0, 1).</param>
    /// <param name="confidence">The probability of the bands, in (0, 1).</param>
    /// <returns>The curve.</returns>
    public CoverageCurve Curve(int points = 99, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(points, 1);
        if (!(confidence is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Expected a confidence in (0, 1).");
        var (levels, observed, lower, upper) = (new double[points], new double[points], new double[points], new double[points]);
        var beyond = 0.5 * (1 - confidence);
        for (var i = 0; i < points; i++)
        {
            levels[i] = (i + 1.0) / (points + 1);
            observed[i] = CoverageAt(levels[i]);
            lower[i] = (double)BinomialDistribution.Quantile(beyond, Events, levels[i]) / Events;
            upper[i] = (double)BinomialDistribution.Quantile(1 - beyond, Events, levels[i]) / Events;
        }

        var width = KolmogorovDistribution.QuantileOfSurvival(1 - confidence) / KolmogorovDistribution.Lambda(1, Events);
        return new CoverageCurve(levels, observed, lower, upper, width, confidence);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: p = {KolmogorovP:g3} (D = {KolmogorovDistance:0.0000}, Cramér-von Mises {CramerVonMisesP:g3}, Anderson-Darling {AndersonDarlingP:g3}, χ² {ChiSquareP:g3}; {Events} events); {string.Join(", ", Nominal)}");

    private int CountUpTo(double level) => SortedNumbers.CountUpTo(_sorted, level);
}
