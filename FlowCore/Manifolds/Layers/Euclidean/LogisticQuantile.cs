using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>z = ln F − ln(1 − F).</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class LogisticQuantile<T> : QuantileMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override Variable<T> Evaluate(Variable<T> logLower, Variable<T> logUpper, out Variable<T> logSlope)
    {
        logSlope = default;
        return logLower - logUpper;
    }

    /// <inheritdoc/>
    public override Variable<T> LogOdds(Variable<T> z) => z;
}
