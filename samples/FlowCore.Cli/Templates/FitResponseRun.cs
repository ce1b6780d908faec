using System.Globalization;
using System.Numerics.Tensors;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Data;
using FlowCore.Cli.Fitting;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.IO;
using FlowCore.Templates;
using FlowCore.Training;
using Tables;

namespace FlowCore.Cli.Templates;

/// <summary>One fit of a response: reads the tables, fits the base where there is none, trains the response, says how far it closes, and writes model and page.</summary>
internal sealed class FitResponseRun(CommandContext context, FitResponseRequest request, Device device)
{
    private const double BaseRate = 0.003;
    private const double ResponseRate = 0.002;

    // The response is trained twice and then four times as long.
    private const int ResponseRuns = 6;

    private readonly ConsoleReporter _reporter = context.Reporter;

    /// <summary>Runs it.</summary>
    public void Run()
    {
        string?[] inputs = [request.Nominal, request.Base, .. request.Templates.Select(template => template.Table)];
        var checkpoints = new ResponseFitOptions { CheckpointPath = RunFiles.Checkpoint(request.Output) };
        var isInterrupted = checkpoints.CheckpointFiles.Any(File.Exists);

        // The base may be written already where the response was interrupted.
        var mayReplace = request.Force || (request.Resume && isInterrupted);
        OutputFile.Check(request.Output, "--output", request.Force || request.Resume, inputs);
        if (!request.Resume || isInterrupted || !File.Exists(request.Output))
        {
            OutputFile.Check(request.Report, "--report", mayReplace, [.. inputs, request.Output]);
            if (request.Base is null)
                OutputFile.Check(request.BaseOutput, "--output", mayReplace, inputs);
        }

        var names = NuisanceNames();
        using var hold = ModelLock.Take(request.Output);
        if (!RunFiles.IsToTrain(_reporter, request.Output, isInterrupted, request.Resume, request.Force))
            return;
        var given = request.Base is null ? null : OpenBase(request.Base);
        try
        {
            var (nominal, supports) = Nominal(given);
            var columns = nominal?.Columns ?? given!.Columns;
            var contextColumns = nominal?.ContextColumns ?? given!.Context;
            RowSet[] rows = [.. request.Templates.Select(template => Load(template.Table, columns, contextColumns))];
            var titles = Titles([.. request.Templates.Select(template => template.Table), .. request.Nominal is { } path ? [path] : Array.Empty<string>()]);
            Template<float>[] templates = [.. rows.Select((set, t) => TemplateOf(set, titles[t], request.Templates[t].Nuisances))];
            RequireOtherNames(names, columns, contextColumns);
            var options = checkpoints with
            {
                Resume = request.Resume,
                NuisanceNames = names,
                Order = request.Order,
                CrossTerms = request.Cross is { } text ? TemplateText.Pairs(text, names) : null,
                Base = new DensityFitOptions { Supports = supports, FeatureNames = columns, ContextNames = contextColumns },
                Seed = request.Seed,
                Log = null,
            };
            var still = nominal is null ? null : TemplateOf(nominal, titles[^1], []);
            Wrapped(() => Response.Check(columns.Count, contextColumns.Count, templates, still, options));
            using var baseModel = given?.Flow ?? FitBase(nominal!, supports, options);
            var (model, result) = Fit(baseModel, templates, still, options);
            using (model)
            {
                Say(result);
                Save(model, result, columns, contextColumns);
                new ResponsePage(model, result, columns, still, templates, request.Seed).Save(request.Report);
                _reporter.Line($"Wrote {request.Report}: closure, response curves and ratios.");
            }

            foreach (var file in options.CheckpointFiles)
                File.Delete(file);
        }
        catch (OperationCanceledException) when (checkpoints.CheckpointFiles.Any(File.Exists))
        {
            throw RunFiles.Stopped($"Stopped; the state is kept beside {request.Output}, and the same command with --resume{(request.Force ? " in place of --force" : "")} goes on from there.");
        }
        finally
        {
            given?.Flow.Dispose();
        }
    }

    private string[] NuisanceNames()
    {
        var count = request.Templates[0].Nuisances.Length;
        foreach (var template in request.Templates)
        {
            if (template.Nuisances.Length != count)
                throw new UsageException($"--template needs as many nuisances for every file: {request.Templates[0].Table} has {count}, {template.Table} has {template.Nuisances.Length}.");
        }

        if (request.Nuisances is { } names && names.Length != count)
            throw new UsageException($"--nuisances names {names.Length} nuisances, but the templates have {count}.");
        return request.Nuisances ?? [.. Enumerable.Range(0, count).Select(k => $"nu{k}")];
    }

