using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// The adjoint of <see cref="MoebiusMixture{V, T, C}"/>, and Reversed of <see cref="MoebiusMixtureInverse{V, T, C}"/>: angle a of the side of ψ, numbers b, adjoint c of the results;
/// adds to those of the argument, d where HasFirst, and of the numbers, e where HasSecond.
/// </summary>
/// <remarks>
/// Of the inverse, f(ψ; θ) = y gives dψ = (dy − ∂f/∂θ dθ) / f': with l = ln f' and g = (ψ̄ + l̄ f''/f') / f', ȳ = g, and θ̄ is that of −g f + l̄ l at a fixed ψ.
/// </remarks>
internal readonly struct MoebiusMixtureAdjoint<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var sine = MoebiusFormula<V, T>.Half(a.Load(0), out var cosine);
        var slope = MoebiusFormula<V, T>.Slope(sine, cosine, b, shape.Inner, out var second, out _);
        var overSlope = Constant<V, T>.One / slope;
        var (ofImage, ofLog) = (c.Load(0), c.Load(1));
        if (shape.Reversed != 0)
        {
            ofLog = -ofLog;
            ofImage = -V.FusedMultiplyAdd(ofLog * second, overSlope, ofImage) * overSlope;
        }

        if (shape.HasFirst != 0)
            d.Store(0, d.Load(0) + (shape.Reversed != 0 ? -ofImage : V.FusedMultiplyAdd(ofImage, slope, ofLog * second * overSlope)));
        if (shape.HasSecond != 0)
            Numbers(sine, cosine, ofImage, ofLog * overSlope, b, e, shape.Inner);
    }

    // With r = p² + q², of y f + λ f': p̄ = 2 π (y q − λ A C p / r) / r, q̄ = −2 π (y p + λ A C q / r) / r.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Numbers(V sine, V cosine, V ofImage, V ofSlope, C numbers, C target, int count)
    {
        for (var k = 0; k < count; k++)
        {
            var (a, c, weight) = (numbers.Load(k), numbers.Load((2 * count) + k), numbers.Load((3 * count) + k));
            var p = V.FusedMultiplyAdd(a, sine, -numbers.Load(count + k) * cosine);
            var q = c * cosine;
            var overSquare = Constant<V, T>.One / V.FusedMultiplyAdd(p, p, q * q);
            var byProduct = ofSlope * overSquare;
            var curved = byProduct * a * c;
            var twice = Constant<V, T>.Of(2) * weight * overSquare;
            var ofP = twice * V.FusedMultiplyAdd(ofImage, q, -curved * p);
            var ofQ = -twice * V.FusedMultiplyAdd(ofImage, p, curved * q);
            var angle = MoebiusFormula<V, T>.Angle(p, q);
            Add(target, k, V.FusedMultiplyAdd(ofP, sine, weight * byProduct * c));
            Add(target, count + k, -ofP * cosine);
            Add(target, (2 * count) + k, V.FusedMultiplyAdd(ofQ, cosine, weight * byProduct * a));
            Add(target, (3 * count) + k, V.FusedMultiplyAdd(ofImage, angle + angle, curved));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(C target, int place, V value) => target.Store(place, target.Load(place) + value);
}
