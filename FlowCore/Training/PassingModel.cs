using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Training;

/// <summary>A model that lets further columns pass as nuisances, which its density does not look at: what an objective wants to know of a row.</summary>
/// <param name="inner">The model; it takes no nuisances of its own and stays the caller's.</param>
/// <param name="passing">How many columns pass.</param>
/// <param name="parameters">What is trained; null for the inner model's. Given ones are this model's to dispose.</param>
internal sealed class PassingModel<T>(DensityModel<T> inner, int passing, ParameterStore<T>? parameters = null)
    : DensityModel<T>(inner.Device, inner.Features, inner.ContextFeatures, passing)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => parameters ?? inner.Parameters;

    /// <inheritdoc/>
    public override int BlockRows => inner.BlockRows;

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => inner.BaseDistribution;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default) => inner.LogDensity(x, Context(conditions));

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) => inner.ToNoise(x, Context(conditions), out logDet);

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => inner.FromNoise(z, Context(conditions), out logDet);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            parameters?.Dispose();
    }

    private Variable<T> Context(Variable<T> conditions) => Transform<T>.Leading(conditions, ContextFeatures);
}
