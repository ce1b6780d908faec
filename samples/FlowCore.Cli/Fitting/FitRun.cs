using System.Globalization;
using System.Numerics.Tensors;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Data;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Training;
using FlowCore.Transforms;
using Tables;

namespace FlowCore.Cli.Fitting;

/// <summary>One fit: reads the rows, looks at them, trains, and writes the model, whole or not at all.</summary>
/// <remarks>
/// The state of the runs lies beside the model until it is written, so that Ctrl-C and crashes cost little. A model that is there stays until the new one takes its name. A second
/// fit of the same model, in whatever process, is refused before it touches anything.
/// </remarks>
internal sealed class FitRun(CommandContext context, FitRequest request, Device device)
{
    // With a cosine to zero, the rate at which every ready-made flow trains.
    private const double FlowRate = 0.003;
    private const double DefinitionRate = 0.01;
    private const double ManyParameters = 20;
    private const int BytesOfANumber = 24;

    private readonly ConsoleReporter _reporter = context.Reporter;
    private readonly FitSettings _settings = FitSettings.Of(request);

    /// <summary>Runs it.</summary>
    public void Run()
    {
        OutputFile.Check(request.Output, "--output", mayReplace: true, request.Data);
        var options = new DensityFitOptions { CheckpointPath = RunFiles.Checkpoint(request.Output) };
        using var hold = ModelLock.Take(request.Output);
        var isInterrupted = options.CheckpointFiles.Any(File.Exists);
        if (request.Resume && isInterrupted)
            _settings.RequireOfInterrupted(request.Output);
        else if (request.Resume && File.Exists(request.Output))
            RequireSameFit();
        if (!RunFiles.IsToTrain(_reporter, request.Output, isInterrupted, request.Resume, request.Force))
            return;
        try
        {
            Fit(options);
        }
        finally
        {
            if (!options.CheckpointFiles.Any(File.Exists))
                File.Delete(RunFiles.Settings(request.Output));
        }
    }

    private void Fit(DensityFitOptions options)
    {
        using var table = Table.Open(request.Data, request.Table);
        foreach (var note in table.Notes)
            _reporter.Line(note);
        var columns = Columns(table);
        var isFlow = request.Flow.Manifolds is null;

        // What is wrong with a definition is found before the rows are read.
        if (!isFlow)
            Definition(columns.Length, scale: null).Dispose();
        if (isFlow && IsLarge(table, columns.Length))
        {
            FitStreamed(table, columns, options);
        }
        else
        {
            var (rows, supports) = Rows(table, columns);
            if (isFlow)
                FitFlow(rows, supports, options);
            else
                FitDefinition(rows, options);
        }

        foreach (var file in options.CheckpointFiles)
            File.Delete(file);
    }

    // Complete it may be, but of other rows or flags it is not what was asked for.
    private void RequireSameFit()
    {
        var tensors = ModelTensors.Read(request.Output, null);
        if (ModelCard.DataOf(tensors) is { } data && data != Path.GetFileName(request.Data))
            throw new IOException($"{request.Output} is a fit of '{data}', not of '{request.Data}', so there is nothing to resume; --force replaces it.");
        if (tensors.IsOwnFormat)
        {
            var description = ModelFile.Describe(tensors.Archive);
            _settings.RequireOf(request.Output, ModelCard.Of(tensors, description.Features, description.ContextFeatures));
        }
    }

    private string[] Columns(Table table)
    {
        string[] others = [.. request.Context, .. request.Weights is null ? [] : new[] { request.Weights }];
        var columns = request.Columns ?? [.. table.Columns.Except(others)];
        if (columns.Length == 0)
            throw new UsageException($"{request.Data} has no column beside those of --context and --weights, so there is nothing to fit.");
        if (columns.Intersect(others).FirstOrDefault() is { } twice)
            throw new UsageException($"The column '{twice}' is named by --columns and by --context or --weights; it can be one of them.");
        return request.Weights is { } weights && request.Context.Contains(weights)
            ? throw new UsageException($"The column '{weights}' is named by --context and by --weights; it can be one of them.")
            : columns;
    }

    // Columns of a file, a chart's coordinates, and single columns in double precision.
    private bool IsLarge(Table table, int columns) =>
        table.RowCount * (columns + request.Context.Length) > (table.Options.MemoryLimit ?? (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)) / BytesOfANumber;

    private (RowSet Rows, Support[]? Supports) Rows(Table table, string[] columns)
    {
        var isFlow = request.Flow.Manifolds is null;
        var supports = SupportText.ReadAll(request.Bounds, columns);
        if (supports is not null && !isFlow)
            throw new UsageException("--bounds is for flows; in a density on manifolds the spaces say where the columns live.");
        var review = new DataReview(context, areChosen: request.Columns is not null || !isFlow, takesBounds: isFlow);
        return review.Check(RowSet.Load(context, table, columns, request.Context, request.Weights), supports);
    }

