using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>x ← x − b, or the identity.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class OffsetLayer<T>(Manifold manifold, bool hasOffset) : EuclideanLayer<T>(manifold, hasOffset)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected override Variable<T> EvaluateCentred(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        return x;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleCentred(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet) =>
        EvaluateCentred(z, parameters, out logDet);

    /// <inheritdoc/>
    protected override void FreshOwn(Span<double> numbers, RandomStream stream)
    {
    }
}
