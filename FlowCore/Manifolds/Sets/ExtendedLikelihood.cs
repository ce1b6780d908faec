using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Inference;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>The extended likelihood of sets of events: of a set of n events under a condition c, ln L = Σ_i [ln λ(c) + ln p(x_i | c)] − λ(c). Number and shape are trained together.</summary>
/// <remarks>
/// <para>
/// Barlow 1990, "Extended maximum likelihood", equation 4, without ln n!. A set may be empty: it says that λ is small. With weights, one for each event, a set has ln L = Σ_i w_i [ln λ + ln p(x_i)] − λ, so λ
/// is the sum of the weights that is expected.
/// </para>
/// <para>
/// A row of the training is one event, with its share 1/n of its set's λ, and an empty set is a row of λ alone. So sets of any size fill blocks without gaps, one set of all
/// events included, and the loss of a history is −ln L of all sets divided by the number of rows. Thread-safe.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class ExtendedLikelihood<T> : IObjective<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Behind the condition: the weight of the event and its share of λ.
    private const int Passing = 2;

    private readonly Pdf<T> _pdf;
    private readonly ConditionalPdf<T>? _encoded;
    private readonly DensityModel<T> _density;
    private readonly PassingModel<T> _model;

    /// <summary>Takes a pdf.</summary>
    /// <param name="pdf">A pdf made with <see cref="PdfOptions.PredictsLogMean"/>. It stays the caller's, and lives as long as the likelihood.</param>
    /// <exception cref="ArgumentException">The pdf has no ln λ.</exception>
    public ExtendedLikelihood(Pdf<T> pdf)
        : this(Checked(pdf, nameof(pdf)), null)
    {
    }

    /// <summary>Takes a pdf behind an encoder: the condition of a set is an observation, and λ and p are those of its code. All three are trained together.</summary>
    /// <param name="model">A model whose <see cref="ConditionalPdf{T}.Head"/> was made with <see cref="PdfOptions.PredictsLogMean"/>. It stays the caller's, and lives as long as the likelihood.</param>
    /// <exception cref="ArgumentException">The pdf has no ln λ.</exception>
    public ExtendedLikelihood(ConditionalPdf<T> model)
        : this(Checked(model?.Head, nameof(model)), model)
    {
    }

    private ExtendedLikelihood(Pdf<T> pdf, ConditionalPdf<T>? encoded)
    {
        (_pdf, _encoded, _density) = (pdf, encoded, encoded is null ? pdf : encoded);
        _model = new PassingModel<T>(_density, Passing);
    }

    /// <summary>What a trainer trains, with this as its objective: the pdf, which lets two more columns of a row pass.</summary>
    public DensityModel<T> Model => _model;

    /// <summary>Frees the memory of its evaluations; the pdf stays the caller's.</summary>
    public void Dispose() => _model.Dispose();

    /// <summary>Sets as rows of a training.</summary>
    /// <param name="sets">The sets, each an event of several items: an item is a point in the pdf's coordinates.</param>
    /// <param name="conditions">[sets, C], or one row for all; empty where C is 0.</param>
    /// <param name="weights">A weight of at least 0 for each event, those of a set together; empty for ones.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A size is wrong, or an event is not in the support; the message names it.</exception>
    public ArrayData<T> Data(RaggedEvents<T> sets, ReadOnlyMemory<T> conditions = default, ReadOnlyMemory<T> weights = default)
    {
        Check(sets, conditions.Length, weights.Span);
        return Rows(sets, conditions.Span, weights.Span, [.. Enumerable.Range(0, sets.Count)]);
    }

    /// <summary>Trains the pdf on sets.</summary>
    /// <param name="sets">As for <see cref="Data"/>.</param>
    /// <param name="conditions">As for <see cref="Data"/>.</param>
    /// <param name="weights">As for <see cref="Data"/>.</param>
    /// <param name="options">How; null for the defaults. <see cref="TrainingOptions.ValidationFraction"/> is a share of the sets; of one set nothing is held out.</param>
    /// <param name="progress">Receives a report after every step and every epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps; the result says so.</param>
    /// <returns>What the training came to.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Data"/>, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public TrainingResult Fit(
        RaggedEvents<T> sets,
        ReadOnlyMemory<T> conditions = default,
        ReadOnlyMemory<T> weights = default,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Check(sets, conditions.Length, weights.Span);
        options ??= new TrainingOptions();
        options.Check();
        int[] order = [.. Enumerable.Range(0, sets.Count)];
        var held = options.ValidationFraction > 0 && sets.Count > 1 ? (int)Math.Clamp(Math.Round(options.ValidationFraction * sets.Count), 1, sets.Count - 1) : 0;
        if (held > 0)
            RunStreams.Split(options.Seed).Shuffle<int>(order);
        var validation = held == 0 ? null : Rows(sets, conditions.Span, weights.Span, order[..held]);
        return _model.Fit(Rows(sets, conditions.Span, weights.Span, order[held..]), options, validation, this, progress, cancellationToken);
    }

    /// <summary>ln L of every set.</summary>
    /// <param name="sets">As for <see cref="Data"/>; a set with an event outside the support has −∞.</param>
    /// <param name="conditions">As for <see cref="Data"/>.</param>
    /// <param name="weights">As for <see cref="Data"/>.</param>
    /// <returns>One number for each set.</returns>
    /// <exception cref="ArgumentException">A size is wrong.</exception>
    public double[] LogLikelihood(RaggedEvents<T> sets, ReadOnlyMemory<T> conditions = default, ReadOnlyMemory<T> weights = default)
    {
        CheckSizes(sets, conditions.Length, weights.Span);
        var c = _density.ContextFeatures;
        var isShared = c == 0 || conditions.Length == c;
        var logMeans = LogMeans(conditions.Span);
        var (events, ofEvents, at) = (Items(sets), new List<T>(), 0);
        for (var s = 0; s < sets.Count && !isShared; s++)
        {
            for (var i = 0; i < sets.CountOf(s); i++)
                ofEvents.AddRange(conditions.Span.Slice(s * c, c));
        }

        var logs = new T[events.Length / sets.ItemFeatures];
        if (logs.Length > 0)
            _density.LogDensity(events, isShared ? new Conditions<T>(conditions.Span) : new Conditions<T>(ofEvents.ToArray()), logs);
        var result = new double[sets.Count];
        for (var s = 0; s < result.Length; s++)
        {
            var logMean = double.CreateTruncating(logMeans[isShared ? 0 : s, 0]);
            result[s] = -Math.Exp(logMean);
            for (var i = 0; i < sets.CountOf(s); i++, at++)
            {
                var weight = weights.IsEmpty ? 1 : double.CreateTruncating(weights.Span[at]);
                if (weight > 0)
                    result[s] += weight * (logMean + double.CreateTruncating(logs[at]));
            }
        }

        return result;
    }

    /// <summary>Draws sets: a Poisson number of events with the mean λ, each of them from the pdf.</summary>
    /// <param name="count">How many sets; with several conditions one for each of them.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="conditions">[count, C], or one row for all; empty where C is 0.</param>
    /// <returns>The sets.</returns>
    /// <exception cref="ArgumentException">A size is wrong.</exception>
    public RaggedEvents<T> Draw(int count, ulong seed, ReadOnlyMemory<T> conditions = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        CheckConditions(count, conditions.Length, nameof(conditions));
        var c = _density.ContextFeatures;
        var isShared = c == 0 || conditions.Length == c;
        var logMeans = LogMeans(conditions.Span);
        var (stream, offsets) = (new RandomStream(seed), new int[count + 1]);
        for (var s = 0; s < count; s++)
        {
            var mean = Math.Exp(double.CreateTruncating(logMeans[isShared ? 0 : s, 0]));
            offsets[s + 1] = checked(offsets[s] + (int)DecoderCounts.Draw(mean, double.PositiveInfinity, stream.Substream((ulong)s)));
        }

        var (all, ofEvents) = (offsets[^1], isShared ? conditions.ToArray() : new T[checked(offsets[^1] * c)]);
        for (var s = 0; s < count && !isShared; s++)
        {
            for (var i = offsets[s]; i < offsets[s + 1]; i++)
                conditions.Span.Slice(s * c, c).CopyTo(ofEvents.AsSpan(i * c));
        }

        var items = new T[checked(all * _pdf.Features)];
        if (all > 0)
            _density.Sample(stream.Substream(ulong.MaxValue), 0, new Conditions<T>(ofEvents), items, default);
        return new RaggedEvents<T>(items, _pdf.Features, offsets);
    }

    /// <inheritdoc/>
    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions)
    {
        if (!ReferenceEquals(model, _model))
            throw new ArgumentException("Expected the model of the likelihood itself, got another.", nameof(model));
        var c = _density.ContextFeatures;
        var (weight, share) = (conditions.Slice(c, 1), conditions.Slice(c + 1, 1));
        var known = Transform<T>.Leading(conditions, c);
        var evaluation = _pdf.EvaluateWithLogMean(x, _encoded is null ? known : _encoded.CodeOf(x, known), out var logMean);

        // A row without weight says nothing of p, wherever it lies: that of an empty set has no event.
        var zero = x.Tape!.Constant(T.Zero);
        var counts = zero.Less(weight);
        return (share * logMean.Exp()) - counts.Where(weight * (evaluation.LogDensity + logMean), zero);
    }

    private static Pdf<T> Checked(Pdf<T>? pdf, string parameter)
    {
        ArgumentNullException.ThrowIfNull(pdf, parameter);
        return pdf.Options.PredictsLogMean
            ? pdf
            : throw new ArgumentException($"Expected a pdf made with {nameof(PdfOptions.PredictsLogMean)}, got one without.", parameter);
    }

    private static T[] Items(RaggedEvents<T> sets)
    {
        var items = new List<T>();
        for (var s = 0; s < sets.Count; s++)
            items.AddRange(sets.ItemsOf(s));
        return [.. items];
    }

    // ln λ of every condition, or of the one that all sets share.
    private Tensor<T> LogMeans(ReadOnlySpan<T> conditions)
    {
        var columns = _pdf.ContextFeatures;
        if (_encoded is not null)
            conditions = _encoded.Encode(conditions);
        return _pdf.LogMeanPoisson(columns == 0 ? default : new ReadOnlyTensorSpan<T>(conditions, [conditions.Length / columns, columns]));
    }

    private ArrayData<T> Rows(RaggedEvents<T> sets, ReadOnlySpan<T> conditions, ReadOnlySpan<T> weights, int[] which)
    {
        var (features, c) = (_pdf.Features, _density.ContextFeatures);
        var isShared = c > 0 && conditions.Length == c;
        var starts = new int[sets.Count];
        for (var s = 1; s < starts.Length; s++)
            starts[s] = starts[s - 1] + sets.CountOf(s - 1);
        var rows = which.Sum(s => Math.Max(1, sets.CountOf(s)));
        var (x, context, passing) = (new T[checked(rows * features)], new T[isShared ? c : checked(rows * c)], new T[checked(rows * Passing)]);
        if (isShared)
            conditions.CopyTo(context);
        var row = 0;
        foreach (var s in which)
        {
            var count = sets.CountOf(s);
            sets.ItemsOf(s).CopyTo(x.AsSpan(row * features));
            for (var i = 0; i < Math.Max(1, count); i++, row++)
            {
                if (!isShared)
                    conditions.Slice(s * c, c).CopyTo(context.AsSpan(row * c));
                passing[row * Passing] = count == 0 ? T.Zero : weights.IsEmpty ? T.One : weights[starts[s] + i];
                passing[(row * Passing) + 1] = T.One / T.CreateChecked(Math.Max(1, count));
            }
        }

        return new ArrayData<T>(x, features, context, c, passing, Passing);
    }

    private void Check(RaggedEvents<T> sets, int conditions, ReadOnlySpan<T> weights)
    {
        CheckSizes(sets, conditions, weights);
        var outside = _pdf.FirstOutside(Items(sets), null);
        for (var s = 0; s < sets.Count && outside >= 0; s++)
        {
            if (outside < sets.CountOf(s))
                throw new ArgumentException($"Expected events in the support of \"{_pdf.Definition.ManifoldText}\", got event {outside} of set {s} outside of it.", nameof(sets));
            outside -= sets.CountOf(s);
        }
    }

    private void CheckSizes(RaggedEvents<T> sets, int conditions, ReadOnlySpan<T> weights)
    {
        ArgumentNullException.ThrowIfNull(sets);
        if (sets.Count == 0)
            throw new ArgumentException("Expected at least one set, got none.", nameof(sets));
        if (sets.ItemFeatures != _pdf.Features)
            throw new ArgumentException($"Expected events of the {_pdf.Features} columns of a point, got {sets.ItemFeatures}.", nameof(sets));
        CheckConditions(sets.Count, conditions, nameof(conditions));
        var events = 0L;
        for (var s = 0; s < sets.Count; s++)
            events += sets.CountOf(s);
        if (!weights.IsEmpty && weights.Length != events)
            throw new ArgumentException($"Expected a weight for each of {events} events, got {weights.Length}.", nameof(weights));
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= T.Zero && T.IsFinite(weights[i])))
                throw new ArgumentException($"Expected finite weights of at least 0, got {weights[i]} of event {i}.", nameof(weights));
        }
    }

    private void CheckConditions(int sets, int numbers, string name)
    {
        var c = _density.ContextFeatures;
        if (c == 0 ? numbers != 0 : numbers != c && numbers != (long)sets * c)
            throw new ArgumentException($"Expected {c} numbers of a condition for each of {sets} sets, or for all, got {numbers}.", name);
    }
}
