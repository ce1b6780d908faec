using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>f(α) = α + (s − 1) tanh α with s &gt; 0: what a planar or Sylvester flow does along one direction, increasing since f' = 1 + (s − 1) sech² α &gt; 0.</summary>
/// <param name="slope">s, the slope at 0: shared [1, 1] or [rows, 1].</param>
internal readonly struct TanhPlusLine<T>(Variable<T> slope) : IMonotoneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Axis Domain => Axis.Real;

    public Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope)
    {
        var tanh = x.Tanh();
        logSlope = LogSlope(x, tanh, slope);
        return x + ((slope - T.One) * tanh);
    }

    /// <summary>
    /// ln f'(α) as ln(tanh² α + s sech² α): a sum of positive terms, where 1 + (s − 1) sech² α would cancel for small s. sech² α is
    /// 4e / (1 + e)² with e = e^(−2|α|), as 1 − tanh² α would cancel too.
    /// </summary>
    internal static Variable<T> LogSlope(Variable<T> alpha, Variable<T> tanh, Variable<T> slope)
    {
        var e = (alpha.Abs() * T.CreateTruncating(-2)).Exp();
        var squareSech = (e * T.CreateTruncating(4)) / (e + T.One).Square();
        return (tanh.Square() + (slope * squareSech)).Log();
    }
}
