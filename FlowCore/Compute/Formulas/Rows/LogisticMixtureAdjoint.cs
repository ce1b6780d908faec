using System.Numerics;

namespace FlowCore.Compute;

/// <summary>The adjoint of <see cref="LogisticMixture{V, T, C}"/>: argument a, parameters b, adjoint c of the results; adds to those of the argument, d where HasFirst, and of the parameters, e where HasSecond.</summary>
/// <remarks>
/// With A, B the adjoints by F and S and C that by f, of their shifted sums: ū = w σ' (A − B + C r (σ(−u) − σ(u))), x̄ = Σ ū r = −Σ m̄, r̄ = ū (x − m) + C w σ',
/// w̄ = A σ(u) + B σ(−u) + C r σ'.
/// </remarks>
internal readonly struct LogisticMixtureAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var x = a.Load(item);
        var first = item * shape.Inner;
        var step = shape.Inner * shape.Columns;
        LogisticMixtureFormula<V, T>.Sum(x, b, first, shape.Inner, step, out var sums);
        var one = Constant<V, T>.One;
        var ofSlope = c.Load((2 * shape.Columns) + item);
        var byLower = (c.Load(item) - ofSlope) / sums.Lower;
        var byUpper = (c.Load(shape.Columns + item) - ofSlope) / sums.Upper;
        var byDensity = ofSlope / sums.Density;

        // σ' e^s is the slope of the shifted one of both sums; that of the other one lacks e^s.
        var net = (byLower * V.Select(sums.IsRight, sums.Decay, one)) - (byUpper * V.Select(sums.IsRight, one, sums.Decay));
        var sum = Constant<V, T>.Zero;
        for (var k = first; k < first + shape.Inner; k++)
        {
            var term = LogisticMixtureFormula<V, T>.Term(x, b, k, step, sums);
            var weighted = term.Weight * term.Slope;
            var asymmetry = (one - term.Ratio) * term.Near;
            var bend = byDensity * term.Rate * V.Select(term.IsRight, -asymmetry, asymmetry);
            var byDistance = weighted * (net + bend);
            var byCentre = byDistance * term.Rate;
            sum += byCentre;
            if (shape.HasSecond == 0)
                continue;
            e.Store(k, e.Load(k) - byCentre);
            e.Store(k + step, V.FusedMultiplyAdd(byDistance, term.Distance, V.FusedMultiplyAdd(byDensity, weighted, e.Load(k + step))));
            var byWeight = V.FusedMultiplyAdd(byLower, term.Lower, V.FusedMultiplyAdd(byUpper, term.Upper, byDensity * term.Rate * term.Slope));
            e.Store(k + (2 * step), e.Load(k + (2 * step)) + byWeight);
        }

        if (shape.HasFirst != 0)
            d.Store(item, d.Load(item) + sum);
    }
}
