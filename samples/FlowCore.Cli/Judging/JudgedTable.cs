using CommandLine;
using FlowCore.Cli.Data;
using FlowCore.Distributions;
using Tables;

namespace FlowCore.Cli.Judging;

/// <summary>A model and the table with the rows that it is judged on, not yet read.</summary>
/// <param name="Path">The model's file.</param>
/// <param name="Model">The model.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns of the model's features.</param>
/// <param name="ContextColumns">The columns of its context.</param>
/// <param name="Weights">The column of the weights; null for ones.</param>
/// <param name="Nuisances">One row of nuisances for all; empty where the model has none.</param>
internal sealed record JudgedTable(
    string Path, DensityModel<float> Model, Table Table, string[] Columns, string[] ContextColumns, string? Weights, float[] Nuisances) : IDisposable
{
    /// <summary>The rows, block by block.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="blockRows">The rows of a block.</param>
    /// <param name="use">Receives each block; its memory is that of the next one too.</param>
    /// <returns>The rows that were left out because a number is missing.</returns>
    /// <exception cref="IOException">The table holds no rows, or what is no number.</exception>
    public long ForEachBlock(CommandContext context, int blockRows, Action<RowBlock> use)
    {
        int[] wanted = [.. Columns.Select(Table.IndexOf), .. ContextColumns.Select(Table.IndexOf), .. Weights is null ? [] : new[] { Table.IndexOf(Weights) }];
        using var reader = Table.Read(wanted);
        var numbers = new float[blockRows * wanted.Length];
        var whole = WholeNumbers<float>.Of(Model);
        whole.Say(Columns, context.Reporter);
        var (x, given, weights) = (new float[blockRows * Columns.Length], new float[blockRows * ContextColumns.Length], new float[Weights is null ? 0 : blockRows]);
        var rows = context.Poll($"read {System.IO.Path.GetFileName(Table.Name)}", Table.RowCount, progress =>
        {
            var first = 0L;
            for (int read; (read = reader.Next(numbers)) > 0; first += read)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                for (var i = 0; i < read; i++)
                {
                    var row = numbers.AsSpan(i * wanted.Length, wanted.Length);
                    row[..Columns.Length].CopyTo(x.AsSpan(i * Columns.Length));
                    row.Slice(Columns.Length, ContextColumns.Length).CopyTo(given.AsSpan(i * ContextColumns.Length));
                    if (Weights is not null)
                        weights[i] = row[^1];
                }

                whole.Spread(x.AsSpan(0, read * Columns.Length), first);
                use(new RowBlock(
                    first, x.AsMemory(0, read * Columns.Length), given.AsMemory(0, read * ContextColumns.Length), Weights is null ? default : weights.AsMemory(0, read)));
                progress.Report(first + read);
            }

            return first;
        });
        return rows > 0 ? reader.DroppedRows : throw new IOException($"{Table.Name}: Expected at least one row without missing numbers, got none.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        Table.Dispose();
    }
}
