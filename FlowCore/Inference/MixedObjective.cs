using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Inference;

/// <summary>Extended supervised learning: a posterior of labels, one of unobserved latent numbers and a likelihood of the observation, trained together by one divergence of the joint distribution.</summary>
/// <remarks>
/// <para>
/// A row with labels z_o has the loss −ln q(z_o; x) + E_{z_u ~ q(·; z_o, x)}[ln q(z_u; z_o, x) − ln p(x | z_o, z_u) − ln p(z_u)]: the supervised loss, and minus the
/// evidence bound of ln p(x | z_o). Without latent numbers it is −ln q(z_o; x) − ln p(x | z_o). A row without labels has λ E_{z_o, z_u ~ q}[ln q(z_o; x) + ln q(z_u; z_o, x) −
/// ln p(x | z_o, z_u) − ln p(z_o) − ln p(z_u)]. Glüsenkamp 2024, "Unifying supervised learning and VAEs" (arXiv:2008.05825).
/// </para>
/// <para>
/// Each row takes one draw; samples are differentiated, densities at them with their whole gradient. The noise comes with the data, from <see cref="Data"/>, so a seed
/// gives the same bits for any number of threads and a validation has the same noise every time.
/// </para>
/// <para>
/// All numbers are in the store of <see cref="Model"/>, in front of whose names stand <c>posterior.</c>, <c>latent.</c>, <c>decoder.</c>, <c>prior.latent.</c> and <c>prior.label.</c>. The parts go on being
/// evaluated, sampled and saved by themselves; they live as long as the objective. Layers that start from data must have been started. Thread-safe.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class MixedObjective<T> : IObjective<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Flow<T> _posterior;
    private readonly Flow<T>? _latentPosterior;
    private readonly Decoder<T> _decoder;
    private readonly BaseDistribution<T>? _latentPrior;
    private readonly BaseDistribution<T>? _labelPrior;
    private readonly T _unlabelledWeight;
    private readonly PassingModel<T> _model;

    /// <summary>Joins the parts into one model.</summary>
    /// <param name="posterior">q(z_o; x), a flow of the labels whose context is the row of an observation.</param>
    /// <param name="latentPosterior">q(z_u; z_o, x), a flow whose context is the labels and behind them the row; null for none.</param>
    /// <param name="decoder">p(x | z_o, z_u), of the labels and behind them the latent numbers.</param>
    /// <param name="options">Priors and weights; null for the defaults.</param>
    /// <exception cref="ArgumentException">The parts do not fit together; the message says which.</exception>
    public MixedObjective(Flow<T> posterior, Flow<T>? latentPosterior, Decoder<T> decoder, MixedObjectiveOptions<T>? options = null)
    {
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(decoder);
        options ??= new MixedObjectiveOptions<T>();
        if (!(options.UnlabelledWeight >= 0 && double.IsFinite(options.UnlabelledWeight)))
            throw new ArgumentOutOfRangeException(nameof(options), options.UnlabelledWeight, "Expected a finite weight of at least 0 for rows without labels.");
        (_posterior, _latentPosterior, _decoder) = (posterior, latentPosterior, decoder);
        var (labels, columns, latents) = (posterior.Features, posterior.ContextFeatures, latentPosterior?.Features ?? 0);
        if (!ReferenceEquals(decoder.Device, posterior.Device) || (latentPosterior is not null && !ReferenceEquals(latentPosterior.Device, posterior.Device)))
            throw new ArgumentException("Expected parts on one device, got parts on several.", nameof(posterior));
        if (decoder.ObservationColumns != columns)
            throw new ArgumentException($"Expected a decoder of the {columns} columns of an observation, got one of {decoder.ObservationColumns}.", nameof(decoder));
        if (decoder.LatentColumns != labels + latents)
            throw new ArgumentException($"Expected a decoder of {labels} labels and {latents} latent numbers, got one of {decoder.LatentColumns} numbers.", nameof(decoder));
        if (latentPosterior is not null && latentPosterior.ContextFeatures != labels + columns)
            throw new ArgumentException($"Expected a latent posterior whose context is {labels} labels and {columns} columns, got one of {latentPosterior.ContextFeatures}.", nameof(latentPosterior));
        _latentPrior = latentPosterior is null ? null : Checked(options.LatentPrior ?? new StandardNormal<T>(latents), latents);
        _labelPrior = options.LabelPrior is null ? null : Checked(options.LabelPrior, labels);
        CheckNormal(latentPosterior);
        if (_labelPrior is not null)
            CheckNormal(posterior);
        _unlabelledWeight = T.CreateTruncating(options.UnlabelledWeight);
        var parts = new List<(string, IJoinedPart<T>)> { ("posterior.", posterior), ("decoder.", decoder) };
        if (latentPosterior is not null)
            parts.Insert(1, ("latent.", latentPosterior));
        IEnumerable<(string, Parameter<T>)> priors =
        [
            .. (_latentPrior?.Parameters ?? []).Select(parameter => ("prior.latent.", parameter)), .. (_labelPrior?.Parameters ?? []).Select(parameter => ("prior.label.", parameter)),
        ];
        var store = IJoinedPart<T>.JoinAll(posterior.Device, parts, priors);
        NoiseColumns = (latentPosterior?.Base.RandomNumbers ?? 0) + (_labelPrior is null ? 0 : posterior.Base.RandomNumbers);
        _model = new PassingModel<T>(posterior, NoiseColumns + FlagColumns, store);
    }

    /// <summary>What a trainer trains: the posterior of the labels, whose store has the numbers of all parts.</summary>
    public DensityModel<T> Model => _model;

    /// <summary>1 where rows say whether they have labels, else 0.</summary>
    internal int FlagColumns => _labelPrior is null ? 0 : 1;

    /// <summary>The random numbers of a row.</summary>
    internal int NoiseColumns { get; }

    /// <summary>Rows with the noise that the objective needs.</summary>
    /// <param name="rows">Labels as features and observations as context; where rows may have no labels, a nuisance that says so (<see cref="MixedObjectiveOptions{T}.LabelPrior"/>), and any finite labels.</param>
    /// <returns>The data to give a trainer.</returns>
    public ITrainingData<T> Data(ITrainingData<T> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return NoiseColumns == 0 ? rows : new MixedObjectiveData<T>(rows, FlagColumns, NoiseColumns);
    }

    /// <summary>Trains all parts.</summary>
    /// <param name="rows">As for <see cref="Data"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="validation">Rows to validate on; null for none.</param>
    /// <returns>What the training came to.</returns>
    public TrainingResult Fit(ITrainingData<T> rows, TrainingOptions options, ITrainingData<T>? validation = null) =>
        _model.Fit(Data(rows), options, validation is null ? null : Data(validation), this);

    /// <inheritdoc/>
    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions)
    {
        if (!ReferenceEquals(model, _model))
            throw new ArgumentException("Expected the model of the objective itself, got another.", nameof(model));
        var columns = _posterior.ContextFeatures;
        var observation = conditions.Slice(0, columns);
        var (labels, loss) = _labelPrior is null
            ? (x, -_posterior.LogDensity(x, observation))
            : Labels(x, observation, conditions.Slice(columns, 1), conditions.Slice(columns + 1, _posterior.Base.RandomNumbers));
        if (_latentPosterior is null)
        {
            loss -= _decoder.LogDensity(observation, labels);
        }
        else
        {
            var given = VariableFunctions.Concatenate(labels, observation);
            var noise = conditions.Slice(conditions.Columns - _latentPosterior.Base.RandomNumbers, _latentPosterior.Base.RandomNumbers);
            var latent = Draw(_latentPosterior, noise, given, out var logDensity);
            loss = loss + logDensity - _decoder.LogDensity(observation, VariableFunctions.Concatenate(labels, latent)) - _latentPrior!.LogDensity(latent);
        }

        return _labelPrior is null || _unlabelledWeight == T.One
            ? loss
            : loss * conditions.Slice(columns, 1).Where(x.Tape!.Constant(T.One), x.Tape!.Constant(_unlabelledWeight));
    }

    /// <summary>Frees the numbers of all parts.</summary>
    public void Dispose() => _model.Dispose();

    // The labels that a row has, or drawn ones, and the part of the loss that is theirs.
    private (Variable<T> Labels, Variable<T> Loss) Labels(Variable<T> x, Variable<T> observation, Variable<T> has, Variable<T> noise)
    {
        var drawn = Draw(_posterior, noise, observation, out var logDensity);
        return (has.Where(x, drawn), has.Where(-_posterior.LogDensity(x, observation), logDensity - _labelPrior!.LogDensity(drawn)));
    }

    // A draw and ln q of it, which costs no second pass: that of its noise less the volume.
    private static Variable<T> Draw(Flow<T> flow, Variable<T> random, Variable<T> context, out Variable<T> logDensity)
    {
        var noise = flow.Base.FromRandom(random, Transform<T>.Leading(context, flow.Base.ConditionColumns));
        logDensity = flow.NoiseLogDensity(noise, context);
        var drawn = flow.FromNoise(noise, context, out var logDet);
        logDensity -= logDet;
        return drawn;
    }

    private static BaseDistribution<T> Checked(BaseDistribution<T> prior, int features) => prior.Features == features && prior.ConditionColumns == 0
        ? prior
        : throw new ArgumentException($"Expected a prior of {features} features without conditions, got one of {prior.Features} with {prior.ConditionColumns}.", nameof(prior));

    private static void CheckNormal(Flow<T>? flow)
    {
        if (flow is { Base.RandomDistribution: not RandomDistribution.Normal })
            throw new ArgumentException($"Expected a posterior that draws from normal random numbers, got one of {flow.Base.RandomDistribution} ones.", nameof(flow));
    }
}
