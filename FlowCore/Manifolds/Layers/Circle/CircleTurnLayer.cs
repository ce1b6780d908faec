using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>A turn of the circle and nothing more.</summary>
internal sealed class CircleTurnLayer<T>() : CircleLayer<T>(hasTurn: true, TurnArray(hasTurn: true))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    protected override Variable<T> EvaluateTurned(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        return x;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleTurned(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        return z;
    }
}
