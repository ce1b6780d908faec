using System.Globalization;
using CommandLine;
using Tables;

namespace FlowCore.Cli.Data;

/// <summary>Rows of a table in memory: what a density is of, what it is conditioned on, and weights.</summary>
/// <param name="Table">The table, as the user named it.</param>
/// <param name="Columns">The names of the features.</param>
/// <param name="ContextColumns">The names of the context's columns; empty without context.</param>
/// <param name="X">Row-major [rows, features].</param>
/// <param name="Context">Row-major [rows, context columns]; empty without context.</param>
/// <param name="Weights">[rows]; empty for ones.</param>
/// <param name="Dropped">Rows that were left out because a number is missing.</param>
internal sealed record RowSet(
    string Table, IReadOnlyList<string> Columns, IReadOnlyList<string> ContextColumns, float[] X, float[] Context, float[] Weights, long Dropped)
{
    private const int BlockNumbers = 1 << 16;

    /// <summary>How many rows.</summary>
    public int Count => X.Length / Columns.Count;

    /// <summary>Reads the columns of a table, in one pass.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The features, at least one.</param>
    /// <param name="contextColumns">The context's columns; empty for none.</param>
    /// <param name="weights">The column of the weights; null for none.</param>
    /// <exception cref="IOException">A column is not there or holds no numbers, or there are more of them than memory takes in one piece.</exception>
    public static RowSet Load(CommandContext context, Table table, IReadOnlyList<string> columns, IReadOnlyList<string> contextColumns, string? weights)
    {
        int[] wanted = [.. columns.Select(table.IndexOf), .. contextColumns.Select(table.IndexOf), .. weights is null ? [] : new[] { table.IndexOf(weights) }];
        using var reader = table.Read(wanted);
        if (table.RowCount > Array.MaxLength / wanted.Length)
            throw new IOException($"{table.Name}: {table.RowCount} rows of {wanted.Length} columns are more than this verb holds in memory; give it fewer columns or a part of the rows.");
        var rows = (int)table.RowCount;
        var (x, given, w) = (new float[rows * columns.Count], new float[rows * contextColumns.Count], new float[weights is null ? 0 : rows]);
        var block = new float[Math.Max(1, BlockNumbers / wanted.Length) * wanted.Length];
        var done = context.Poll($"read {Path.GetFileName(table.Name)}", rows, progress =>
        {
            var first = 0;
            while (reader.Next(block) is > 0 and var read)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                for (var i = 0; i < read; i++)
                {
                    var row = block.AsSpan(i * wanted.Length, wanted.Length);
                    row[..columns.Count].CopyTo(x.AsSpan((first + i) * columns.Count));
                    row.Slice(columns.Count, contextColumns.Count).CopyTo(given.AsSpan((first + i) * contextColumns.Count));
                    if (weights is not null)
                        w[first + i] = row[^1];
                }

                first += read;
                progress.Report(first);
            }

            return first;
        });
        if (done == 0)
            throw new IOException($"{table.Name}: Expected at least one row without missing numbers, got none.");
        if (done < rows)
            (x, given, w) = (x[..(done * columns.Count)], given[..(done * contextColumns.Count)], weights is null ? w : w[..done]);
        return new RowSet(table.Name, columns, contextColumns, x, given, w, reader.DroppedRows);
    }

    /// <summary>Refuses weights that are negative, and those that are all zero.</summary>
    /// <exception cref="IOException">There is such a weight.</exception>
    public void CheckWeights()
    {
        if (!CheckWeights(Table, Weights, firstRow: 0))
            throw new IOException($"{Table}: Expected a weight above 0, got zeros alone.");
    }

    /// <summary>Refuses weights that are negative.</summary>
    /// <param name="table">The table, for the message.</param>
    /// <param name="weights">[rows]; empty for ones.</param>
    /// <param name="firstRow">The number of the first, from 0.</param>
    /// <returns>Whether one is above 0.</returns>
    /// <exception cref="IOException">There is such a weight.</exception>
    public static bool CheckWeights(string table, ReadOnlySpan<float> weights, long firstRow)
    {
        var isPositive = weights.Length == 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] < 0)
                throw new IOException($"{table}: Expected weights of at least 0, got {weights[i].ToString("g6", CultureInfo.InvariantCulture)} in {RowText.Of(firstRow + i)}.");
            isPositive |= weights[i] > 0;
        }

        return isPositive;
    }

    /// <summary>Some of the rows.</summary>
    /// <param name="rows">Their indices.</param>
    public RowSet At(int[] rows) => this with
    {
        X = RowChoice.Of(X, Columns.Count, rows),
        Context = RowChoice.Of(Context, ContextColumns.Count, rows),
        Weights = RowChoice.Of(Weights, Weights.Length == 0 ? 0 : 1, rows),
    };

    /// <summary>The same without a feature.</summary>
    /// <param name="column">Its index.</param>
    public RowSet Without(int column)
    {
        var (old, count) = (Columns.Count, Columns.Count - 1);
        var x = new float[Count * count];
        for (var i = 0; i < Count; i++)
        {
            var row = X.AsSpan(i * old, old);
            row[..column].CopyTo(x.AsSpan(i * count));
            row[(column + 1)..].CopyTo(x.AsSpan((i * count) + column));
        }

        return this with { X = x, Columns = [.. Columns.Where((_, j) => j != column)] };
    }
}
