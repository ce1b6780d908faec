using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Inference;

/// <summary>The posterior of the labels with the numbers of all parts of a mixed objective; behind the context it lets the noise pass, which it does not look at.</summary>
internal sealed class MixedObjectiveModel<T>(Flow<T> posterior, ParameterStore<T> parameters, int passing)
    : DensityModel<T>(posterior.Device, posterior.Features, posterior.ContextFeatures, passing)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => parameters;

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => posterior.Base;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default) => posterior.LogDensity(x, Observation(conditions));

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) => posterior.ToNoise(x, Observation(conditions), out logDet);

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => posterior.FromNoise(z, Observation(conditions), out logDet);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            parameters.Dispose();
    }

    private Variable<T> Observation(Variable<T> conditions) => Transform<T>.Leading(conditions, ContextFeatures);
}
