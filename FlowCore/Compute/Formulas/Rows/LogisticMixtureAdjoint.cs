using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// The adjoint of <see cref="LogisticMixture{V, T, C}"/>: what it kept a, parameters b, adjoint c of the results; adds to those of the argument, d where HasFirst,
/// and of the parameters, e where HasSecond.
/// </summary>
/// <remarks>
/// With A, B the adjoints by F and S and C that by f, of their shifted sums: ū = w σ' (A − B + C r (σ(−u) − σ(u))), x̄ = Σ ū r = −Σ m̄, r̄ = ū (x − m) + C w σ',
/// w̄ = A σ(u) + B σ(−u) + C r σ'. The nearer of σ(u) and σ(−u) is 1 less the farther one, which is at most ½.
/// </remarks>
internal readonly struct LogisticMixtureAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var sum = Terms(shape, item, a, b, c, e);
        if (shape.HasFirst != 0)
            d.Store(item, d.Load(item) + sum);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Terms(in RowShape shape, int item, C kept, C parameters, C adjoint, C target)
    {
        var (count, columns) = (shape.Inner, shape.Columns);
        var (first, step) = (item * count, count * columns);
        var place = Kernels<T>.KeptOfFeature * columns;
        var hasParameters = shape.HasSecond != 0;
        var one = Constant<V, T>.One;
        var x = kept.Load(item);
        var (ofLower, ofUpper) = (kept.Load((4 * columns) + item), kept.Load((5 * columns) + item));
        var decay = V.Min(ofLower, ofUpper);
        var ofSlope = adjoint.Load((2 * columns) + item);
        var byLower = (adjoint.Load(item) - ofSlope) * kept.Load(columns + item);
        var byUpper = (adjoint.Load(columns + item) - ofSlope) * kept.Load((2 * columns) + item);
        var byDensity = ofSlope * kept.Load((3 * columns) + item);
        var net = (byLower * ofLower) - (byUpper * ofUpper);
        var sum = Constant<V, T>.Zero;
        for (var k = first; k < first + count; k++)
        {
            var rate = parameters.Load(k + step);
            var weight = LogisticMixtureFormula<V, T>.Weight(parameters.Load(k + (2 * step)));
            var distance = x - parameters.Load(k);
            var far = kept.Load(place + k);
            var rest = far * decay;
            var near = one - rest;
            var slope = far * near;
            var weighted = weight * slope;
            var asymmetry = near - rest;
            var isRight = V.LessThan(Constant<V, T>.Zero, distance);
            var ofRate = byDensity * rate;
            var byDistance = weighted * V.FusedMultiplyAdd(ofRate, V.Select(isRight, -asymmetry, asymmetry), net);
            var byCentre = byDistance * rate;
            sum += byCentre;
            if (!hasParameters)
                continue;
            target.Store(k, target.Load(k) - byCentre);
            target.Store(k + step, V.FusedMultiplyAdd(byDistance, distance, V.FusedMultiplyAdd(byDensity, weighted, target.Load(k + step))));
            var byTails = V.FusedMultiplyAdd(byLower, V.Select(isRight, near, far * ofLower), byUpper * V.Select(isRight, far * ofUpper, near));
            target.Store(k + (2 * step), target.Load(k + (2 * step)) + V.FusedMultiplyAdd(ofRate, slope, byTails));
        }

        return sum;
    }
}
