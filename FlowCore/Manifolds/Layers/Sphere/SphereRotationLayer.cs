using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>A rotation of the sphere and nothing more.</summary>
internal sealed class SphereRotationLayer<T>(SphereRotation? rotation) : SphereLayer<T>(rotation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected override Variable<T> EvaluateRotated(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        return x;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleRotated(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        return z;
    }
}
