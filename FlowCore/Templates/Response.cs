using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Diagnostics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Fitting;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Templates;

/// <summary>
/// A density that follows nuisance parameters from templates in one call that needs no tuning: <c>using var model = Response.Fit(nominal, templates)</c>.
/// </summary>
/// <remarks>
/// <para>
/// The density at ν = 0 is a flow that is given, or fitted to the nominal events by <see cref="Density"/>, and frozen. In front of it a <see cref="PolynomialResidual{T}"/> of the second
/// degree in ν is trained on the templates by maximum likelihood (Valsecchi et al., 2026). Which terms it has follows from the points that the templates are at: what they do
/// not determine is left out, and said. At ν = 0 the model is the base, to the bit.
/// </para>
/// <para>
/// It is a response of shapes: how many events a template has is not learned. A residual shifts and scales each feature as a smooth function of the others, so one feature alone can be
/// shifted and scaled only. The same seed and data give the same bits for any number of threads.
/// </para>
/// </remarks>
public static class Response
{
    private const int FewestRows = 200;
    private const double NoticedYield = 0.01;
    private const double NoticedRest = 0.1;

    // A stream of the fit's seed beside those of the density's fit and of the training.
    private const ulong TemplateSubstream = 1UL << 35;

    /// <summary>Fits the density of the nominal events and its response to the nuisances.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="nominal">The events at ν = 0.</param>
    /// <param name="templates">The events at other ν, each ν once, with the same features and context; at least 200 rows of a weight above 0 each.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between two steps.</param>
    /// <returns>The model, which owns its base.</returns>
    /// <exception cref="ArgumentException">Templates do not fit together, do not determine the response, or hold numbers that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">A loss became NaN or infinite.</exception>
    public static FactorizableFlow<T> Fit<T>(
        Template<T> nominal, IReadOnlyList<Template<T>> templates, ResponseFitOptions? options = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(nominal, templates, out _, options, cancellationToken);

    /// <summary>Fits the density of the nominal events and its response to the nuisances, and says what was done and how far it closes.</summary>
    /// <inheritdoc cref="Fit{T}(Template{T}, IReadOnlyList{Template{T}}, ResponseFitOptions, CancellationToken)"/>
    /// <param name="nominal">The events at ν = 0.</param>
    /// <param name="templates">The events at other ν.</param>
    /// <param name="result">What was done, and the closure of every template.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between two steps.</param>
    public static FactorizableFlow<T> Fit<T>(
        Template<T> nominal, IReadOnlyList<Template<T>> templates, out ResponseFitResult result, ResponseFitOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(nominal);
        options ??= new ResponseFitOptions();

        // What is wrong with a template is found before the density is fitted.
        Checked(nominal.Features, nominal.ContextFeatures, templates, nominal, options);
        var report = ReportOf(options);
        report.Say("The density of the nominal events:");
        var density = options.BaseCheckpoints with { Log = options.Log, Progress = options.Progress };
        Flow<T> baseModel;
        DensityFitResult fitted;
        try
        {
            baseModel = Density.Fit(
                Rows(nominal.Samples, nominal.Features), out fitted, Rows(nominal.Context, nominal.ContextFeatures), Rows(nominal.Weights, 1), density, cancellationToken);
        }
        catch (ArgumentException error)
        {
            throw Template<T>.Named(nominal.Name, error);
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Fit(baseModel, templates, nominal, fitted, true, report, out result, options, cancellationToken);
        }
        catch
        {
            baseModel.Dispose();
            throw;
        }
    }

    /// <summary>Fits the response of a density to the nuisances, and says what was done and how far it closes.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="baseModel">The density at ν = 0. It is read, never changed.</param>
    /// <param name="templates">The events at other ν, each ν once, with the base's features and context; at least 200 rows of a weight above 0 each.</param>
    /// <param name="result">What was done, and the closure of every template.</param>
    /// <param name="nominal">The events at ν = 0, for the closure of the base and the yields; null for none.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between two steps.</param>
    /// <returns>The model; the base stays the caller's.</returns>
    /// <exception cref="ArgumentException">Templates and base do not fit together, do not determine the response, or hold numbers that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static FactorizableFlow<T> Fit<T>(
        Flow<T> baseModel, IReadOnlyList<Template<T>> templates, out ResponseFitResult result, Template<T>? nominal = null, ResponseFitOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        options ??= new ResponseFitOptions();
        return Fit(baseModel, templates, nominal, null, false, ReportOf(options), out result, options, cancellationToken);
    }

