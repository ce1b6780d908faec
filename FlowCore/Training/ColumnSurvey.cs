using FlowCore.Numerics;

namespace FlowCore.Training;

/// <summary>What one column of a data set looks like. Immutable.</summary>
/// <remarks>Mean and deviation are weighted; everything else counts rows. Rows of weight 0 are not looked at.</remarks>
public sealed record ColumnSurvey
{
    // Of a uniform density at its end, the first k values take a half of the space of the first 2k, give or take 1/√(8k); of one that
    // falls off in proportion to the distance 0.71, of an exponential tail more, of a normal one 0.78 and more.
    private const double EdgeShare = 0.62;
    private const int EdgeRows = 25;

    // (q99 − q1) / (q75 − q25) of a normal distribution: 2.326348 / 0.674490.
    private const double NormalTail = 3.4490482;

    private readonly double[] _quantiles = new double[DataSurvey.Levels.Count];

    private ColumnSurvey()
    {
    }

    /// <summary>How many rows were looked at, at least 1.</summary>
    public int Count { get; private init; }

    /// <summary>The weighted mean.</summary>
    public double Mean { get; private init; }

    /// <summary>The weighted standard deviation, divided by the sum of the weights.</summary>
    public double Deviation { get; private init; }

    /// <summary>The smallest value.</summary>
    public double Minimum { get; private init; }

    /// <summary>The largest value.</summary>
    public double Maximum { get; private init; }

    /// <summary>The first row that has the smallest value.</summary>
    public int MinimumRow { get; private init; }

    /// <summary>The first row that has the largest value.</summary>
    public int MaximumRow { get; private init; }

    /// <summary>How many different values there are.</summary>
    public int DistinctValues { get; private init; }

    /// <summary>The share of rows whose value another row has as well, in [0, 1].</summary>
    public double RepeatedShare { get; private init; }

    /// <summary>The value that most rows have, the smallest of several.</summary>
    public double CommonestValue { get; private init; }

    /// <summary>How many rows have it.</summary>
    public int CommonestCount { get; private init; }

    /// <summary>Whether every value is a whole number.</summary>
    public bool IsInteger { get; private init; }

    /// <summary>Whether the values differ by no more than the rounding of their number type.</summary>
    public bool IsConstant { get; private init; }

    /// <summary>Whether the density ends at <see cref="Minimum"/> rather than fading out: that of a uniform or an exponential variable does. False for fewer than 50 rows.</summary>
    public bool HasLowerEdge { get; private init; }

    /// <summary>Whether the density ends at <see cref="Maximum"/> rather than fading out. False for fewer than 50 rows.</summary>
    public bool HasUpperEdge { get; private init; }

    /// <summary>
    /// (q₉₉ − q₁) / (q₇₅ − q₂₅) divided by that of a normal distribution: 0.57 for a uniform one, 1 for a normal one, 1.6 for Laplace's, 9 for Cauchy's;
    /// +∞ where the middle half is one value, NaN where the quantiles are all one value.
    /// </summary>
    public double TailWeight => (Quantile(0.99) - Quantile(0.01)) / (Quantile(0.75) - Quantile(0.25)) / NormalTail;

    /// <summary>A quantile, linear between the order statistics.</summary>
    /// <param name="level">One of <see cref="DataSurvey.Levels"/>.</param>
    /// <returns>The quantile.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is not one of those.</exception>
    public double Quantile(double level)
    {
        for (var i = 0; i < _quantiles.Length; i++)
        {
            if (DataSurvey.Levels[i] == level)
                return _quantiles[i];
        }

        throw new ArgumentOutOfRangeException(nameof(level), level, $"Expected one of {string.Join(", ", DataSurvey.Levels)}.");
    }

    /// <summary>Looks at a column.</summary>
    /// <param name="values">The values; sorted afterwards.</param>
    /// <param name="weights">A positive weight for each, or empty for ones.</param>
    /// <param name="rows">The row that each is of.</param>
    /// <param name="epsilon">The distance from 1 to the next number of the type that they come from.</param>
    internal static ColumnSurvey Of(double[] values, ReadOnlySpan<double> weights, ReadOnlySpan<int> rows, double epsilon)
    {
        double mean = 0, squares = 0, total = 0;
        int least = 0, greatest = 0;
        var isInteger = true;
        for (var i = 0; i < values.Length; i++)
        {
            // West (1979), as for the moments of ArrayData: no cancellation where the mean is large beside the deviation.
            var weight = weights.IsEmpty ? 1 : weights[i];
            total += weight;
            var delta = values[i] - mean;
            var shift = delta * weight / total;
            mean += shift;
            squares += (total - weight) * delta * shift;
            least = values[i] < values[least] ? i : least;
            greatest = values[i] > values[greatest] ? i : greatest;
            isInteger &= values[i] == Math.Floor(values[i]);
        }

        var (minimumRow, maximumRow) = (rows[least], rows[greatest]);
        Array.Sort(values);
        var (distinct, repeated, commonest, most) = (0, 0, values[0], 0);
        for (int start = 0, end; start < values.Length; start = end)
        {
            end = start + 1;
            while (end < values.Length && values[end] == values[start])
                end++;
            distinct++;
            repeated += end - start > 1 ? end - start : 0;
            (commonest, most) = end - start > most ? (values[start], end - start) : (commonest, most);
        }

        var survey = new ColumnSurvey
        {
            Count = values.Length,
            Mean = mean,
            Deviation = Math.Sqrt(squares / total),
            Minimum = values[0],
            Maximum = values[^1],
            MinimumRow = minimumRow,
            MaximumRow = maximumRow,
            DistinctValues = distinct,
            RepeatedShare = (double)repeated / values.Length,
            CommonestValue = commonest,
            CommonestCount = most,
            IsInteger = isInteger,
            IsConstant = DataMoments.IsConstant(values[0], values[^1], epsilon),
            HasLowerEdge = IsEdge(values, 0, 1),
            HasUpperEdge = IsEdge(values, values.Length - 1, -1),
        };
        for (var i = 0; i < survey._quantiles.Length; i++)
        {
            var at = DataSurvey.Levels[i] * (values.Length - 1);
            var below = (int)at;
            var above = Math.Min(below + 1, values.Length - 1);
            survey._quantiles[i] = values[below] + ((at - below) * (values[above] - values[below]));
        }

        return survey;
    }

    private static bool IsEdge(double[] sorted, int end, int direction)
    {
        var k = Math.Max(EdgeRows, sorted.Length / 100);
        if (sorted.Length < 2 * k || sorted[0] == sorted[^1])
            return false;
        var last = Math.Min(2 * k, sorted.Length - 1);
        var half = Math.Abs(sorted[end + (direction * k)] - sorted[end]);
        return half <= EdgeShare * Math.Abs(sorted[end + (direction * last)] - sorted[end]);
    }
}
