using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>
/// KL(model ‖ target) for a target density that can be evaluated but not sampled: the mean over noise z of
/// ln p_base(z) − log|det ∂x/∂z| − ln p_target(x), with x = f⁻¹(z) (Rezende and Mohamed 2015, section 3).
/// </summary>
/// <remarks>
/// The rows are noise: <see cref="NoiseData{T}"/> draws it. Where the target is normalised, the loss is the divergence in nats and its
/// least value is 0; else both are off by the logarithm of the target's integral. The divergence is small where the model
/// leaves a part of the target out, so a fit may settle on one of several modes. Thread-safe where the target is.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="targetLogDensity">Records ln p_target, up to a constant, of x [rows, features]: [rows, 1]. It is called by several workers at once, each on its own tape.</param>
public sealed class ReverseKullbackLeibler<T>(Func<Variable<T>, Variable<T>> targetLogDensity) : IObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Func<Variable<T>, Variable<T>> _target = targetLogDensity ?? throw new ArgumentNullException(nameof(targetLogDensity));

    /// <inheritdoc/>
    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(model);
        var sample = model.FromNoise(x, conditions, out var logDet);
        return model.NoiseLogDensity(x, conditions) - logDet - _target(sample);
    }
}