    // A nuisance is what the files of --template differ in, never one of their columns: what is meant is a context, or a slip.
    private void RequireOtherNames(string[] names, IReadOnlyList<string> columns, IReadOnlyList<string> contextColumns)
    {
        if (request.Nuisances is not null && names.FirstOrDefault(name => columns.Contains(name) || contextColumns.Contains(name) || name == request.Weights) is { } taken)
            throw new UsageException($"--nuisances names '{taken}', which is a column of the rows; it names the numbers before the equals sign of --template, which no column has.");
    }

    private GivenBase OpenBase(string path)
    {
        var tensors = ModelTensors.Read(path);
        var flow = ModelReader.OpenFlow<float>(tensors, device: device);
        try
        {
            var card = ModelCard.Of(tensors, flow.Features, flow.ContextFeatures);
            var columns = request.Columns ?? card.Columns
                ?? throw new UsageException($"{path} does not name its {flow.Features} columns; --columns does.");
            var conditions = request.Context ?? card.ContextColumns
                ?? (flow.ContextFeatures == 0 ? [] : throw new UsageException($"{path} does not name its {flow.ContextFeatures} context columns; --context does."));
            if (columns.Count != flow.Features)
                throw new UsageException($"--columns names {columns.Count} columns, but {path} is a density of {flow.Features}.");
            if (conditions.Count != flow.ContextFeatures)
                throw new UsageException($"--context names {conditions.Count} columns, but {path} is conditioned on {flow.ContextFeatures}.");
            return new GivenBase(flow, columns, conditions);
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    private (RowSet? Rows, Support[]? Supports) Nominal(GivenBase? given)
    {
        if (request.Nominal is not { } path)
            return (null, null);
        if (given is not null)
            return (Load(path, given.Columns, given.Context), null);
        using var table = Table.Open(path, request.Table);
        IReadOnlyList<string> conditions = request.Context ?? [];
        var columns = request.Columns ?? Free(table, conditions);
        if (columns.Length == 0)
            throw new UsageException($"{path} has no column beside those of --context and --weights, so there is nothing to fit.");
        var supports = SupportText.ReadAll(request.Bounds, columns);
        return new DataReview(context, request.Columns is not null, takesBounds: true).Check(RowSet.Load(context, table, columns, conditions, request.Weights), supports);
    }

    private string[] Free(Table table, IReadOnlyList<string> conditions) => [.. table.Columns.Except([.. conditions, .. request.Weights is null ? [] : new[] { request.Weights }])];

    private RowSet Load(string path, IReadOnlyList<string> columns, IReadOnlyList<string> conditions)
    {
        using var table = Table.Open(path, request.Table);

        // Columns that were not chosen by name are all of them, in every file.
        if (request.Columns is null && Free(table, conditions).Except(columns).FirstOrDefault() is { } other)
            throw new IOException($"{path}: Expected the columns {string.Join(", ", columns)}, as at ν = 0, got '{other}' beside them; --columns says which are meant.");
        var rows = RowSet.Load(context, table, columns, conditions, request.Weights);
        if (rows.Dropped > 0)
            _reporter.Warning($"{path}: {rows.Dropped} of {rows.Count + rows.Dropped} rows are left out because a number is missing in them.");
        return rows;
    }

    // Names of files say enough where no two are the same.
    private static string[] Titles(string[] paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileName(path) is { Length: > 0 } name ? name : path)];
        return names.Distinct().Count() == names.Length ? names : paths;
    }

    private static Template<float> TemplateOf(RowSet rows, string title, double[] nuisances) => Wrapped(() => new Template<float>(
        title, nuisances, rows.X, rows.Columns.Count, rows.Context, rows.ContextColumns.Count, rows.Weights));

