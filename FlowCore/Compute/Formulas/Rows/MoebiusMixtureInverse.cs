using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The angle whose image by <see cref="MoebiusMixture{V, T, C}"/> is a, numbers b; c receives it and ln of the slope of the inverse.</summary>
/// <remarks>The root lies between those of the components, 2 atan2(C sin(y/2) + B cos(y/2), A cos(y/2)); the steps are those of <see cref="RootStep{V, T}"/>.</remarks>
internal readonly struct MoebiusMixtureInverse<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var (zero, one) = (Constant<V, T>.Zero, Constant<V, T>.One);
        var target = a.Load(0);
        var root = Start(target, b, shape.Inner, out var shortest);
        var noise = V.Constant(4.8e-7f, 9e-16);
        for (var i = 0; i < RootStep<V, T>.Most; i++)
        {
            var sine = MoebiusFormula<V, T>.Half(root.X, out var cosine);
            var value = MoebiusFormula<V, T>.Value(sine, cosine, b, shape.Inner);
            var slope = MoebiusFormula<V, T>.Slope(sine, cosine, b, shape.Inner, out var second, out var third);
            var scaled = one / slope;
            var bend = second * scaled;
            if (root.Take(value - target, noise, scaled, zero, bend, V.FusedMultiplyAdd(third, scaled, -(bend * bend)), shortest))
                break;
        }

        c.Store(0, V.Select(V.Equal(target, target), root.X, target));
        c.Store(1, -root.LogSlope());
    }

    // The narrowest peak of a slope is as wide as 1 − ρ, half of the least C or more.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RootStep<V, T> Start(V target, C numbers, int count, out V shortest)
    {
        var sine = MoebiusFormula<V, T>.Half(target, out var cosine);
        var (least, most, mean, narrowest) = (target, target, Constant<V, T>.Zero, Constant<V, T>.One);
        for (var k = 0; k < count; k++)
        {
            var c = numbers.Load((2 * count) + k);
            var end = MoebiusFormula<V, T>.Angle(V.FusedMultiplyAdd(c, sine, numbers.Load(count + k) * cosine), numbers.Load(k) * cosine);
            end += end;
            least = k == 0 ? end : V.Min(least, end);
            most = k == 0 ? end : V.Max(most, end);
            mean = V.FusedMultiplyAdd(numbers.Load((3 * count) + k), end, mean);
            narrowest = V.Min(narrowest, c);
        }

        shortest = V.Constant(2e-3f, 3e-6) * narrowest;
        return RootStep<V, T>.From(least, most, V.Min(V.Max(mean, least), most));
    }
}
