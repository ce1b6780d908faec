using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>A model that lets one column of context pass, which it does not look at: the values that its density is compared with. The numbers stay the inner model's.</summary>
internal sealed class RegressedModel<T>(DensityModel<T> inner) : DensityModel<T>(inner.Device, inner.Features, contextFeatures: 1, nuisances: 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => inner.Parameters;

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => inner.BaseDistribution;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default) => inner.LogDensity(x);

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) => inner.ToNoise(x, default, out logDet);

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => inner.FromNoise(z, default, out logDet);
}
