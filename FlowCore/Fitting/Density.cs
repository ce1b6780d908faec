using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Numerics;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <summary>A density from samples in one call that needs no tuning: <c>using var model = Density.Fit&lt;float&gt;(samples)</c>.</summary>
public static partial class Density
{
    // Streams of the fit's seed beside those of the training, which take the first few.
    private const ulong NoiseSubstream = 1UL << 33;
    private const int FewestRows = 10;

    /// <summary>Fits a density to samples.</summary>
    /// <remarks>
    /// <para>
    /// Every feature is brought to order one by a fixed <see cref="SupportChart{T}"/>, which follows its support and takes heavy tails
    /// in; the context is standardised; behind it the flow of <see cref="Flow.Recommended"/> is trained by maximum likelihood with a tenth of the rows held out for
    /// validation, and ends with the weights of the best epoch. What was applied is said, in <see cref="DensityFitOptions.Log"/> and in the result.
    /// </para>
    /// <para>
    /// Without a context, from two features on, a mixture of normal distributions competes with the flow: its components come of expectation maximisation, their number of the likelihood. Where it
    /// is likelier on the rows that were held out, it becomes the base (<see cref="NormalMixture{T}"/>), with the flow's transforms before it if they make these rows likelier still. Data in islands is what it is
    /// for: a continuous map of one normal distribution leaves bridges between them.
    /// </para>
    /// <para>The same seed and data give the same bits for any number of threads. Model files hold all of it: <c>model.Save</c>, <c>Flow&lt;T&gt;.Load</c>.</para>
    /// </remarks>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="samples">[rows, features], or [rows] for one feature; finite and within the supports, at least 10 rows.</param>
    /// <param name="context">[rows, C]; left out for a density without context.</param>
    /// <param name="weights">[rows], at least 0; empty for ones.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between two steps; the model then has the best weights that there are, and the result says so.</param>
    /// <returns>The density.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a number is not finite or outside its support, a feature is constant, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static Flow<T> Fit<T>(
        in ReadOnlyTensorSpan<T> samples,
        in ReadOnlyTensorSpan<T> context = default,
        in ReadOnlyTensorSpan<T> weights = default,
        DensityFitOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Fit(samples, out _, context, weights, options, cancellationToken);

    /// <summary>Fits a density to samples and says what was done.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <param name="samples">[rows, features], or [rows] for one feature; finite and within the supports, at least 10 rows.</param>
    /// <param name="result">What was done.</param>
    /// <param name="context">[rows, C]; left out for a density without context.</param>
    /// <param name="weights">[rows], at least 0; empty for ones.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels between two steps; the model then has the best weights that there are, and the result says so.</param>
    /// <returns>The density.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a number is not finite or outside its support, a feature is constant, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static Flow<T> Fit<T>(
        in ReadOnlyTensorSpan<T> samples,
        out DensityFitResult result,
        in ReadOnlyTensorSpan<T> context = default,
        in ReadOnlyTensorSpan<T> weights = default,
        DensityFitOptions? options = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= new DensityFitOptions();
        var x = Numbers(samples, nameof(samples), out var features);
        var c = Numbers(context, nameof(context), out var contextFeatures);
        var w = Numbers(weights, nameof(weights), out var weightColumns);
        if (x.Length == 0)
            throw new ArgumentException("Expected samples, got none.", nameof(samples));
        if (weightColumns > 1)
            throw new ArgumentException($"Expected one weight for each row, got {weightColumns} columns.", nameof(weights));

        // The data's own checks: whole rows, finite numbers, weights of at least 0.
        var given = new ArrayData<T>(x, features, c, contextFeatures, weights: w);
        var counting = Counting(given, w);
        if (counting < FewestRows)
            throw new ArgumentException($"Expected at least {FewestRows} samples of a weight above 0 to fit a density to, got {counting}.", nameof(samples));
        if (options.Supports is { } listed && listed.Count != features)
            throw new ArgumentException($"Expected the supports of {features} features, got {listed.Count}.", nameof(options));

        Check(options, features, contextFeatures);
        var report = new FitReport(options.Log, options.FeatureNames, options.ContextNames);
        var rowWeights = Array.ConvertAll(w, double.CreateTruncating);
        var charts = DesignCharts(x, rowWeights, given.Survey(), options, report, nameof(samples));
        var chart = new SupportChart<T>(charts);
        LocationScale? conditions = null;
        if (contextFeatures > 0)
        {
            conditions = StandardizeRows(c, contextFeatures, rowWeights);
            report.Apply(conditions);
        }

