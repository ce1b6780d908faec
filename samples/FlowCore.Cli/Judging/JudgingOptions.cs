using System.CommandLine;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Data;
using FlowCore.Cli.Verbs;
using FlowCore.Compute;
using Tables;

namespace FlowCore.Cli.Judging;

/// <summary>The arguments and flags of verbs that judge a model on the rows of a table.</summary>
internal sealed class JudgingOptions
{
    private readonly Argument<string> _model = ModelOptions.Model();
    private readonly Argument<string> _data = new("DATA") { Description = $"Rows that the model was not fitted to: {TableFlags.Kinds}." };
    private readonly Option<string?> _columns = ColumnList.Option("--columns", "The columns that are the model's features, in its order. [default: the names that its file notes]");
    private readonly Option<string?> _context = ColumnList.Option("--context", "The columns that are the model's context, in its order. [default: the names that its file notes]");
    private readonly Option<string?> _nuisances = new("--nu") { Description = "Nuisances of a residual, for all rows: numbers such as 0.5,-1.", HelpName = "NUMBERS" };
    private readonly Option<string?> _weights = WeightColumn.Option();
    private readonly Option<string?> _base = ModelOptions.Base();
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string?> _device = CommandDevice.Option();
    private readonly TableFlags _table = new();
    private readonly ExchangeOptions _exchange = new();

    /// <summary>Adds them to a command, with its own after those that say what is judged and before those of the machine and of foreign files.</summary>
    /// <param name="command">The command.</param>
    /// <param name="own">Its own.</param>
    public void AddTo(Command command, params Option[] own)
    {
        command.Add(_model);
        command.Add(_data);
        command.Add(_columns);
        command.Add(_context);
        command.Add(_weights);
        command.Add(_nuisances);
        foreach (var option in own)
            command.Add(option);
        command.Add(_base);
        _table.AddTo(command);
        command.Add(_threads);
        command.Add(_device);
        _exchange.AddTo(command);
    }

    /// <summary>The files that are read.</summary>
    /// <param name="parsed">The command line.</param>
    public string?[] Inputs(ParseResult parsed) => [parsed.GetRequiredValue(_model), parsed.GetRequiredValue(_data), parsed.GetValue(_base)];

    /// <summary>Opens the device of the command.</summary>
    /// <param name="context">Where to report.</param>
    /// <param name="parsed">The command line.</param>
    public CommandDevice OpenDevice(CommandContext context, ParseResult parsed) =>
        CommandDevice.Open(context, parsed.GetValue(_device), configured: null, parsed.GetValue(_threads) ?? 0);

    /// <summary>Opens the model and reads the rows.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="UsageException">The columns are not those of the model, or are not known.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public JudgedModel Open(CommandContext context, ParseResult parsed, Device device)
    {
        var judged = OpenTable(context, parsed, device, memory: null);
        try
        {
            using var table = judged.Table;
            var rows = RowSet.Load(context, table, judged.Columns, judged.ContextColumns, judged.Weights);
            rows.CheckWeights();
            SayDropped(context.Reporter, rows.Dropped, rows.Count);
            var whole = WholeNumbers<float>.Of(judged.Model);
            whole.Say(rows.Columns, context.Reporter);
            whole.Spread(rows.X, firstRow: 0);
            return new JudgedModel(judged.Path, judged.Model, rows, judged.Nuisances);
        }
        catch
        {
            judged.Dispose();
            throw;
        }
    }

    /// <summary>Says how many rows are left out.</summary>
    /// <param name="reporter">Where to.</param>
    /// <param name="dropped">The rows that are left out.</param>
    /// <param name="kept">The others.</param>
    public static void SayDropped(ConsoleReporter reporter, long dropped, long kept)
    {
        if (dropped > 0)
            reporter.Warning($"{dropped} of {kept + dropped} rows are left out because a number is missing in them.");
    }

    /// <summary>Opens the model and the table, and finds the columns.</summary>
    /// <param name="context">Where to report.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="memory">How many bytes the rows may take; null for half of the machine.</param>
    /// <exception cref="UsageException">The columns are not those of the model, or are not known.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public JudgedTable OpenTable(CommandContext context, ParseResult parsed, Device device, long? memory)
    {
        var options = _exchange.Read(parsed);
        var path = parsed.GetRequiredValue(_model);
        var tensors = ModelTensors.Read(path, options.Key);
        var model = ModelReader.Open<float>(context.Reporter, tensors, options, parsed.GetValue(_base), device);
        Table? table = null;
        try
        {
            var card = ModelCard.Of(tensors, model.Features, model.ContextFeatures);
            table = Table.Open(parsed.GetRequiredValue(_data), _table.Read(parsed) with { MemoryLimit = memory });
            foreach (var note in table.Notes)
                context.Reporter.Line(note);
            var weights = WeightColumn.Of(context.Reporter, table, parsed.GetValue(_weights), card.Weights);
            var columns = Names(table, parsed.GetValue(_columns), "--columns", "features", card.Columns, model.Features, isAll: model.ContextFeatures == 0 && weights is null);
            var given = Names(table, parsed.GetValue(_context), "--context", "context features", card.ContextColumns, model.ContextFeatures, isAll: false);
            using var nuisances = RowSource<float>.OpenOptional(parsed.GetValue(_nuisances), "--nu", "nuisances", model.Nuisances, rows: null, blockRows: 1);
            if (nuisances is { IsShared: false })
                throw new UsageException("--nu must be numbers, which count for all rows.");
            return new JudgedTable(path, model, table, columns, given, weights, nuisances is null ? [] : nuisances.Next(1).ToArray());
        }
        catch
        {
            model.Dispose();
            table?.Dispose();
            throw;
        }
    }

    private static string[] Names(Table table, string? list, string flag, string what, IReadOnlyList<string>? noted, int count, bool isAll)
    {
        if (list is null)
        {
            if (count == 0)
                return [];
            if (noted is not null)
                return [.. noted];
            return isAll && table.Columns.Count == count
                ? [.. table.Columns]
                : throw new UsageException($"The model does not say which columns its {count} {what} are; {flag} names them.");
        }

        var names = ColumnList.Split(list, flag);
        return names.Length == count
            ? names
            : throw new UsageException($"The model takes {count} {what}, but {flag} names {names.Length}.");
    }
}
