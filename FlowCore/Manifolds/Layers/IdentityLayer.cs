using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>The identity of a manifold.</summary>
internal sealed class IdentityLayer<T>(Manifold manifold) : ManifoldLayer<T>(manifold)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected internal override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        return x;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        return z;
    }

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
    }
}
