using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The weighted mean f of K Möbius maps of the circle that keep the point −1 fixed, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.</summary>
/// <remarks>
/// f(ψ) = Σ π 2 atan2(p, q) with p = A sin(ψ/2) − B cos(ψ/2) and q = C cos(ψ/2). As p' q − p q' = A C / 2 at every ψ, f' = Σ π A C / (p² + q²), a sum of positive terms. Numbers
/// stand one component behind the other: all A, then B, C and π.
/// </remarks>
internal static class MoebiusFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static V Value<C>(V sine, V cosine, C numbers, int count)
        where C : struct, ICells<V>
    {
        var sum = Constant<V, T>.Zero;
        for (var k = 0; k < count; k++)
        {
            var p = V.FusedMultiplyAdd(numbers.Load(k), sine, -numbers.Load(count + k) * cosine);
            var q = numbers.Load((2 * count) + k) * cosine;
            sum = V.FusedMultiplyAdd(numbers.Load((3 * count) + k), Angle(p, q), sum);
        }

        return sum + sum;
    }

    /// <summary>f', f'' and f'''.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static V Slope<C>(V sine, V cosine, C numbers, int count, out V second, out V third)
        where C : struct, ICells<V>
    {
        var (half, two) = (Constant<V, T>.Of(0.5), Constant<V, T>.Of(2));
        var (first, change, twist) = (Constant<V, T>.Zero, Constant<V, T>.Zero, Constant<V, T>.Zero);
        for (var k = 0; k < count; k++)
        {
            var (a, b, c) = (numbers.Load(k), numbers.Load(count + k), numbers.Load((2 * count) + k));
            var p = V.FusedMultiplyAdd(a, sine, -b * cosine);
            var q = c * cosine;

            // With r = p² + q²: p'' = −p/4 and q'' = −q/4, so r'' = 2 (p'² + q'²) − r/2.
            var dp = half * V.FusedMultiplyAdd(a, cosine, b * sine);
            var dq = -half * c * sine;
            var overSquare = Constant<V, T>.One / V.FusedMultiplyAdd(p, p, q * q);
            var term = numbers.Load((3 * count) + k) * a * c * overSquare;
            var relative = two * V.FusedMultiplyAdd(p, dp, q * dq) * overSquare;
            var bent = V.FusedMultiplyAdd(two * V.FusedMultiplyAdd(dp, dp, dq * dq), overSquare, -half);
            first += term;
            change = V.FusedMultiplyAdd(-term, relative, change);
            twist = V.FusedMultiplyAdd(term, V.FusedMultiplyAdd(two * relative, relative, -bent), twist);
        }

        second = change;
        third = twist;
        return first;
    }

    /// <summary>atan2(p, q), apart from the loops, which would be more than the compiler takes with it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static V Angle(V p, V q) => LaneMath<V, T>.Atan2(p, q);

    /// <summary>sin(ψ/2) and cos(ψ/2) of ψ in [−π, π].</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static V Half(V psi, out V cosine)
    {
        LaneMath<V, T>.SinCos(Constant<V, T>.Of(0.5) * psi, out var sine, out cosine);
        return sine;
    }
}
