using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>Where a probability F goes on the real line: the last step of a Gaussianization.</summary>
/// <remarks>F comes as ln F and ln(1 − F), and the way back gives its log odds ζ = ln F − ln(1 − F), so that no tail is cut off.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal abstract class QuantileMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The quantile.</summary>
    /// <param name="logLower">ln F, [rows, D].</param>
    /// <param name="logUpper">ln(1 − F), [rows, D].</param>
    /// <param name="logSlope">ln ∂z/∂ζ, [rows, D]; "no variable" for zero.</param>
    /// <returns>z, [rows, D].</returns>
    public abstract Variable<T> Evaluate(Variable<T> logLower, Variable<T> logUpper, out Variable<T> logSlope);

    /// <summary>The log odds that a quantile stands for.</summary>
    /// <param name="z">[rows, D].</param>
    /// <returns>ζ, [rows, D].</returns>
    public abstract Variable<T> LogOdds(Variable<T> z);
}
