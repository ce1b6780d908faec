using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>Objectives that train a model by expectations over its own draws. Their data are noise: <see cref="NoiseData{T}"/>.</summary>
public static class Objective
{
    /// <summary>Minimises E F(x).</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="functional">F, with one column.</param>
    /// <returns>The objective.</returns>
    /// <exception cref="ArgumentException">F has more columns than one.</exception>
    public static IObjective<T> Expectation<T>(IRowFunctional<T> functional)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(functional);
        return functional.Columns == 1
            ? new ExpectationObjective<T>(functional)
            : throw new ArgumentException($"Expected a functional of one column, got one of {functional.Columns}.", nameof(functional));
    }

    /// <summary>Minimises a function of expectations, such as the squares of (E F_k − given number).</summary>
    /// <remarks>The batch is one block (<see cref="IBatchObjective{T}"/>). The mean of a function of means is biased by about 1 / rows.</remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="functional">F, with k columns.</param>
    /// <param name="ofMeans">Records the loss, shared [1, 1], of the means, shared [1, k].</param>
    /// <returns>The objective.</returns>
    public static IObjective<T> OfExpectations<T>(IRowFunctional<T> functional, Func<Variable<T>, Variable<T>> ofMeans)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(functional);
        ArgumentNullException.ThrowIfNull(ofMeans);
        return new MeansObjective<T>(functional, ofMeans);
    }
}
