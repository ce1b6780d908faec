using System.Numerics;
using FlowCore.Random;

namespace FlowCore.Diagnostics;

/// <summary>Two samples one after the other, column by column, standardised by the moments of the pool.</summary>
internal sealed class PooledRows
{
    private PooledRows(float[][] columns, int first, int second)
    {
        Columns = columns;
        First = first;
        Second = second;
    }

    /// <summary>[D][n + m].</summary>
    public float[][] Columns { get; }

    /// <summary>n.</summary>
    public int First { get; }

    /// <summary>m.</summary>
    public int Second { get; }

    /// <summary>n + m.</summary>
    public int Count => First + Second;

    /// <summary>Checks and copies.</summary>
    /// <exception cref="ArgumentException">The numbers make no rows, a sample has fewer than two, or a number is not finite.</exception>
    public static PooledRows Of<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second, int features, bool standardise)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        CheckRows(first, features, nameof(first));
        CheckRows(second, features, nameof(second));
        var (n, m) = (first.Length / features, second.Length / features);
        var columns = new float[features][];
        var values = new double[n + m];
        for (var k = 0; k < features; k++)
        {
            var (sum, squares) = (0.0, 0.0);
            for (var i = 0; i < values.Length; i++)
                sum += values[i] = double.CreateTruncating(i < n ? first[(i * features) + k] : second[((i - n) * features) + k]);
            var mean = sum / values.Length;
            foreach (var value in values)
                squares += (value - mean) * (value - mean);
            var deviation = Math.Sqrt(squares / values.Length);
            if (standardise && !double.IsFinite(deviation))
                throw new ArgumentException($"Expected numbers whose variance is finite, got a standard deviation of {deviation} in column {k}.", nameof(first));
            var (shift, scale) = standardise ? (mean, deviation > 0 ? 1 / deviation : 1) : (0, 1);
            columns[k] = Array.ConvertAll(values, value => (float)((value - shift) * scale));
            if (Array.Exists(columns[k], value => !float.IsFinite(value)))
                throw new ArgumentException($"Expected numbers that single precision holds, got larger ones in column {k}; standardise them.", nameof(first));
        }

        return new PooledRows(columns, n, m);
    }

    /// <summary>The same rows in blocks of equal sizes, drawn at random; the few rows that are left over are left out.</summary>
    public PooledRows[] Blocks(int count, RandomStream stream)
    {
        var (a, b) = (First / count, Second / count);
        var order = new int[First];
        var other = new int[Second];
        stream.Substream(0).FillPermutation(order);
        stream.Substream(1).FillPermutation(other);
        var blocks = new PooledRows[count];
        for (var block = 0; block < count; block++)
        {
            var columns = new float[Columns.Length][];
            for (var k = 0; k < columns.Length; k++)
            {
                columns[k] = new float[a + b];
                for (var i = 0; i < a; i++)
                    columns[k][i] = Columns[k][order[(block * a) + i]];
                for (var i = 0; i < b; i++)
                    columns[k][a + i] = Columns[k][First + other[(block * b) + i]];
            }

            blocks[block] = new PooledRows(columns, a, b);
        }

        return blocks;
    }

    /// <summary>Throws unless numbers are at least two rows of finite numbers.</summary>
    public static void CheckRows<T>(ReadOnlySpan<T> rows, int features, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows.Length < 2 * features || rows.Length % features != 0)
            throw new ArgumentException($"Expected at least two rows of {features} numbers, got {rows.Length} numbers.", name);
        for (var i = 0; i < rows.Length; i++)
        {
            if (!T.IsFinite(rows[i]))
                throw new ArgumentException($"Expected finite numbers, got {rows[i]} in row {i / features}, column {i % features}.", name);
        }
    }
}
