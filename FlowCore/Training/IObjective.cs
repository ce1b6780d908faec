using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>What a training minimises: the weighted mean over the rows of a loss that is recorded on the tape.</summary>
/// <remarks>
/// Without one, <see cref="Trainer{T}"/> minimises the negative log-density. <see cref="ReverseKullbackLeibler{T}"/> is another
/// one. The rows need not be events: where they are noise, <see cref="DensityModel{T}.FromNoise(Variable{T}, Variable{T}, out Variable{T})"/>
/// makes samples of them that are differentiable in the parameters.
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
