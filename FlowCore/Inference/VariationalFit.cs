using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>Variational inference in one call: <c>flow.FitTo(target)</c>.</summary>
public static class VariationalFit
{
    // Rows of a fresh flow that a target is tried on before the first step.
    private const int TriedRows = 1024;

    /// <summary>Fits a flow to a density that can be evaluated up to a constant (Rezende and Mohamed 2015).</summary>
    /// <remarks>
    /// The training is the house's <see cref="Trainer{T}"/> on noise: after every epoch the flow is judged on the same noise, without annealing, and it ends with the best weights. Layers
    /// that start from data do not, since there is none.
    /// </remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The flow, which keeps the result.</param>
    /// <param name="target">p̃.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="conditions">Rows of context and nuisances that the draws go through in turn; left out where the model takes none. Several rows train one flow for all of them.</param>
    /// <param name="progress">Receives a report after every step and every epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps; the result says so.</param>
    /// <returns>What the fit came to.</returns>
    /// <exception cref="ArgumentException">Model, target, options and conditions do not go together: among others a target without gradient and an estimator that needs one.</exception>
    /// <exception cref="InvalidTargetException">ln p̃ is NaN or +∞, or its gradient is not finite, at a row that the message names; or no draw lies where it has a density.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite though the target is finite.</exception>
    public static VariationalResult FitTo<T>(
        this DensityModel<T> model, ITarget<T> target, VariationalOptions? options = null, Conditions<T> conditions = default,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ImportanceSampling.Check(model, target);
        options ??= new VariationalOptions();
        var training = options.ForTrainer();
        var isReverse = options.Estimator is GradientEstimator.Path or GradientEstimator.Total;
        if (isReverse && !target.HasGradient)
            throw new ArgumentException($"Expected a target with a gradient for the estimator {options.Estimator}, got one without: take {GradientEstimator.Score}, {GradientEstimator.SelfNormalised} or {GradientEstimator.Alpha2}.", nameof(target));
        var data = new NoiseData<T>(model, conditions);
        var isOne = conditions.Context.Length == model.ContextFeatures && conditions.Nuisances.Length == model.Nuisances;
        if (!isOne && options.Estimator is GradientEstimator.SelfNormalised or GradientEstimator.Alpha2)
            throw new ArgumentException($"Expected one row of conditions for the estimator {options.Estimator}, whose weights are normalised over the batch, got several.", nameof(conditions));
        if (isOne)
            Try(model, target, options.Seed, conditions);

        var annealed = new AnnealedTarget<T>(target, options.Annealing);
        IObjective<T> objective = isReverse
            ? new ReverseObjective<T>(annealed, options.Estimator == GradientEstimator.Path)
            : new WeightedObjective<T>(annealed, options.Estimator);
        var result = Train(model, target, training, data, objective, progress, cancellationToken);
        var report = isOne ? model.ImportanceSample(target, options.ReportCount, ~options.Seed, conditions) : null;
        return VariationalResult.Of(result, report, options.Estimator);
    }

    private static void Try<T>(DensityModel<T> model, ITarget<T> target, ulong seed, Conditions<T> conditions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var fresh = model.ImportanceSample(target, TriedRows, seed, conditions);
        if (fresh.OutsideRows == TriedRows)
            throw new InvalidTargetException($"Expected a flow that reaches the target; its density is 0 at all of {TriedRows} draws of the fresh flow.");
    }

    private static TrainingResult Train<T>(
        DensityModel<T> model, ITarget<T> target, TrainingOptions options, NoiseData<T> data, IObjective<T> objective, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return model.Fit(data, options, data, objective, progress, cancellationToken);
        }
        catch (TrainingDivergedException exception)
        {
            var stream = exception.Purpose == BatchPurpose.Training ? RunStreams.Training(options.Seed) : RunStreams.Validation(options.Seed);
            var rows = options.BatchSize!.Value;
            var epoch = exception.Purpose == BatchPurpose.Training ? exception.Epoch : 0;
            var request = new BatchRequest(exception.Purpose, epoch, (int)exception.Step, rows, 0, rows, stream);
            if (TargetFault.Find(model, target, data, request) is { } fault)
                throw new InvalidTargetException(fault, exception);
            throw;
        }
    }
}
