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
        var (count, columns) = (shape.Inner, shape.Columns);
        var (first, step) = (item * count, count * columns);
        var hasParameters = shape.HasSecond != 0;
        var x = a.Load(item);
        var shift = LogisticMixtureFormula<V, T>.Shift(x, b, first, count, step, out var isBeyond);
        var decay = V.Exp(-shift);
        LogisticMixtureFormula<V, T>.Sum(x, b, first, count, step, shift, decay, out var lower, out var upper, out var density);
        var one = Constant<V, T>.One;
        var ofSlope = c.Load((2 * columns) + item);
        var byLower = (c.Load(item) - ofSlope) / lower;
        var byUpper = (c.Load(columns + item) - ofSlope) / upper;
        var byDensity = ofSlope / density;

        // σ' e^s is the slope of the shifted one of both sums; that of the other one lacks e^s.
        var net = (byLower * V.Select(isBeyond, decay, one)) - (byUpper * V.Select(isBeyond, one, decay));
        var sum = Constant<V, T>.Zero;
        for (var k = first; k < first + count; k++)
        {
            var rate = b.Load(k + step);
            var weight = LogisticMixtureFormula<V, T>.Weight(b.Load(k + (2 * step)));
            var distance = x - b.Load(k);
            LogisticMixtureFormula<V, T>.Term(distance * rate, shift, decay, out var near, out var far, out var ratio, out var isRight);
            var slope = far * near;
            var weighted = weight * slope;
            var asymmetry = (one - ratio) * near;
            var byDistance = weighted * V.FusedMultiplyAdd(byDensity * rate, V.Select(isRight, -asymmetry, asymmetry), net);
            var byCentre = byDistance * rate;
            sum += byCentre;
            if (!hasParameters)
                continue;
            e.Store(k, e.Load(k) - byCentre);
            e.Store(k + step, V.FusedMultiplyAdd(byDistance, distance, V.FusedMultiplyAdd(byDensity, weighted, e.Load(k + step))));
            var byTails = V.FusedMultiplyAdd(byLower, V.Select(isRight, near, far), byUpper * V.Select(isRight, far, near));
            e.Store(k + (2 * step), e.Load(k + (2 * step)) + V.FusedMultiplyAdd(byDensity * rate, slope, byTails));
        }

        if (shape.HasFirst != 0)
            d.Store(item, d.Load(item) + sum);
    }
}