        var z = new T[x.Length];
        var logDets = new T[given.Count];
        using (var front = new Flow<T>(new StandardNormal<T>(features), chart) { AllowNonFinite = true })
            front.ToNoise(x, z, logDets);
        CheckReach(x, z, features, w, numbers: null, report, nameof(samples));

        // A row without weight says nothing, and a validation of such rows alone would have no loss.
        z = WithWeight(z, features, w);
        c = WithWeight(c, contextFeatures, w);
        logDets = WithWeight(logDets, 1, w);
        w = WithWeight(w, 1, w);
        using var core = Core<T>(features, contextFeatures, given.Count, options, report);
        var data = new ArrayData<T>(z, features, c, contextFeatures, weights: w);
        var fingerprint = options.CheckpointPath is null ? "" : ContentHash.Compute(
            new TensorArchive([TensorData.Create<T>("x", [z.Length], z), TensorData.Create<T>("context", [c.Length], c), TensorData.Create<T>("weights", [w.Length], w)]));
        ForgetCheckpoints(options);
        Flow<T> model;
        TrainingResult trained;
        if (options.Training is { } training)
        {
            training = WithCheckpoints(training, options, fingerprint);
            trained = core.Fit(data, training, options.Progress, cancellationToken);
            model = Flow.Assemble(chart, conditions, core);
        }
        else
        {
            var (rows, held) = data.Split(options.ValidationFraction, options.Seed);
            using var islands = Islands(rows, held, given.Count, options, cancellationToken);
            var cycles = new FitCycles<T>(core, rows, held, options, fingerprint, report) { Challenger = islands };
            trained = cycles.Run(options.Progress, cancellationToken);
            model = Flow.Assemble(chart, conditions, (Flow<T>)cycles.Chosen, Behind(cycles, report));
        }

