using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>The loss of rows and its gradient in one call: <c>model.LossGradient(samples)</c>. They are what a training step computes.</summary>
public static class DensityModelLoss
{
    /// <summary>The weighted mean loss of rows, without an objective the mean of −ln p. Any number of rows, block by block on all workers.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">[rows, features], or [rows] for one feature; finite. Noise where the objective samples.</param>
    /// <param name="context">[rows, C], or [1, C] or [C] for all rows; left out where the model takes none.</param>
    /// <param name="nuisances">[rows, K], or [1, K] or [K] for all rows; left out where the model takes none.</param>
    /// <param name="weights">[rows], at least 0; empty for ones.</param>
    /// <param name="objective">The loss; null for the negative log-density.</param>
    /// <returns>The loss, in double; NaN or infinite where that of a row is.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a number is not finite.</exception>
    public static double Loss<T>(
        this DensityModel<T> model,
        in ReadOnlyTensorSpan<T> samples,
        in ReadOnlyTensorSpan<T> context = default,
        in ReadOnlyTensorSpan<T> nuisances = default,
        in ReadOnlyTensorSpan<T> weights = default,
        IObjective<T>? objective = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var pass = new LossPass<T>(model, DensityModelFit.Rows(model, samples, context, nuisances, weights), objective, withGradients: false);
        return pass.Loss();
    }

    /// <summary>The weighted mean loss of rows and its gradient with respect to every trainable parameter.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="samples">As in <see cref="Loss"/>.</param>
    /// <param name="context">As in <see cref="Loss"/>.</param>
    /// <param name="nuisances">As in <see cref="Loss"/>.</param>
    /// <param name="weights">As in <see cref="Loss"/>.</param>
    /// <param name="objective">As in <see cref="Loss"/>.</param>
    /// <returns>The loss, and for each parameter's name its gradient.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a number is not finite, or the model has no parameter that can be trained.</exception>
    public static LossGradient<T> LossGradient<T>(
        this DensityModel<T> model,
        in ReadOnlyTensorSpan<T> samples,
        in ReadOnlyTensorSpan<T> context = default,
        in ReadOnlyTensorSpan<T> nuisances = default,
        in ReadOnlyTensorSpan<T> weights = default,
        IObjective<T>? objective = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var pass = new LossPass<T>(model, DensityModelFit.Rows(model, samples, context, nuisances, weights), objective, withGradients: true);
        return pass.LossGradient();
    }
}
