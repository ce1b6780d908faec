using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Training;

/// <summary>Training in one call: <c>model.Fit(samples)</c>.</summary>
public static class DensityModelFit
{
    /// <summary>
    /// Trains a model on samples by maximum likelihood. Without options: AdamW at 10⁻³ with warm-up and cosine, a tenth
    /// of the rows held out for validation, an end after 20 epochs without improvement, and the weights of the best epoch.
    /// </summary>
    /// <remarks>
    /// Models expect features of order one. What in the data or the run harms the fit is said in warnings: to <see cref="TrainingOptions.Warn"/>, which prints them to
    /// standard error unless told otherwise, and in the result. Standardise features, or put a <see cref="Standardization{T}"/> first, as the settings of the ready-made flows do on demand.
    /// </remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model, which keeps the result.</param>
    /// <param name="samples">[rows, features], or [rows] for one feature; finite.</param>
    /// <param name="context">[rows, C], or [1, C] or [C] for all rows; left out where the model takes none.</param>
    /// <param name="nuisances">[rows, K], or [1, K] or [K] for all rows; left out where the model takes none.</param>
    /// <param name="weights">[rows], at least 0; empty for ones.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Receives a report after every step and every epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps; the result says so.</param>
    /// <returns>What the training came to.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a number is not finite, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="IOException">Checkpoint or history could not be read or written.</exception>
    public static TrainingResult Fit<T>(
        this DensityModel<T> model,
        in ReadOnlyTensorSpan<T> samples,
        in ReadOnlyTensorSpan<T> context = default,
        in ReadOnlyTensorSpan<T> nuisances = default,
        in ReadOnlyTensorSpan<T> weights = default,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return model.Fit(Rows(model, samples, context, nuisances, weights), options, progress, cancellationToken);
    }

    /// <summary>Trains a model on rows in memory by maximum likelihood, as <see cref="Fit{T}(DensityModel{T}, in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, TrainingOptions, IProgress{TrainingProgress}, CancellationToken)"/> does.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model, which keeps the result.</param>
    /// <param name="data">The rows; a share of them is held out for validation.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Receives a report after every step and every epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps; the result says so.</param>
    /// <returns>What the training came to.</returns>
    /// <exception cref="ArgumentException">Data and model do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="IOException">Checkpoint or history could not be read or written.</exception>
    public static TrainingResult Fit<T>(
        this DensityModel<T> model,
        ArrayData<T> data,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return FitRows(model, data, options ?? new TrainingOptions(), objective: null, progress, cancellationToken);
    }

    /// <summary>Trains a model on any data source, for example a generator, by maximum likelihood or with an objective.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model, which keeps the result.</param>
    /// <param name="data">The rows to train on.</param>
    /// <param name="options">How; an endless source needs <see cref="TrainingOptions.StepsPerEpoch"/>.</param>
    /// <param name="validation">Rows to validate on; null for none.</param>
    /// <param name="objective">The loss; null for the negative log-density.</param>
    /// <param name="progress">Receives a report after every step and every epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps; the result says so.</param>
    /// <returns>What the training came to.</returns>
    /// <exception cref="ArgumentException">Data and model do not fit together, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="IOException">Checkpoint or history could not be read or written.</exception>
    public static TrainingResult Fit<T>(
        this DensityModel<T> model,
        ITrainingData<T> data,
        TrainingOptions options,
        ITrainingData<T>? validation = null,
        IObjective<T>? objective = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var trainer = new Trainer<T>(model, data, options, validation, objective);
        return trainer.Run(progress, cancellationToken);
    }

    /// <summary>Trains on rows in memory of which a share is held out.</summary>
    internal static TrainingResult FitRows<T>(
        DensityModel<T> model, ArrayData<T> data, TrainingOptions options, IObjective<T>? objective, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Check();
        data.CheckShape(model.Features, model.ContextFeatures, model.Nuisances);
        ArrayData<T>? validation = null;
        var training = data;
        if (options.ValidationFraction > 0 && data.Count > 1)
            (training, validation) = data.Split(options.ValidationFraction, options.Seed);
        using var trainer = new Trainer<T>(model, training, options, validation, objective) { AllRows = data };
        return trainer.Run(progress, cancellationToken);
    }

    /// <summary>A copy of the rows that tensors hold, checked against the sizes of a model.</summary>
    internal static ArrayData<T> Rows<T>(
        DensityModel<T> model, in ReadOnlyTensorSpan<T> samples, in ReadOnlyTensorSpan<T> context, in ReadOnlyTensorSpan<T> nuisances, in ReadOnlyTensorSpan<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ArrayData<T>(
            TensorRows.Of(samples, model.Features, nameof(samples)).ToArray(),
            model.Features,
            TensorRows.OfOptional(context, model.ContextFeatures, nameof(context)).ToArray(),
            model.ContextFeatures,
            TensorRows.OfOptional(nuisances, model.Nuisances, nameof(nuisances)).ToArray(),
            model.Nuisances,
            weights.FlattenedLength == 0 ? default(ReadOnlyMemory<T>) : TensorRows.Of(weights, 1, nameof(weights)).ToArray());
    }
}
