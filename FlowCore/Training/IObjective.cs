using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>What a training minimises: the weighted mean over the rows of a loss that is recorded on the tape.</summary>
/// <remarks>
/// Without one, <see cref="Trainer{T}"/> minimises the negative log-density. Another example is the reverse
/// Kullback-Leibler divergence to a density that can be evaluated but not sampled (Rezende and Mohamed 2015): the data
/// source draws noise, and the loss of a row is −log|det J| of <see cref="DensityModel{T}.FromNoise(Variable{T}, Variable{T}, out Variable{T})"/> minus the target's log-density.
/// Thread-safe: several workers record at once, each on its own tape.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface IObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Records the loss of each row of a block.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">[rows, features], as the data source filled it.</param>
    /// <param name="conditions">[rows, context features + nuisances], or "no variable".</param>
    /// <returns>[rows, 1].</returns>
    Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions);
}
