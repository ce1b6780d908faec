using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;

namespace FlowCore.Manifolds;

/// <summary>The map of the sphere that draws the von Mises-Fisher law of concentration κ around a pole out to the uniform law, along meridians.</summary>
/// <remarks>
/// <para>
/// With U and V = 1 − U the parts of the area on both sides and τ = 2κ: U' = (1 − e^(−τU))/(1 − e^(−τ)), ln dU'/dU = −ln ((1 − e^(−τ))/τ) − τ U. All is written by
/// R(a) = (1 − e^(−a))/a, e = R(τ): U' = U R(τU)/e, V' = e^(−τU) V R(τV)/e, and the distance from the axis is multiplied by √(U'V'/UV) = e^(−τU/2) √(R(τU) R(τV))/e. Nothing is
/// divided by κ or by the distance, so it is smooth at both poles and at κ = 0, and good to κ = 10⁴ in single precision.
/// </para>
/// <para>Ulrich 1984, "Computer generation of distributions on the m-sphere": the inverse is that of the distribution function.</para>
/// </remarks>
internal static class FisherZoom<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Above this τ the inverse is taken of one side alone: e^τ would overflow.
    private const double MostExponent = 60;

    private static readonly T _half = T.CreateTruncating(0.5);

    /// <summary>From data to base.</summary>
    /// <param name="n">[rows, 3].</param>
    /// <param name="kappa">κ ≥ 0, [rows, 1] or shared.</param>
    /// <param name="isSouth">Whether the data crowd at the south pole.</param>
    /// <param name="logDet">[rows, 1].</param>
    public static Variable<T> Evaluate(Variable<T> n, Variable<T> kappa, bool isSouth, out Variable<T> logDet)
    {
        var tau = kappa + kappa;
        var (u, v) = Parts(n, isSouth);
        var e = Decay(tau);
        var (exponent, below, above) = (tau * u, Decay(tau * u), Decay(tau * v));
        var half = (exponent * -_half).Exp();
        logDet = -e.Log() - exponent;
        return Assemble(n, half * (below * above).Sqrt() / e, u * below / e, half.Square() * v * above / e, isSouth);
    }

    /// <summary>From base to data.</summary>
    public static Variable<T> Sample(Variable<T> n, Variable<T> kappa, bool isSouth, out Variable<T> logDet)
    {
        var tape = n.Tape!;
        var (zero, one) = (tape.Constant(T.Zero), tape.Constant(T.One));
        var tau = kappa + kappa;
        var (u, v) = Parts(n, isSouth);
        var e = Decay(tau);

        // U = −ln(1 − U' E)/τ with E = τ e, in the lower half by the quotient ln(1 + a)/a, beyond it by what is left: V' + U' e^−τ.
        var part = u * tau * e;
        var isLow = part.Less(tape.Constant(_half));
        var rest = v + (u * (-tau).Exp());
        var isEnd = rest.Less(tape.Constant(NumberLimits<T>.SmallestNormal));
        var isHigh = T.One - isLow;
        var high = -isEnd.Where(one, isLow.Where(one, rest)).Log() / isHigh.Where(tau, one);
        var x = isLow.Where(u * e * isLow.Where(-part, zero).Log1prel(), isEnd.Where(one, high.Min(one)));

        var isMild = tau.Less(tape.Constant(T.CreateTruncating(MostExponent)));
        var growth = isMild.Where(tau, one).Exprel();
        var y = isMild.Where(v * growth * (v * growth * isMild.Where(tau, one)).Log1prel(), T.One - x);

        var exponent = tau * x;
        logDet = -e.Log() - exponent;
        var scale = (exponent * -_half).Exp() * (Decay(exponent) * Decay(tau * y)).Sqrt() / e;
        return Assemble(n, T.One / scale.Max(tape.Constant(T.Sqrt(NumberLimits<T>.SmallestNormal))), x, y, isSouth);
    }

    private static Variable<T> Decay(Variable<T> a) => (-a).Exprel();

    private static (Variable<T> U, Variable<T> V) Parts(Variable<T> n, bool isSouth)
    {
        var (u, v) = BaseChart<T>.Halves(n.Slice(0, 1), n.Slice(1, 1), n.Slice(2, 1));
        return isSouth ? (v, u) : (u, v);
    }

    private static Variable<T> Assemble(Variable<T> n, Variable<T> scale, Variable<T> u, Variable<T> v, bool isSouth) =>
        VariableFunctions.Concatenate(n.Slice(0, 2) * scale, isSouth ? SphereHeight<T>.Of(v, u) : SphereHeight<T>.Of(u, v));
}