    private Flow<float> FitBase(RowSet rows, Support[]? supports, ResponseFitOptions options)
    {
        var units = new RunUnits(request.Epochs is not null);
        var (flow, result) = context.Poll("fit nominal", units.Total, progress =>
        {
            var fitted = Wrapped(() => (
                Density.Fit<float>(
                    new ReadOnlyTensorSpan<float>(rows.X, [rows.Count, rows.Columns.Count]),
                    out var done,
                    rows.Context.Length == 0 ? default : new ReadOnlyTensorSpan<float>(rows.Context, [rows.Count, rows.ContextColumns.Count]),
                    rows.Weights.Length == 0 ? default : new ReadOnlyTensorSpan<float>(rows.Weights),
                    options.BaseCheckpoints with
                    {
                        Supports = supports,
                        Seed = request.Seed,
                        FeatureNames = rows.Columns,
                        ContextNames = rows.ContextColumns,
                        Training = Single(BaseRate),
                        Device = device,
                        Log = null,
                        Progress = new TrainingReport(progress, units.Of),
                    },
                    context.Cancellation), done));
            progress.Report(units.Total);
            return fitted;
        });
        try
        {
            context.Cancellation.ThrowIfCancellationRequested();
            foreach (var line in result.Applied)
                _reporter.Line(line);
            foreach (var warning in result.Warnings)
                _reporter.Warning(warning.Text);
            var card = new ModelCard(rows.Columns, rows.ContextColumns)
            {
                Weights = request.Weights,
                Notes = [("data", Path.GetFileName(rows.Table)), ("rows", rows.Count), ("seed", request.Seed), ("validation_loss", Math.Round(result.ValidationLoss, 6))],
            };
            flow.Save(request.BaseOutput, card.ToJson());
            _reporter.Line(string.Create(
                CultureInfo.InvariantCulture, $"Wrote {request.BaseOutput}: {flow.Parameters.Count:N0} parameters, mean -ln p = {result.ValidationLoss:F4} on rows that were held out. --base takes it, too."));
            return flow;
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    private (FactorizableFlow<float> Model, ResponseFitResult Result) Fit(Flow<float> baseModel, Template<float>[] templates, Template<float>? nominal, ResponseFitOptions options)
    {
        var units = new RunUnits(request.Epochs is not null, ResponseRuns);
        return context.Poll("fit response", units.Total, progress =>
        {
            var fitted = Wrapped(() => (
                Response.Fit(
                    baseModel, templates, out var result, nominal,
                    options with { Training = Single(ResponseRate), Progress = new TrainingReport(progress, units.Of) }, context.Cancellation), result));
            progress.Report(units.Total);
            return fitted;
        });
    }

    private TrainingOptions? Single(double rate) => request.Epochs is { } epochs
        ? new TrainingOptions { Epochs = epochs, Optimiser = OptimiserSettings.AdamW(rate), EarlyStopping = null, Seed = request.Seed, Warn = null }
        : null;

    private void Say(ResponseFitResult result)
    {
        foreach (var line in result.Applied)
            _reporter.Line(line);
        _reporter.Table(ResponsePage.ClosureHeaders, ResponsePage.ClosureRows(result));
        foreach (var warning in result.Warnings)
            _reporter.Warning(warning);
    }

    private void Save(FactorizableFlow<float> model, ResponseFitResult result, IReadOnlyList<string> columns, IReadOnlyList<string> contextColumns)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(request.Output))!;
        var baseFile = Path.GetRelativePath(folder, Path.GetFullPath(request.Base ?? request.BaseOutput)).Replace('\\', '/');
        var card = new ModelCard(columns, contextColumns)
        {
            Weights = request.Weights,
            Notes =
            [
                ("base", baseFile),
                ("nuisances", result.Nuisances),
                ("terms", result.Terms),
                ("templates", request.Templates.Select(template => $"{string.Join(',', template.Nuisances.Select(value => value.ToString("r", CultureInfo.InvariantCulture)))}={Path.GetFileName(template.Table)}").ToArray()),
                ("seed", request.Seed),
                ("epochs", result.Training.Epochs),
            ],
        };
        model.Save(request.Output, card.ToJson());
        _reporter.Line(string.Create(
            CultureInfo.InvariantCulture, $"Wrote {request.Output}: {model.Parameters.Count:N0} parameters on the base {baseFile}; log-prob and sample take --nu {string.Join(',', result.Nuisances)} as numbers."));
    }

    // What the library says of rows and templates has their names already.
    private static T Wrapped<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ArgumentException problem)
        {
            throw new IOException(ContentBoundary.Sentence(problem), problem);
        }
    }

    private static void Wrapped(Action work) => Wrapped(() =>
    {
        work();
        return true;
    });

    // A base that was fitted before, and what its file or the command line calls its columns.
    private sealed record GivenBase(Flow<float> Flow, IReadOnlyList<string> Columns, IReadOnlyList<string> Context);
}
