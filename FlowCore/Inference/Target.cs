using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Inference;

/// <summary>Targets made of functions.</summary>
public static class Target
{
    /// <summary>ln p̃ from operations of the tape, so it has a gradient and runs where the model computes.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="features">D.</param>
    /// <param name="logDensity">Records ln p̃ of x [rows, D]: [rows, 1].</param>
    /// <returns>The target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no feature.</exception>
    public static ITarget<T> Of<T>(int features, Func<Variable<T>, Variable<T>> logDensity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        return new FunctionTarget<T>(features, (x, _) => logDensity(x));
    }

    /// <summary>ln p̃ under conditions, from operations of the tape.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="features">D.</param>
    /// <param name="logDensity">Records ln p̃ of x [rows, D] and the conditions: [rows, 1].</param>
    /// <returns>The target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no feature.</exception>
    public static ITarget<T> Of<T>(int features, Func<Variable<T>, Variable<T>, Variable<T>> logDensity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        return new FunctionTarget<T>(features, logDensity);
    }

    /// <summary>ln p̃ of plain numbers, for programs that the tape cannot see into. It has no gradient: fit to it by <see cref="GradientEstimator.Score"/> and its fellows.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="features">D.</param>
    /// <param name="logDensity">ln p̃ of one row; called by several workers at once.</param>
    /// <returns>The target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no feature.</exception>
    public static ITarget<T> OfRows<T>(int features, RowLogDensity<T> logDensity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(logDensity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        return new RowTarget<T>(features, logDensity);
    }

    /// <summary>A model as target, under the conditions of the fitted one where it takes any.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model; it stays the caller's to dispose.</param>
    /// <returns>The target.</returns>
    public static ITarget<T> Of<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        return new FunctionTarget<T>(model.Features, (x, conditions) => model.LogDensity(x, model.ConditionColumns == 0 ? default : conditions));
    }
}
