namespace Plotting;

/// <summary>The axis of one variable of a <see cref="PairPlot"/>: what it shows, and the cells that its values are counted in.</summary>
/// <remarks>
/// The axis covers the central 99.6 % of every sample, but on either side at most a few times the distance from the median to the quantile of 5 %:
/// the tails of a power law would leave nothing but a spike. The cells end where the values do, so that no density is seen beyond an end
/// of the variable. The cells of whole numbers are whole numbers; a variable that fills a turn is shown over the turn.
/// </remarks>
internal sealed class PairAxis
{
    private const double MarginalFraction = 0.002;
    private const double ShoulderFraction = 0.05;
    private const double Air = 0.06;
    private const double TurnCovered = 0.99;
    private const double LargestWhole = 1e9;
    private const int MostBins = 40;
    private const int MostCells = 80;

    // A normal distribution of one dimension reaches to 1.7 such distances at 99.6 %, an exponential one to 2.4.
    private const double MostShoulders = 3;

    private static readonly (double Min, double Max)[] _turns = [(-Math.PI, Math.PI), (0, 2 * Math.PI), (-180, 180), (0, 360)];

    private PairAxis(double min, double max, double from, double to, int bins, int cells)
    {
        (Min, Max, From, To, Bins, Cells) = (min, max, from, to, bins, cells);
        Smoothing = 2.0 * cells / MostCells;
    }

    /// <summary>The left end of the axis.</summary>
    public double Min { get; }

    /// <summary>The right end of the axis.</summary>
    public double Max { get; }

    /// <summary>The left end of the cells, not below <see cref="Min"/>.</summary>
    public double From { get; }

    /// <summary>The right end of the cells, not above <see cref="Max"/>.</summary>
    public double To { get; }

    /// <summary>The bins of a histogram.</summary>
    public int Bins { get; }

    /// <summary>The cells of a grid with another variable.</summary>
    public int Cells { get; }

    /// <summary>The width of the kernel for such a grid, in cells.</summary>
    public double Smoothing { get; }

    /// <summary>Chooses the axis of a variable.</summary>
    /// <param name="samples">Its values in each sample; those that are not finite are not looked at.</param>
    public static PairAxis Of(IReadOnlyList<double[]> samples)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity, lowest = min, highest = max;
        foreach (var sample in samples)
        {
            var values = Array.FindAll(sample, v => Math.Abs(v) <= SampleStatistics.Largest);
            if (values.Length == 0)
                continue;
            var q = SampleStatistics.Quantiles(values, 0, MarginalFraction, ShoulderFraction, 0.5, 1 - ShoulderFraction, 1 - MarginalFraction, 1);
            (lowest, highest) = (Math.Min(lowest, q[0]), Math.Max(highest, q[6]));
            min = Math.Min(min, q[2] < q[3] ? Math.Max(q[1], q[3] - MostShoulders * (q[3] - q[2])) : q[1]);
            max = Math.Max(max, q[4] > q[3] ? Math.Min(q[5], q[3] + MostShoulders * (q[4] - q[3])) : q[5]);
        }

        foreach (var turn in _turns)
        {
            var slack = 1e-6 * (turn.Max - turn.Min);
            if (lowest >= turn.Min - slack && highest <= turn.Max + slack && highest - lowest >= TurnCovered * (turn.Max - turn.Min) && !samples.Any(AreWhole))
                return new PairAxis(turn.Min, turn.Max, turn.Min, turn.Max, MostBins, MostCells);
        }

        if (max - min >= 1 && samples.Any(AreWhole))
            return OfWhole(Math.Floor(min), Math.Min(Math.Ceiling(max), Math.Floor(highest)), samples.Where(sample => sample.Any(double.IsFinite)).All(AreWhole));
        // A range that is widened has no ends to stop at: a cell between neighbouring numbers would have no width.
        var own = (min, max);
        (min, max) = SampleStatistics.Widen(min, max);
        var isOpen = own != (min, max);
        var air = Air * (max - min);
        var (left, right) = (Math.Max(min - air, -SampleStatistics.Largest), Math.Min(max + air, SampleStatistics.Largest));
        return isOpen
            ? new PairAxis(left, right, left, right, MostBins, MostCells)
            : new PairAxis(left, right, Math.Max(left, lowest), Math.Min(right, highest), MostBins, MostCells);
    }

    /// <summary>The share of a sample that the axis does not show.</summary>
    /// <param name="values">The values.</param>
    /// <param name="weights">Their weights; null for ones.</param>
    /// <returns>0 to 1 where no weight is negative; 0 for an empty sample.</returns>
    public double Outside(double[] values, double[]? weights)
    {
        double all = 0, outside = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var weight = weights is null ? 1 : weights[i];
            all += weight;
            if (!(values[i] >= Min && values[i] <= Max))
                outside += weight;
        }

        return all > 0 ? outside / all : 0;
    }

    // Whole numbers stand in the middle of their cell; against numbers between them, which stand for the whole number below, at its lower end.
    private static PairAxis OfWhole(double first, double last, bool isCentred)
    {
        var step = Math.Max(1, Math.Ceiling((last - first + 1) / MostBins));
        var bins = (int)Math.Ceiling((last - first + 1) / step);
        var from = first - (isCentred ? 0.5 : 0);
        var to = from + bins * step;
        var air = Air * (to - from);
        return new PairAxis(from - air, to + air, from, to, bins, bins);
    }

    private static bool AreWhole(double[] values) =>
        values.Any(double.IsFinite) && values.All(v => !double.IsFinite(v) || (Math.Abs(v) <= LargestWhole && v == Math.Floor(v)));
}
