using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Training;

/// <summary>Training from values of a log-density instead of samples: <c>model.FitLogDensity(x, values)</c>. The samples come for free.</summary>
/// <remarks>mbank's losses ll_mse and weighted_ll_mse (Schmidt, Gadre and Caudill 2023). C is not a parameter of the optimiser: for given weights the best C is the mean of w − ln p, so every batch takes it.</remarks>
public static class LogDensityRegression
{
    /// <summary>Trains a model so that ln p(x) + C agrees with given values w.</summary>
    /// <remarks>
    /// Layers that start from data start from all rows, those held out included, and then stay. A batch is one block on one worker (<see cref="IBatchObjective{T}"/>); a
    /// validation takes the C of its own batches. Rows outside the support are left out.
    /// </remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model, which keeps the result; it takes no context and no nuisances.</param>
    /// <param name="x">[rows, features], or [rows] for one feature; finite. Any rows, as long as they cover the region.</param>
    /// <param name="logDensities">w, [rows]: the logarithm of the density up to a constant, finite, in nats.</param>
    /// <param name="loss">How rows count.</param>
    /// <param name="hasConstant">Whether C is free; otherwise it is 0, and w are logarithms of a normalised density.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Receives a report after every step and every epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps; the result says so.</param>
    /// <returns>What the training came to.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a number is not finite, the model takes conditions, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    public static RegressionResult FitLogDensity<T>(
        this DensityModel<T> model,
        in ReadOnlyTensorSpan<T> x,
        in ReadOnlyTensorSpan<T> logDensities,
        RegressionLoss loss = RegressionLoss.Mean,
        bool hasConstant = true,
        TrainingOptions? options = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ConditionColumns > 0)
            throw new ArgumentException($"Expected a model without context and nuisances, got one with {model.ContextFeatures} and {model.Nuisances}.", nameof(model));
        if (!Enum.IsDefined(loss))
            throw new ArgumentOutOfRangeException(nameof(loss), loss, "There is no such loss.");
        var rows = TensorRows.Of(x, model.Features, nameof(x)).ToArray();
        var targets = TensorRows.Of(logDensities, 1, nameof(logDensities)).ToArray();
        if (targets.Length * model.Features != rows.Length)
            throw new ArgumentException($"Expected a value for each of {rows.Length / model.Features} rows, got {targets.Length}.", nameof(logDensities));
        options ??= new TrainingOptions();
        options.Check();

        // As a nuisance the values go with their rows through splits, orders and batches.
        var data = new ArrayData<T>(rows, model.Features, nuisances: targets, nuisanceCount: 1);
        var (training, validation) = options.ValidationFraction > 0 && data.Count > 1 ? data.Split(options.ValidationFraction, options.Seed) : (data, null);
        if (model is Flow<T> flow)
            DataStart.Run<T>(flow, rows);
        var least = targets.Min();
        using var regressed = new PassingModel<T>(model, passing: 1);
        using var trainer = new Trainer<T>(regressed, training, options, validation, new RegressionObjective<T>(loss, least, hasConstant));
        var result = trainer.Run(progress, cancellationToken);
        return Judge(model, rows, targets, double.CreateTruncating(least), loss, hasConstant, result);
    }

    /// <summary>ln p(x) + C: the logarithm of the volume element that a flow was trained on, mbank's log_volume_element.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model; it takes no context and no nuisances.</param>
    /// <param name="x">[rows, features], or [rows] for one feature.</param>
    /// <param name="constant">C, as <see cref="RegressionResult.Constant"/>.</param>
    /// <returns>[rows].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a number is not finite.</exception>
    public static Tensor<T> LogVolumeElement<T>(this DensityModel<T> model, in ReadOnlyTensorSpan<T> x, double constant)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return Tensor.Add(model.LogDensity(x), T.CreateTruncating(constant));
    }

    private static RegressionResult Judge<T>(
        DensityModel<T> model, ReadOnlySpan<T> rows, ReadOnlySpan<T> targets, double least, RegressionLoss loss, bool hasConstant, TrainingResult training)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var densities = new T[targets.Length];
        model.LogDensity(rows, densities);
        var offsets = new List<double>(targets.Length);
        double sum = 0, weights = 0;
        for (var i = 0; i < densities.Length; i++)
        {
            if (!T.IsFinite(densities[i]))
                continue;
            var target = double.CreateTruncating(targets[i]);
            var weight = loss == RegressionLoss.Weighted ? target - least : 1;
            offsets.Add(target - double.CreateTruncating(densities[i]));
            sum += weight * offsets[^1];
            weights += weight;
        }

        offsets.Sort();
        var (low, high) = offsets.Count == 0 ? (double.NaN, double.NaN) : (offsets[(offsets.Count - 1) / 2], offsets[offsets.Count / 2]);
        return new RegressionResult(training, hasConstant ? sum / weights : 0, (low + high) / 2, targets.Length - offsets.Count);
    }
}
