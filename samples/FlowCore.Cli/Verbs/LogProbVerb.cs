using System.CommandLine;
using System.Numerics;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Data;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Interop;
using FlowCore.IO;

namespace FlowCore.Cli.Verbs;

/// <summary>log-prob: the log-density of rows under a saved model, in blocks.</summary>
internal sealed class LogProbVerb : IVerb
{
    private const string Name = "log-prob";

    public Command CreateCommand(CommandContext context)
    {
        var model = ModelOptions.Model();
        var x = new Option<string>("--x") { Description = $"The rows: {TableFlags.Kinds}; columns by the names that the model notes.", HelpName = "FILE", Required = true };
        var conditions = ModelOptions.Context();
        var nuisances = ModelOptions.Nuisances();
        var output = ModelOptions.Output("Where to write the log-densities in nats, an .npy file of shape [n].");
        var baseFlow = ModelOptions.Base();
        var allow = new Option<bool>("--allow-nan") { Description = "Give NaN for rows that are not finite, instead of stopping at the first." };
        var isDouble = ModelOptions.Double();
        var force = CommonOptions.Force();
        var threads = CommonOptions.Threads();
        var where = CommandDevice.Option();
        var exchange = new ExchangeOptions();
        var command = new Command(Name, "The log-density of rows under a saved model; memory does not grow with the rows.")
        {
            model, x, conditions, nuisances, output, baseFlow, allow, isDouble, force, threads, where,
        };
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var request = new LogProbRequest(
                parsed.GetRequiredValue(model),
                exchange.Read(parsed),
                parsed.GetValue(baseFlow),
                parsed.GetRequiredValue(x),
                parsed.GetValue(conditions),
                parsed.GetValue(nuisances),
                parsed.GetRequiredValue(output),
                parsed.GetValue(allow));
            OutputFile.CheckInFolder(request.Output, "--output", parsed.GetValue(force), request.Model, request.Base, request.X, request.Context, request.Nuisances);
            ModelOptions.RequireExtension(request.Output, "--output", ".npy");
            using var device = CommandDevice.Open(context, parsed.GetValue(where), configured: null, parsed.GetValue(threads) ?? 0);
            var rows = parsed.GetValue(isDouble) ? Run<double>(context, request, device.Device) : Run<float>(context, request, device.Device);
            context.Reporter.Line($"Wrote {request.Output}: the log-densities of {rows} rows.");
            return ExitCode.Success;
        });
        return command;
    }

    private static long Run<T>(CommandContext context, LogProbRequest request, Device device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensors = ModelTensors.Read(request.Model, request.Options.Key);
        using var model = ModelReader.Open<T>(context.Reporter, tensors, request.Options, request.Base, device);
        var card = ModelCard.Of(tensors, model.Features, model.ContextFeatures);
        var blockRows = BlockRows.For(model);
        using var x = RowSource<T>.Open(request.X, "features", model.Features, blockRows, card.Columns);
        if (x.IsShared)
            throw new ModelFormatException(request.X, null, $"the shape must be [rows, {model.Features}], but it is [{model.Features}].");

        using var conditions =
            RowSource<T>.OpenOptional(request.Context, "--context", "context features", model.ContextFeatures, x.Rows, blockRows, card.ContextColumns);
        using var nuisances = RowSource<T>.OpenOptional(request.Nuisances, "--nu", "nuisances", model.Nuisances, x.Rows, blockRows);
        using var writer = new NpyWriter(request.Output, ElementTypes.Of<T>(), []);
        return context.Poll(Name, x.Rows, progress =>
        {
            var densities = new T[(int)Math.Min(blockRows, x.Rows)];
            var isLost = new bool[densities.Length];
            long lost = 0, notFinite = 0, firstNotFinite = -1;
            for (long first = 0; first < x.Rows; first += blockRows)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                var n = (int)Math.Min(blockRows, x.Rows - first);
                Array.Clear(isLost);
                var rows = Take(x, first, n, request.AllowNan, isLost);
                var given = Take(conditions, first, n, request.AllowNan, isLost);
                var nu = Take(nuisances, first, n, request.AllowNan, isLost);
                model.LogDensity(rows, new(given, nu), densities.AsSpan(0, n));
                for (var i = 0; i < n; i++)
                {
                    if (isLost[i])
                    {
                        densities[i] = T.NaN;
                        lost++;
                    }

                    if (!T.IsFinite(densities[i]))
                        firstNotFinite = notFinite++ == 0 ? first + i : firstNotFinite;
                }

                writer.WriteRows<T>(densities.AsSpan(0, n));
                progress.Report(first + n);
            }

            writer.Complete();
            if (notFinite > 0)
            {
                context.Reporter.Warning(
                    $"{notFinite} of {x.Rows} log-densities are not finite, the first that of row {firstNotFinite}; {lost} of them because the row is not.");
            }

            return x.Rows;
        });
    }

    // Rows that are not finite are evaluated as zeros, which cost nothing special, and marked.
    private static Span<T> Take<T>(RowSource<T>? source, long first, int count, bool allowNan, bool[] isLost)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source is null || source.IsShared || !allowNan)
            return RowSource<T>.Finite(source, first, count, source is { IsShared: false } ? "; --allow-nan gives NaN for such rows" : "");

        var rows = source.Next(count);
        var columns = rows.Length / count;
        for (var row = source.FirstNonFinite(rows); row >= 0; row = source.FirstNonFinite(rows, row + 1))
        {
            isLost[row] = true;
            rows.Slice(row * columns, columns).Clear();
        }

        return rows;
    }

    private sealed record LogProbRequest(
        string Model, StateDictionaryOptions Options, string? Base, string X, string? Context, string? Nuisances, string Output, bool AllowNan);
}
