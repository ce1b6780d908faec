using System.Numerics;

namespace FlowCore.Training;

/// <summary>What a data set looks like, column by column: what to know before a density is fitted to it. Immutable.</summary>
/// <remarks>One pass and one sort a column: O(n log n), a copy of one column of memory.</remarks>
public sealed class DataSurvey
{
    private readonly ColumnSurvey[] _columns;

    private DataSurvey(ColumnSurvey[] columns) => _columns = columns;

    /// <summary>The levels of the quantiles that <see cref="ColumnSurvey.Quantile"/> knows.</summary>
    public static IReadOnlyList<double> Levels { get; } = [0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999];

    /// <summary>How many rows were looked at: those of a weight above 0.</summary>
    public int Count => _columns[0].Count;

    /// <summary>Column by column.</summary>
    public IReadOnlyList<ColumnSurvey> Columns => _columns;

    /// <summary>Looks at rows.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="rows">Row-major [n, columns], finite.</param>
    /// <param name="columns">How many columns, at least 1.</param>
    /// <param name="weights">[n], at least 0 and one of them above 0; empty for ones.</param>
    /// <returns>The survey.</returns>
    /// <exception cref="ArgumentException">The numbers do not make whole rows, a number is not finite, or there is no row with a weight above 0.</exception>
    public static DataSurvey Of<T>(ReadOnlySpan<T> rows, int columns, ReadOnlySpan<T> weights = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(rows, columns, weights, chosen: null);

    /// <summary>Looks at some of the rows.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="weights">A weight for each of all rows, or empty.</param>
    /// <param name="chosen">Which rows; null for all.</param>
    internal static DataSurvey Of<T>(ReadOnlySpan<T> rows, int columns, ReadOnlySpan<T> weights, int[]? chosen)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (rows.IsEmpty || rows.Length % columns != 0)
            throw new ArgumentException($"Expected at least one row of {columns} numbers, got {rows.Length} numbers.", nameof(rows));
        if (!weights.IsEmpty && weights.Length != rows.Length / columns)
            throw new ArgumentException($"Expected a weight for each of {rows.Length / columns} rows, got {weights.Length}.", nameof(weights));
        var numbers = new List<int>();
        var weighed = new List<double>();
        for (var i = 0; i < (chosen?.Length ?? (rows.Length / columns)); i++)
        {
            var row = chosen is null ? i : chosen[i];
            var weight = weights.IsEmpty ? 1 : double.CreateTruncating(weights[row]);
            if (!(weight >= 0) || double.IsInfinity(weight))
                throw new ArgumentException($"Expected finite weights of at least 0, got {weight} in row {row}.", nameof(weights));
            if (weight == 0)
                continue;
            numbers.Add(row);
            weighed.Add(weight);
        }

        if (numbers.Count == 0)
            throw new ArgumentException("Expected a weight above 0, got zeros alone.", nameof(weights));
        var surveys = new ColumnSurvey[columns];
        int[] order = [.. numbers];
        double[] factors = weights.IsEmpty ? [] : [.. weighed];
        var epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);
        for (var j = 0; j < columns; j++)
        {
            var values = new double[order.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = double.CreateTruncating(rows[(order[i] * columns) + j]);
                if (!double.IsFinite(values[i]))
                    throw new ArgumentException($"Expected finite numbers, got {values[i]} in row {order[i]}, column {j}.", nameof(rows));
            }

            surveys[j] = ColumnSurvey.Of(values, factors, order, epsilon);
        }

        return new DataSurvey(surveys);
    }
}