    private void FitFlow(RowSet rows, Support[]? supports, DensityFitOptions options)
    {
        var units = new RunUnits(request.SaysHowToTrain);
        var (model, result) = context.Poll("fit", units.Total, progress =>
        {
            var fitted = Fitted(rows.Table, options, () => (
                Density.Fit<float>(
                    new ReadOnlyTensorSpan<float>(rows.X, [rows.Count, rows.Columns.Count]),
                    out var done,
                    Matrix(rows.Context, rows.Count),
                    rows.Weights.Length == 0 ? default : new ReadOnlyTensorSpan<float>(rows.Weights),
                    Options(options, rows.Columns, supports, rows.Count, new TrainingReport(progress, units.Of)),
                    context.Cancellation), done));
            progress.Report(units.Total);
            return fitted;
        });
        using var owned = model;
        Say(result);
        Finish(model, rows.Columns, rows.Count, result.Training, result.ValidationLoss, supports);
    }

    private DensityFitOptions Options(DensityFitOptions options, IReadOnlyList<string> columns, Support[]? supports, long rows, TrainingReport progress) => options with
    {
        Supports = supports,
        Seed = request.Seed,
        ReadyMade = request.Flow.Name,
        FeatureNames = columns,
        ContextNames = request.Context,
        ValidationFraction = request.Validation,
        Training = request.SaysHowToTrain ? request.Training(FlowRate, rows, warn: null) : null,
        Device = device,
        Log = null,
        Progress = progress,
        Resume = request.Resume,
    };

    // More rows than memory takes: they are held in a file, and looked at by the library alone.
    private void FitStreamed(Table table, string[] columns, DensityFitOptions options)
    {
        var supports = SupportText.ReadAll(request.Bounds, columns);
        var wanted = new TableColumns([.. columns.Select(table.IndexOf)])
        {
            Context = [.. request.Context.Select(table.IndexOf)],
            Weight = request.Weights is { } weights ? table.IndexOf(weights) : null,
        };
        _reporter.Line($"{table.Name}: {table.RowCount} rows of {string.Join(", ", columns)} are more than are held in memory (--memory); they are trained on as a stream.");
        var (training, validation) = TableData<float>.LoadSplit(table, wanted, request.Validation, request.Seed, context.Cancellation);
        using (training)
        using (validation)
        {
            if (training.DroppedRows > 0)
                _reporter.Warning($"{training.DroppedRows} of {table.RowCount} rows are left out because a number is missing in them.");
            var units = new RunUnits(request.SaysHowToTrain);
            var (model, result) = context.Poll("fit", units.Total, progress =>
            {
                var fitted = Fitted(table.Name, options, () => (
                    Density.Fit(
                        training,
                        validation,
                        columns.Length,
                        request.Context.Length,
                        out var done,
                        Options(options, columns, supports, table.RowCount, new TrainingReport(progress, units.Of)),
                        context.Cancellation), done));
                progress.Report(units.Total);
                return fitted;
            });
            using var owned = model;
            foreach (var suggestion in result.Suggestions)
                _reporter.Warning($"{suggestion} On the command line --bounds says it.");
            Say(result);
            Finish(model, columns, training.Count + validation.Count, result.Training, result.ValidationLoss, supports);
        }
    }

    private void Say(DensityFitResult result)
    {
        foreach (var line in result.Applied)
            _reporter.Line(line);
        foreach (var warning in result.Warnings)
            _reporter.Warning(warning.Text);

        // What the training itself says of the features is about their charts; what it says of its end is of use where it can be changed.
        foreach (var warning in result.Training.Warnings)
        {
            if (warning.Kind == TrainingWarningKind.FewRows || (warning.Kind == TrainingWarningKind.StillImproving && request.SaysHowToTrain))
                _reporter.Warning(warning.Text);
        }
    }

    private Pdf<float> Definition(int columns, LocationScale? scale)
    {
        Pdf<float> pdf;
        try
        {
            pdf = new Pdf<float>(
                request.Flow.Manifolds!,
                request.Flow.Layers!,
                new PdfOptions { ConditionColumns = request.Context.Length > 0 ? [request.Context.Length] : [], ConditionScale = scale },
                device);
        }
        catch (ArgumentException problem)
        {
            throw new UsageException($"--flow: {ContentBoundary.Sentence(problem)}", problem);
        }

        if (pdf.Features == columns)
            return pdf;
        var coordinates = pdf.Features;
        pdf.Dispose();
        throw new UsageException($"--flow: the spaces {request.Flow.Manifolds} have {coordinates} coordinates, but {columns} columns are fitted; --columns names them in the order of the spaces.");
    }

    // Networks expect numbers of order one; the model takes the context as it is in the table.
    private LocationScale? ContextScale(RowSet rows)
    {
        if (rows.ContextColumns.Count == 0)
            return null;
        var survey = DataSurvey.Of<float>(rows.Context, rows.ContextColumns.Count, rows.Weights).Columns;
        for (var j = 0; j < survey.Count; j++)
            _reporter.Line(string.Create(CultureInfo.InvariantCulture, $"Context '{rows.ContextColumns[j]}': standardised by {survey[j].Mean:g5} and {ScaleOf(survey[j]):g5}."));
        return new LocationScale([.. survey.Select(column => column.Mean)], [.. survey.Select(ScaleOf)]);
    }

