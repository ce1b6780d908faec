using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>A conditional flow without its encoder: the context is a code. The numbers stay the whole model's.</summary>
internal sealed class EncodedFlow<T>(ConditionalFlow<T> whole, Transform<T> transform) : DensityModel<T>(whole.Device, whole.Features, transform.ConditionColumns, nuisances: 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => whole.Parameters;

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => whole.Base;

    /// <inheritdoc/>
    public override int BlockRows => whole.BlockRows;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default)
    {
        var z = ToNoise(x, conditions, out var logDet);
        return LogDets.Add(x.Tape!, NoiseLogDensity(z, default), logDet);
    }

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) => transform.Forward(x, conditions, out logDet);

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => transform.Inverse(z, conditions, out logDet);
}
