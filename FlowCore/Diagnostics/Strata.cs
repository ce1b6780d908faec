using System.Globalization;
using System.Numerics;

namespace FlowCore.Diagnostics;

/// <summary>A division of events into groups: a coverage that is right on average can be wrong in each of them. Immutable.</summary>
public sealed class Strata
{
    private readonly int[] _labels;

    /// <summary>Divides by labels.</summary>
    /// <param name="labels">For each event the index of its stratum's name.</param>
    /// <param name="names">The names of the strata. One without events stays in the report, without tests.</param>
    /// <exception cref="ArgumentException">A label has no name, or there is no name.</exception>
    public Strata(ReadOnlySpan<int> labels, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
            throw new ArgumentException("Expected at least one stratum, got none.", nameof(names));
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0 || labels[i] >= names.Count)
                throw new ArgumentException($"Expected labels from 0 to {names.Count - 1}, got {labels[i]} for event {i}.", nameof(labels));
        }

        _labels = labels.ToArray();
        Names = [.. names];
    }

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many events are divided.</summary>
    public int Events => _labels.Length;

    /// <summary>Divides by a column of rows into strata of equal numbers of events; equal values stay together, so there may be fewer strata.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="rows">Row-major [n, columns], for example the context.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="column">Which column.</param>
    /// <param name="count">How many strata, at least 1.</param>
    /// <returns>The division.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows, or one of the column is NaN.</exception>
    public static Strata ByColumn<T>(ReadOnlySpan<T> rows, int columns, int column, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (rows.IsEmpty || rows.Length % columns != 0)
            throw new ArgumentException($"Expected rows of {columns} numbers, got {rows.Length} numbers.", nameof(rows));
        var values = new double[rows.Length / columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = double.CreateTruncating(rows[(i * columns) + column]);
            if (double.IsNaN(values[i]))
                throw new ArgumentException($"Expected numbers in column {column}, got NaN for event {i}.", nameof(rows));
        }

        var sorted = (double[])values.Clone();
        Array.Sort(sorted);
        var edges = new List<double>();
        for (var k = 1; k < count; k++)
        {
            var edge = sorted[(int)((long)k * sorted.Length / count)];
            if (edge > sorted[0] && (edges.Count == 0 || edge > edges[^1]))
                edges.Add(edge);
        }

        var names = new List<string>();
        for (var k = 0; k <= edges.Count; k++)
        {
            var (from, to) = (k == 0 ? sorted[0] : edges[k - 1], k == edges.Count ? sorted[^1] : edges[k]);
            names.Add(string.Create(CultureInfo.InvariantCulture, $"column {column} in [{from:g4}, {to:g4}{(k == edges.Count ? "]" : ")")}"));
        }

        // An edge belongs to the stratum above it.
        var labels = Array.ConvertAll(values, value => edges.Count - edges.FindAll(edge => edge > value).Count);
        return new Strata(labels, names);
    }

    /// <summary>The numbers of one stratum.</summary>
    internal double[] Select(ReadOnlySpan<double> values, int stratum)
    {
        var own = new List<double>();
        for (var i = 0; i < _labels.Length; i++)
        {
            if (_labels[i] == stratum)
                own.Add(values[i]);
        }

        return [.. own];
    }
}