        var (share, seed) = options.Training is { } own ? (own.ValidationFraction, own.Seed) : (options.ValidationFraction, options.Seed);
        result = report.Result(trained, charts) with
        {
            ValidationLoss = share > 0 ? trained.BestValidationLoss - MeanOf(logDets, w, data.Split(share, seed).Validation.RowNumbers) : double.NaN,
        };
        return model;
    }

    /// <summary>P(n), the probability of a whole number, of a density of one feature that was fitted with <see cref="Support.Integers"/>.</summary>
    /// <remarks>
    /// The model's density is that of n + u with u in [0, 1), and P(n) its integral from n to n + 1. The map of one feature to normal noise is
    /// increasing, so the integral is Φ(z(n + 1)) − Φ(z(n)), without quadrature. With further features P(n, y) is the mean of
    /// exp(ln p) at (n + u, y) over u in [0, 1).
    /// </remarks>
    /// <typeparam name="T">The number type of the model.</typeparam>
    /// <param name="model">A flow of one feature whose base is the standard normal distribution.</param>
    /// <param name="number">n.</param>
    /// <param name="context">[C], the row of context; empty without context.</param>
    /// <returns>The probability, in [0, 1].</returns>
    /// <exception cref="ArgumentException">The model has several features or another base, or the context another length.</exception>
    public static double ProbabilityOfInteger<T>(Flow<T> model, long number, ReadOnlySpan<T> context = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Features != 1 || model.NoiseFeatures != 1 || model.Base is not StandardNormal<T>)
            throw new ArgumentException($"Expected a flow of one feature from standard normal noise, got {model.Features} from {model.Base.GetType().Name}.", nameof(model));
        if (context.Length != model.ContextFeatures)
            throw new ArgumentException($"Expected a row of {model.ContextFeatures} context features, got {context.Length}.", nameof(context));
        Span<T> ends = [T.CreateTruncating(number), T.CreateTruncating(number + 1.0)];
        model.ToNoise(ends, new Conditions<T>(context, default), ends, []);
        var (lower, upper) = (double.CreateTruncating(ends[0]), double.CreateTruncating(ends[1]));

        // The smaller of the two tails keeps its digits.
        return lower > 0
            ? NormalDistribution.Survival(lower) - NormalDistribution.Survival(upper)
            : NormalDistribution.Cdf(upper) - NormalDistribution.Cdf(lower);
    }

    private static void Check(DensityFitOptions options, int features, int contextFeatures)
    {
        if (!(options.ValidationFraction is > 0 and < 1))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected a share of validation rows above 0 and below 1, got {options.ValidationFraction}."), nameof(options));
        if (options is { Flow: not null, ReadyMade: not null })
            throw new ArgumentException("Expected the settings of a flow or the name of another, got both.", nameof(options));
        if (options.FeatureNames is { } names && names.Count != features)
            throw new ArgumentException($"Expected the names of {features} features, got {names.Count}.", nameof(options));
        if (options.ContextNames is { } others && others.Count != contextFeatures)
            throw new ArgumentException($"Expected the names of {contextFeatures} context features, got {others.Count}.", nameof(options));
    }

    // A fresh flow behind the chart: what the caller wants, or what we would take.
    private static Flow<T> Core<T>(int features, int contextFeatures, long rows, DensityFitOptions options, FitReport report)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.ReadyMade is { } name)
        {
            var named = Named<T>(name, features, contextFeatures, options);
            report.Apply(string.Create(CultureInfo.InvariantCulture, $"Flow: {name} with its defaults, {named.Parameters.Count} parameters."));
            return named;
        }

        var settings = (options.Flow ?? Flow.SettingsFor(features, rows, contextFeatures) with { Seed = options.Seed }) with
        {
            Features = features,
            ContextFeatures = contextFeatures,
        };
        var core = NeuralSplineFlow.Create<T>(settings, options.Device);
        report.Apply(settings, core.Parameters.Count);
        return core;
    }

    // What another fit has left is not to be taken for a run of this one.
    private static void ForgetCheckpoints(DensityFitOptions options)
    {
        if (options.Resume)
            return;
        foreach (var file in options.CheckpointFiles)
            File.Delete(file);
    }

    private static TrainingOptions WithCheckpoints(TrainingOptions training, DensityFitOptions options, string fingerprint) => options.CheckpointPath is null
        ? training
        : training with { CheckpointPath = options.CheckpointFiles[0], Resume = options.Resume, Fingerprint = fingerprint };

    private static Flow<T> Named<T>(string name, int features, int contextFeatures, DensityFitOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The chart makes an angle a real number, too.
        var known = ReadyMadeFlows.All<T>().Where(flow => !flow.IsOfAngles).ToList();
        var chosen = known.Find(flow => flow.Name == name)
            ?? throw new ArgumentException($"Expected one of the flows {string.Join(", ", known.Select(flow => flow.Name))}, got '{name}'.", nameof(options));
        if (contextFeatures > 0 && !chosen.TakesContext)
            throw new ArgumentException($"Expected a flow that takes context, got '{name}', which takes none.", nameof(options));
        return chosen.Create(features, contextFeatures, options.Seed, options.Device);
    }

    private static double MeanOf<T>(T[] values, T[] weights, ReadOnlySpan<int> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (sum, total) = (0.0, 0.0);
        foreach (var row in rows)
        {
            var weight = weights.Length == 0 ? 1 : double.CreateTruncating(weights[row]);
            sum += weight * double.CreateTruncating(values[row]);
            total += weight;
        }

        return sum / total;
    }

    private static int Counting<T>(ArrayData<T> data, T[] weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (weights.Length == 0)
            return data.Count;
        var count = 0;
        foreach (var weight in weights)
            count += weight > T.Zero ? 1 : 0;
        return count;
    }

    // Only the rows that have a weight, moved together in place; one row of context for all is no such row.
    private static T[] WithWeight<T>(T[] rows, int columns, T[] weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (columns == 0 || weights.Length == 0 || rows.Length != columns * weights.Length)
            return rows;
        var count = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] > T.Zero)
                rows.AsSpan(i * columns, columns).CopyTo(rows.AsSpan(columns * count++));
        }

        return count == weights.Length ? rows : rows[..(columns * count)];
    }

    private static T[] Numbers<T>(in ReadOnlyTensorSpan<T> tensor, string name, out int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        columns = 0;
        if (tensor.FlattenedLength == 0)
            return [];
        if (tensor.Rank is not (1 or 2))
            throw new ArgumentException($"Expected a tensor of rows and columns, got one of rank {tensor.Rank}.", name);
        columns = tensor.Rank == 1 ? 1 : checked((int)tensor.Lengths[1]);
        var numbers = new T[checked((int)tensor.FlattenedLength)];
        tensor.FlattenTo(numbers);
        return numbers;
    }

    private static LocationScale StandardizeRows<T>(T[] rows, int columns, double[] weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var location = new double[columns];
        var scale = new double[columns];
        var values = new double[rows.Length / columns];
        var constant = DataMoments.Constants<T>(rows, columns);
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = double.CreateTruncating(rows[(i * columns) + j]);
            scale[j] = ChartDesign.Deviation(values, values.Length == weights.Length ? weights : [], out location[j]);

            // The roundings of a constant are no scale, nor is that of the only row with a weight.
            if (constant[j] || !(scale[j] > 0))
                scale[j] = 1;
            for (var i = 0; i < values.Length; i++)
                rows[(i * columns) + j] = T.CreateTruncating((values[i] - location[j]) / scale[j]);
        }

        return new LocationScale(location, scale);
    }
}
