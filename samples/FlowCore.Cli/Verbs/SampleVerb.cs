using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Data;
using FlowCore.Cli.Judging;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Random;
using Tables;

namespace FlowCore.Cli.Verbs;

/// <summary>sample: draws rows from a saved model into a table, in blocks.</summary>
internal sealed class SampleVerb : IVerb
{
    private const string Name = "sample";

    public Command CreateCommand(CommandContext context)
    {
        var model = ModelOptions.Model();
        var count = CountOption.Create(
            "--n", "How many rows. [default: as many as the context or the nuisances have]", minimum: 0);
        var seed = CommonOptions.Seed();
        var conditions = ModelOptions.Context();
        var nuisances = ModelOptions.Nuisances();
        var output = ModelOptions.Output("Where to write the rows: .csv, .tsv, .npy, .npz or .parquet, with the names that the model notes where the format has names.");
        var baseFlow = ModelOptions.Base();
        var isDouble = ModelOptions.Double();
        var force = CommonOptions.Force();
        var threads = CommonOptions.Threads();
        var where = CommandDevice.Option();
        var exchange = new ExchangeOptions();
        var command = new Command(Name, "Draw rows from a saved model; a seed gives the same rows for any number of threads.")
        {
            model, count, seed, conditions, nuisances, output, baseFlow, isDouble, force, threads, where,
        };
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var request = new SampleRequest(
                parsed.GetRequiredValue(model),
                exchange.Read(parsed),
                parsed.GetValue(baseFlow),
                parsed.GetValue(count),
                parsed.GetValue(seed) ?? CommonOptions.DefaultSeed,
                parsed.GetValue(conditions),
                parsed.GetValue(nuisances),
                parsed.GetRequiredValue(output));
            OutputFile.CheckInFolder(request.Output, "--output", parsed.GetValue(force), request.Model, request.Base, request.Context, request.Nuisances);
            TableName.Require(request.Output, "--output");
            using var device = CommandDevice.Open(context, parsed.GetValue(where), configured: null, parsed.GetValue(threads) ?? 0);
            var rows = parsed.GetValue(isDouble) ? Run<double>(context, request, device.Device) : Run<float>(context, request, device.Device);
            context.Reporter.Line($"Wrote {request.Output}: {rows} rows, seed {request.Seed}.");
            return ExitCode.Success;
        });
        return command;
    }

    private static long Run<T>(CommandContext context, SampleRequest request, Device device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensors = ModelTensors.Read(request.Model, request.Options.Key);
        using var model = ModelReader.Open<T>(context.Reporter, tensors, request.Options, request.Base, device);
        var card = ModelCard.Of(tensors, model.Features, model.ContextFeatures);
        var blockRows = BlockRows.For(model);
        using var conditions =
            RowSource<T>.OpenOptional(request.Context, "--context", "context features", model.ContextFeatures, request.Count, blockRows, card.ContextColumns);
        var known = request.Count ?? (conditions is { IsShared: false } ? conditions.Rows : null);
        using var nuisances = RowSource<T>.OpenOptional(request.Nuisances, "--nu", "nuisances", model.Nuisances, known, blockRows);
        var total = known ?? (nuisances is { IsShared: false } ? nuisances.Rows
            : throw new UsageException("How many rows to draw is not known; --n says so."));
        RequireRoom(request.Output, total, (double)total * model.Features * Unsafe.SizeOf<T>());
        using var writer = TableWriter.Create(request.Output, card.NamesOr(model.Features), isSingle: typeof(T) == typeof(float));
        var stream = new RandomStream(request.Seed);
        var whole = WholeNumbers<T>.Of(model);
        return context.Poll(Name, total, progress =>
        {
            var rows = new T[(int)Math.Min(blockRows, total) * model.Features];
            for (long first = 0; first < total; first += blockRows)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var n = (int)Math.Min(blockRows, total - first);
                var drawn = rows.AsSpan(0, n * model.Features);
                model.Sample(stream, (ulong)first, new(RowSource<T>.Finite(conditions, first, n), RowSource<T>.Finite(nuisances, first, n)), drawn, default);
                whole.Floor(drawn);
                Write<T>(writer, drawn);
                progress.Report(first + n);
            }

            writer.Complete();
            if (model.NonFiniteResults > 0)
            {
                context.Reporter.Warning(
                    $"{model.NonFiniteResults} of {total} rows are not finite although what they are conditioned on is: they leave the range of {(typeof(T) == typeof(float) ? "float" : "double")}.");
            }

            return total;
        });
    }

    // The other formats may take less; of them the disk itself says when it is full.
    private static void RequireRoom(string output, long rows, double bytes)
    {
        const double Gigabyte = 1e9;
        var free = new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(output))!).AvailableFreeSpace;
        if (Path.GetExtension(output).Equals(".npy", StringComparison.OrdinalIgnoreCase) && bytes > free)
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{output}: {rows} rows take {bytes / Gigabyte:g3} GB, but {free / Gigabyte:g3} GB are free there."));
    }

    private static void Write<T>(TableWriter writer, ReadOnlySpan<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
            writer.Write(MemoryMarshal.Cast<T, float>(rows));
        else
            writer.Write(MemoryMarshal.Cast<T, double>(rows));
    }

    private sealed record SampleRequest(
        string Model, StateDictionaryOptions Options, string? Base, long? Count, ulong Seed, string? Context, string? Nuisances, string Output);
}