    /// <summary>Checks that templates fit together and determine a response, as every fit does before it begins.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="features">The features of the density at ν = 0.</param>
    /// <param name="contextFeatures">The columns of its context.</param>
    /// <param name="templates">The templates.</param>
    /// <param name="nominal">The nominal events; null for none.</param>
    /// <param name="options">The options of the fit; null for the defaults.</param>
    /// <exception cref="ArgumentException">They do not; the message says which and why.</exception>
    public static void Check<T>(int features, int contextFeatures, IReadOnlyList<Template<T>> templates, Template<T>? nominal = null, ResponseFitOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Checked(features, contextFeatures, templates, nominal, options ?? new ResponseFitOptions());

    private static FactorizableFlow<T> Fit<T>(
        Flow<T> baseModel, IReadOnlyList<Template<T>> templates, Template<T>? nominal, DensityFitResult? fitted, bool ownsBase, FitReport report,
        out ResponseFitResult result, ResponseFitOptions options, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var terms = Checked(baseModel.Features, baseModel.ContextFeatures, templates, nominal, options);
        report.Say("The response to the nuisances:");
        foreach (var remark in terms.Remarks)
            report.Apply(remark);
        var streams = new RandomStream(options.Seed).Substream(TemplateSubstream);
        var chart = FactorizableFlows.TakeChartOut(baseModel)?.Chart;
        var prepared = new PreparedTemplate<T>[templates.Count];
        SayYields(templates, nominal, report);
        for (var t = 0; t < prepared.Length; t++)
            prepared[t] = PreparedTemplate<T>.Of(templates[t], chart, options.ClosureFraction, options.ValidationFraction, streams.Substream((ulong)t), report);

        var residual = new ResponseTraining<T>(baseModel, prepared, terms, options, report).Run(out var training, cancellationToken);
        var model = new FactorizableFlow<T>(baseModel, residual, ownsBase, chart is not null);
        try
        {
            var closure = new ResponseClosure<T>(model, chart, nominal, options.ClosureRows, options.Seed);
            TemplateClosure? ofNominal = null;
            if (nominal is not null)
            {
                var own = streams.Substream((ulong)templates.Count);
                ofNominal = closure.Of(PreparedTemplate<T>.Of(nominal, chart, options.ClosureFraction, options.ValidationFraction, own, report), own.Substream(2));
                Judge(ofNominal, report);
            }

            var closures = new TemplateClosure[prepared.Length];
            for (var t = 0; t < closures.Length; t++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                closures[t] = closure.Of(prepared[t], streams.Substream((ulong)t).Substream(2));
                Judge(closures[t], report);
            }

            string[] warnings = [.. training.Warnings.Concat(report.Warnings).Select(warning => warning.Text)];
            result = new ResponseFitResult(terms.Names, terms.Terms, fitted, training, ofNominal, closures, report.Applied, warnings);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static FitReport ReportOf(ResponseFitOptions options) => new(options.Log, options.Base?.FeatureNames, options.Base?.ContextNames);

    private static ReadOnlyTensorSpan<T> Rows<T>(ReadOnlyMemory<T> numbers, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => numbers.IsEmpty ? default : new ReadOnlyTensorSpan<T>(numbers.Span, [numbers.Length / columns, columns]);

    // Templates of one simulation have yields of their own; several are said at once.
    private static void SayYields<T>(IReadOnlyList<Template<T>> templates, Template<T>? nominal, FitReport report)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (nominal is null)
            return;
        var least = templates.MinBy(template => template.SumOfWeights)!;
        var most = templates.MaxBy(template => template.SumOfWeights)!;
        var (low, high) = (least.SumOfWeights / nominal.SumOfWeights, most.SumOfWeights / nominal.SumOfWeights);
        if (Math.Max(Math.Abs(low - 1), Math.Abs(high - 1)) > NoticedYield)
        {
            report.Apply(string.Create(
                CultureInfo.InvariantCulture,
                $"Yields: from {low:g4} ('{least.Name}') to {high:g4} ('{most.Name}') times that of the nominal events. The response is one of shapes: how many events there are is to be multiplied apart."));
        }
    }

    private static void Judge(TemplateClosure closure, FitReport report)
    {
        report.Say(closure.ToString());
        var isNominal = closure.Nuisances.All(value => value == 0);
        if (isNominal && closure.Model.PValue <= NoticedRest / 10)
        {
            report.Warn(TrainingWarningKind.NoResponse, string.Create(
                CultureInfo.InvariantCulture,
                $"The base can be told from the nominal events (energy distance {closure.Model.Statistic:g3}, p = {closure.Model.PValue:g2}): the response will try to mend it at every ν."));
        }
        else if (!isNominal && closure.FromNominal.PValue > NoticedRest && closure.Gain < 2 * closure.GainError)
        {
            report.Warn(TrainingWarningKind.NoResponse, $"Template '{closure.Name}' cannot be told from nominal by its {closure.Compared} unseen rows: there is nothing to see of a response, or there are too few rows.");
        }
        else if (!isNominal && closure.Model.PValue <= NoticedRest / 10 && closure.Left > NoticedRest)
        {
            report.Warn(TrainingWarningKind.NoResponse, string.Create(
                CultureInfo.InvariantCulture,
                $"Template '{closure.Name}' does not close: {closure.Left:p0} of its distance from nominal is left (p = {closure.Model.PValue:g2}). Its effect is more than a smooth shift and scale of second order in ν, or has too few rows."));
        }

        foreach (var column in isNominal ? Array.Empty<ColumnTest>() : closure.Departures)
        {
            report.Warn(TrainingWarningKind.NoResponse, string.Create(
                CultureInfo.InvariantCulture,
                $"Template '{closure.Name}': {report.NameOf(column.Column)} departs from the model, up to {column.Distance:p1} of the events lie on the wrong side (Kolmogorov-Smirnov, p = {column.CorrectedP:g2})."));
        }
    }

    private static ResponseTerms Checked<T>(int features, int contextFeatures, IReadOnlyList<Template<T>> templates, Template<T>? nominal, ResponseFitOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Check();
        ArgumentNullException.ThrowIfNull(templates);
        if (templates.Count == 0)
            throw new ArgumentException("Expected at least one template, got none.", nameof(templates));
        var nuisances = templates[0].Nuisances.Count;
        if (nuisances == 0)
            throw new ArgumentException($"Expected the nuisances of template '{templates[0].Name}', got none.", nameof(templates));
        string[] names = options.NuisanceNames is { } given ? [.. given] : [.. Enumerable.Range(0, nuisances).Select(k => $"ν{k}")];
        if (names.Length != nuisances)
            throw new ArgumentException($"Expected names of the {nuisances} nuisances of template '{templates[0].Name}', got {names.Length}.", nameof(options));
        if (names.Distinct().Count() != names.Length || Array.Exists(names, string.IsNullOrWhiteSpace))
            throw new ArgumentException($"Expected different names of the nuisances, got {string.Join(", ", names)}.", nameof(options));
        if (nominal is { IsNominal: false })
            throw new ArgumentException($"Expected nominal events at ν = 0, got '{nominal.Name}' at {nominal.Point}.", nameof(nominal));
        if (nominal is not null)
            CheckColumns(nominal, features, contextFeatures, nameof(nominal));
        for (var t = 0; t < templates.Count; t++)
        {
            var template = templates[t];
            if (template.Nuisances.Count != nuisances)
                throw new ArgumentException($"Expected {nuisances} nuisances like those of template '{templates[0].Name}', got {template.Nuisances.Count} in '{template.Name}'.", nameof(templates));
            if (template.IsNominal)
                throw new ArgumentException($"Expected templates away from ν = 0, got '{template.Name}' there: these events are nominal.", nameof(templates));
            for (var other = 0; other < t; other++)
            {
                if (templates[other].Nuisances.SequenceEqual(template.Nuisances))
                    throw new ArgumentException($"Expected each ν once, got {template.Point} of both '{templates[other].Name}' and '{template.Name}': put their rows together.", nameof(templates));
            }

            CheckColumns(template, features, contextFeatures, nameof(templates));
        }

        var terms = ResponseTerms.Of([.. templates.Select(template => template.Nuisances.ToArray())], names, options.Order, options.CrossTerms);
        if (options.Base?.Supports is { } supports && supports.Count == features)
        {
            foreach (var template in templates)
                CheckSupports(template, supports, options);
        }

        return terms;
    }

    // What the base that is to be fitted cannot hold is found before it is fitted.
    private static void CheckSupports<T>(Template<T> template, IReadOnlyList<Support> supports, ResponseFitOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x = PreparedTemplate<T>.WithWeight(template.Samples, template.Features, template);
        for (var j = 0; j < supports.Count; j++)
        {
            if (supports[j].Kind != SupportKind.Real)
                PreparedTemplate<T>.BringInside(x, template, j, supports[j], new RandomStream(options.Seed), ReportOf(options with { Log = null }));
        }
    }

    private static void CheckColumns<T>(Template<T> template, int features, int contextFeatures, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (template.Features != features)
            throw new ArgumentException($"Expected {features} features in '{template.Name}', as at ν = 0, got {template.Features}.", name);
        if (template.ContextFeatures != contextFeatures)
            throw new ArgumentException($"Expected {contextFeatures} context columns in '{template.Name}', as at ν = 0, got {template.ContextFeatures}.", name);
        if (template.CountingRows < FewestRows)
            throw new ArgumentException($"Expected at least {FewestRows} rows of a weight above 0 in '{template.Name}', got {template.CountingRows}.", name);
    }
}