    // The roundings of a constant are no scale.
    private static double ScaleOf(ColumnSurvey column) => column.IsConstant || !(column.Deviation > 0) ? 1 : column.Deviation;

    private void FitDefinition(RowSet rows, DensityFitOptions options)
    {
        using var pdf = Definition(rows.Columns.Count, ContextScale(rows));
        var units = new RunUnits(isSingle: true);
        var trained = context.Poll("fit", units.Total, progress =>
        {
            var fitted = Fitted(rows.Table, options, () => Train(pdf, rows, new TrainingReport(progress, units.Of), options.CheckpointFiles[0]));
            progress.Report(units.Total);
            return fitted;
        });
        _reporter.Line(string.Create(CultureInfo.InvariantCulture, $"Density on {request.Flow.Manifolds} of layers {request.Flow.Layers}, {pdf.Parameters.Count} parameters; the columns are its coordinates as they are."));
        Finish(pdf, rows.Columns, rows.Count, trained, trained.BestValidationLoss, supports: null);
    }

    private TrainingResult Train(Pdf<float> pdf, RowSet rows, TrainingReport progress, string checkpoint)
    {
        var x = new ReadOnlyTensorSpan<float>(rows.X, [rows.Count, rows.Columns.Count]);
        pdf.Start(x);
        var training = request.Training(DefinitionRate, rows.Count, warning => _reporter.Warning(warning.Text)) with
        {
            CheckpointPath = checkpoint,
            Resume = request.Resume,
            Fingerprint = ContentHash.Compute(new TensorArchive(
            [
                TensorData.Create<float>("x", [rows.X.Length], rows.X),
                TensorData.Create<float>("context", [rows.Context.Length], rows.Context),
                TensorData.Create<float>("weights", [rows.Weights.Length], rows.Weights),
            ])),
        };
        return pdf.Fit(x, Matrix(rows.Context, rows.Count), default, rows.Weights.Length == 0 ? default : new ReadOnlyTensorSpan<float>(rows.Weights), training, progress, context.Cancellation);
    }

    private void Finish(DensityModel<float> model, IReadOnlyList<string> columns, long rows, TrainingResult trained, double loss, Support[]? supports)
    {
        if (trained.Outcome == TrainingOutcome.Cancelled)
            throw RunFiles.Stopped($"Stopped; the state is kept beside {request.Output}, and the same command with --resume{(request.Force ? " in place of --force" : "")} goes on from there.");
        if (model.Parameters.Length > ManyParameters * rows && trained.Warnings.All(warning => warning.Kind != TrainingWarningKind.FewRows))
            _reporter.Warning($"The model has {model.Parameters.Length} parameters for {rows} rows; a smaller flow (--flow maf, --flow affine) may be as good, and diagnose tells.");
        var card = new ModelCard(columns, request.Context)
        {
            Weights = request.Weights,
            Flags = _settings.Values,
            Notes =
            [
                (ModelCard.DataKey, Path.GetFileName(request.Data)),
                ("rows", rows),
                .. supports is null ? [] : new[] { ("bounds", (object)supports.Select(SupportText.Of).ToArray()) },
                ("flow", request.Flow.Text),
                ("seed", request.Seed),
                ("epochs", trained.Epochs),
                ("validation", request.Validation),
                ("validation_loss", Math.Round(loss, 6)),
            ],
        };
        model.Save(request.Output, card.ToJson());
        _reporter.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {request.Output}: {model.Parameters.Count:N0} parameters, mean -ln p = {loss:F4} on the {request.Validation:0.#%} of the rows that were held out, seed {request.Seed}."));
    }

    // What the library says of the rows gets the name of the table, what it says of a checkpoint that of the model.
    private TResult Fitted<TResult>(string table, DensityFitOptions options, Func<TResult> fit)
    {
        if (!request.Resume)
        {
            foreach (var file in options.CheckpointFiles)
                File.Delete(file);
        }

        _settings.Keep(request.Output);
        try
        {
            return fit();
        }
        catch (ArgumentException problem)
        {
            throw new IOException($"{table}: {ContentBoundary.Sentence(problem)}", problem);
        }
        catch (ModelFormatException problem) when (problem.File is { } file && options.CheckpointFiles.Contains(file))
        {
            throw new IOException($"{request.Output}: the state of the interrupted fit does not go with {table} as it is read now, or is damaged, so --resume cannot go on; --force starts anew.", problem);
        }
    }

    private static ReadOnlyTensorSpan<float> Matrix(float[] numbers, int rows) =>
        numbers.Length == 0 ? default : new ReadOnlyTensorSpan<float>(numbers, [rows, numbers.Length / rows]);
}
