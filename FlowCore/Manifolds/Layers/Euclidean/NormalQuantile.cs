using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>z = Φ⁻¹(F), from the logarithm of the smaller one of both tails.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class NormalQuantile<T> : QuantileMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double _halfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <inheritdoc/>
    public override Variable<T> Evaluate(Variable<T> logLower, Variable<T> logUpper, out Variable<T> logSlope)
    {
        var isRight = logUpper.Less(logLower);
        var tail = isRight.Where(logUpper, logLower).ProbitOfLog();
        var z = isRight.Where(-tail, tail);
        logSlope = logLower + logUpper + (tail.Square() * T.CreateTruncating(0.5)) + T.CreateTruncating(_halfLogTwoPi);
        return z;
    }

    /// <inheritdoc/>
    public override Variable<T> LogOdds(Variable<T> z) => z.LogNormalCdf() - (-z).LogNormalCdf();
}
