using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <content>Fits to rows that do not fit the memory.</content>
public static partial class Density
{
    // Of the fit's seed, beside those of noise and training.
    private const ulong SampleSubstream = 3UL << 33;

    /// <summary>Fits a density to rows that a source hands out batch by batch: they need not fit the memory.</summary>
    /// <remarks>
    /// <para>
    /// One pass over the training rows checks them and draws a sample of at most 131072 of them, each row with the same chance. Charts, suggestions and
    /// warnings are read off the sample, the farthest values and the scale of the context off all rows. Then the flow with the chart in front is trained on the batches, as
    /// in memory; whole numbers are spread anew in every batch.
    /// </para>
    /// <para>The same seed and rows give the same bits for any number of threads. Rows as they lie are asked for as a validation's are.</para>
    /// </remarks>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="training">The rows to train on: a finite number, at least 10 of a weight above 0.</param>
    /// <param name="validation">Rows that are held out, a finite number; a tenth of all is a good share.</param>
    /// <param name="features">The features of a row.</param>
    /// <param name="contextFeatures">The context features of a row; 0 for a density without context.</param>
    /// <param name="result">What was done.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between two steps; the model then has the best weights that there are, and the result says so.</param>
    /// <returns>The density.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a number is not finite or outside its support, a feature is constant, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static Flow<T> Fit<T>(
        ITrainingData<T> training,
        ITrainingData<T> validation,
        int features,
        int contextFeatures,
        out DensityFitResult result,
        DensityFitOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        options ??= new DensityFitOptions();
        training.CheckShape(features, contextFeatures, 0);
        validation.CheckShape(features, contextFeatures, 0);
        Check(options, features, contextFeatures);
        if (options.Supports is { } listed && listed.Count != features)
            throw new ArgumentException($"Expected the supports of {features} features, got {listed.Count}.", nameof(options));
        var supports = options.Supports ?? [.. Enumerable.Repeat(Support.Real, features)];
        if (training.Rows is not > 0)
            throw new ArgumentException($"Expected a finite number of rows to train on, at least one, got {training.Rows?.ToString(CultureInfo.InvariantCulture) ?? "an endless source"}.", nameof(training));
        if (validation.Rows is not > 0)
            throw new ArgumentException($"Expected a finite number of rows to validate on, at least one, got {validation.Rows?.ToString(CultureInfo.InvariantCulture) ?? "an endless source"}.", nameof(validation));

        var report = new FitReport(options.Log, options.FeatureNames, options.ContextNames);
        var (charts, conditions, counting, fingerprint, mixture) = Design(training, validation, features, contextFeatures, supports, options, report, cancellationToken);
        var chart = new SupportChart<T>(charts);
        using var islands = mixture;
        ForgetCheckpoints(options);
        using var core = Core<T>(features, contextFeatures, counting, options, report);
        var flow = Flow.Assemble(chart, conditions, core);
        try
        {
            var (rows, held) = (InsideData<T>.Of(training, supports), InsideData<T>.Of(validation, supports));
            if (options.Training is { } given)
            {
                var own = flow.Fit(rows, WithCheckpoints(given, options, fingerprint) with { Warn = null }, held, objective: null, options.Progress, cancellationToken);
                result = report.Result(own, charts) with { ValidationLoss = own.BestValidationLoss };
                return flow;
            }

            var cycles = new FitCycles<T>(flow, rows, held, options, fingerprint, report) { Challenger = islands };
            var trained = cycles.Run(options.Progress, cancellationToken);
            var behind = Behind(cycles, report);
            result = report.Result(trained, charts) with { ValidationLoss = trained.BestValidationLoss };
            if (cycles.Chosen == flow)
                return flow;
            flow.Dispose();
            return cycles.IsAsItCame ? Flow.Assemble(chart, null, islands!, behind) : islands!.ConvertTo<T>();
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    // What is read off the rows. The sample ends with it: the training needs the memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (FeatureChart[] Charts, LocationScale? Conditions, long Counting, string Fingerprint, Flow<T>? Islands) Design<T>(
        ITrainingData<T> training,
        ITrainingData<T> validation,
        int features,
        int contextFeatures,
        IReadOnlyList<Support> supports,
        DensityFitOptions options,
        FitReport report,
        CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var read = new StreamedRows<T>(features, contextFeatures, supports, LargestInteger<T>(), new RandomStream(options.Seed).Substream(SampleSubstream));
        read.Check(validation, nameof(validation), cancellationToken);
        read.Read(training, nameof(training), cancellationToken);
        if (read.Counting < FewestRows)
            throw new ArgumentException($"Expected at least {FewestRows} samples of a weight above 0 to fit a density to, got {read.Counting}.", nameof(training));

        if (read.SampleCount < read.Counting)
            report.Apply(string.Create(CultureInfo.InvariantCulture, $"Charts: read off a sample of {read.SampleCount} of {read.Counting} rows, drawn with seed {options.Seed}."));
        var (sample, weights) = read.Sample();
        var survey = DataSurvey.Of<T>(sample, features, weights);
        var charts = DesignCharts(sample, Array.ConvertAll(weights, double.CreateTruncating), survey, options, report, nameof(training));
        var chart = new SupportChart<T>(charts);
        var conditions = read.Conditions();
        if (conditions is not null)
            report.Apply(conditions);

        var farthest = read.Farthest(out var numbers);
        var reached = new T[farthest.Length];
        using (var front = new Flow<T>(new StandardNormal<T>(features), chart) { AllowNonFinite = true })
            front.ToNoise(farthest, reached, []);
        CheckReach(farthest, reached, features, [], numbers, report, nameof(training));

        // The sample stands for the rows: to hash all would be one more pass.
        var fingerprint = options.CheckpointPath is null ? "" : ContentHash.Compute(
            new TensorArchive([TensorData.Create<T>("sample", [sample.Length], sample), TensorData.Create<T>("weights", [weights.Length], weights)]));
        var islands = Islands(chart, sample, weights, contextFeatures, read.Counting, options, cancellationToken);
        return (charts, conditions, read.Counting, fingerprint, islands);
    }
}
