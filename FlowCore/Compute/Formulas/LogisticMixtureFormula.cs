using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>One component of a mixture of logistic distributions and the sums of all, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.</summary>
/// <remarks>
/// <para>
/// F = Σ w σ(u), S = 1 − F and the density f of u = (x − m) r. Far from all centres the density underflows, and so does the tail of an x beyond all of them. So
/// with s the least distance |u|, the density is taken times e^s, and F and S times e^s where x is left and right of all centres. Then one exponential e^(s − |u|)
/// gives all three terms of a component, nothing cancels, and beyond the centres ln f − ln F − ln S needs no s at all: it keeps its digits in single
/// precision however far x is.
/// </para>
/// <para>
/// The places of the numbers are those of <see cref="Kernels{T}.LogisticMixture"/>. Methods with a loop are not expanded into one another, which would be more than
/// the compiler takes. Results are parameters and not structures, as the compiler keeps no structure of so many registers in registers.
/// </para>
/// </remarks>
internal static class LogisticMixtureFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>s.</summary>
    /// <typeparam name="C">How the parameters are reached.</typeparam>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">Centres, rates and weights.</param>
    /// <param name="first">The place of the feature's first centre.</param>
    /// <param name="count">K.</param>
    /// <param name="step">How far rates are behind centres, and weights behind rates.</param>
    /// <param name="isLeft">A mask: whether x is left of all centres, so that F is taken times e^s.</param>
    /// <param name="isRight">A mask: whether x is right of all centres, so that S is.</param>
    /// <returns>s.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static V Shift<C>(V x, C parameters, int first, int count, int step, out V isLeft, out V isRight)
        where C : struct, ICells<V>
    {
        var least = (x - parameters.Load(first)) * parameters.Load(first + step);
        var most = least;
        var nearest = V.Abs(least);
        for (var k = first + 1; k < first + count; k++)
        {
            var u = (x - parameters.Load(k)) * parameters.Load(k + step);
            least = V.Min(least, u);
            most = V.Max(most, u);
            nearest = V.Min(nearest, V.Abs(u));
        }

        isLeft = V.LessThan(most, Constant<V, T>.Zero);
        isRight = V.LessThan(Constant<V, T>.Zero, least);
        return nearest;
    }

    /// <summary>The sums over the components.</summary>
    /// <typeparam name="C">How the parameters are reached.</typeparam>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">Centres, rates and weights.</param>
    /// <param name="first">The place of the feature's first centre.</param>
    /// <param name="count">K.</param>
    /// <param name="step">How far rates are behind centres, and weights behind rates.</param>
    /// <param name="shift">s.</param>
    /// <param name="ofLower">e^−s, or 1 left of all centres: what makes a tail of f e^s one of F.</param>
    /// <param name="ofUpper">e^−s, or 1 right of all centres.</param>
    /// <param name="kept">Receives σ(−|u|) e^s of every component.</param>
    /// <param name="place">The place of the first of them; −1 where none are kept.</param>
    /// <param name="lower">F, times e^s left of all centres.</param>
    /// <param name="upper">S, times e^s right of all centres.</param>
    /// <param name="density">f e^s.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Sum<C>(
        V x, C parameters, int first, int count, int step, V shift, V ofLower, V ofUpper, C kept, int place, out V lower, out V upper, out V density)
        where C : struct, ICells<V>
    {
        var decay = V.Min(ofLower, ofUpper);
        var sumLower = Constant<V, T>.Zero;
        var sumUpper = sumLower;
        var sumDensity = sumLower;
        for (var k = 0; k < count; k++)
        {
            var rate = parameters.Load(first + k + step);
            var weight = Weight(parameters.Load(first + k + (2 * step)));
            Term((x - parameters.Load(first + k)) * rate, shift, decay, out var near, out var far, out var isRight);
            sumLower = V.FusedMultiplyAdd(weight, V.Select(isRight, near, far * ofLower), sumLower);
            sumUpper = V.FusedMultiplyAdd(weight, V.Select(isRight, far * ofUpper, near), sumUpper);
            sumDensity = V.FusedMultiplyAdd(weight * rate, far * near, sumDensity);
            if (place >= 0)
                kept.Store(place + k, far);
        }

        lower = sumLower;
        upper = sumUpper;
        density = sumDensity;
    }

    /// <summary>The log odds g = ln F − ln S, and the first derivatives of ln g'.</summary>
    /// <remarks>
    /// With a = f/F, b = f/S and c = f'/f, the derivative of ln g' = ln f − ln F − ln S is c − a + b and the second one f''/f − c² + a (a − c) + b (b + c).
    /// Of a component, the derivative of σ' is σ' (1 − 2 σ), and that of this is σ' (1 − 6 σ').
    /// </remarks>
    /// <typeparam name="C">How the parameters are reached.</typeparam>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">Centres, rates and weights.</param>
    /// <param name="first">The place of the feature's first centre.</param>
    /// <param name="count">K.</param>
    /// <param name="step">How far rates are behind centres, and weights behind rates.</param>
    /// <param name="scaled">e^−t / g', where t is such that it does not overflow.</param>
    /// <param name="exponent">t.</param>
    /// <param name="bend">The derivative of ln g'.</param>
    /// <param name="twist">The second derivative of ln g'.</param>
    /// <returns>g.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static V LogOdds<C>(V x, C parameters, int first, int count, int step, out V scaled, out V exponent, out V bend, out V twist)
        where C : struct, ICells<V>
    {
        var (zero, one) = (Constant<V, T>.Zero, Constant<V, T>.One);
        var shift = Shift(x, parameters, first, count, step, out var isLeft, out var isRight);
        var decay = V.Exp(-shift);
        var (ofLower, ofUpper) = (V.Select(isLeft, one, decay), V.Select(isRight, one, decay));
        Curves(x, parameters, first, count, step, shift, ofLower, ofUpper, out var lower, out var upper, out var density, out var change, out var second);
        var overDensity = one / density;
        scaled = lower * upper * overDensity;
        exponent = V.Select(isLeft | isRight, zero, shift);
        var (byLower, byUpper) = (density * ofLower / lower, density * ofUpper / upper);
        var relative = change * overDensity;
        bend = relative - byLower + byUpper;
        var ofTails = V.FusedMultiplyAdd(byLower, byLower - relative, byUpper * (byUpper + relative));
        twist = V.FusedMultiplyAdd(second, overDensity, V.FusedMultiplyAdd(-relative, relative, ofTails));
        return V.Log(lower / upper) + V.Select(isRight, shift, V.Select(isLeft, -shift, zero));
    }

    // The sums with those of the first and the second derivative of f, times e^s.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Curves<C>(
        V x, C parameters, int first, int count, int step, V shift, V ofLower, V ofUpper, out V lower, out V upper, out V density, out V change, out V second)
        where C : struct, ICells<V>
    {
        var decay = V.Min(ofLower, ofUpper);
        var sumLower = Constant<V, T>.Zero;
        var sumUpper = sumLower;
        var sumDensity = sumLower;
        var sumChange = sumLower;
        var sumSecond = sumLower;
        for (var k = first; k < first + count; k++)
        {
            var rate = parameters.Load(k + step);
            var weight = Weight(parameters.Load(k + (2 * step)));
            Term((x - parameters.Load(k)) * rate, shift, decay, out var near, out var far, out var isRight);
            sumLower = V.FusedMultiplyAdd(weight, V.Select(isRight, near, far * ofLower), sumLower);
            sumUpper = V.FusedMultiplyAdd(weight, V.Select(isRight, far * ofUpper, near), sumUpper);
            var rest = far * decay;
            var asymmetry = near - rest;
            var slope = weight * rate * (far * near);
            var curved = slope * rate;
            sumDensity += slope;
            sumChange = V.FusedMultiplyAdd(curved, V.Select(isRight, -asymmetry, asymmetry), sumChange);
            sumSecond = V.FusedMultiplyAdd(curved * rate, V.FusedMultiplyAdd(Constant<V, T>.Of(-6) * near, rest, Constant<V, T>.One), sumSecond);
        }

        lower = sumLower;
        upper = sumUpper;
        density = sumDensity;
        change = sumChange;
        second = sumSecond;
    }

    // σ(|u|), σ(−|u|) e^s, and whether u is positive, so that σ(u) is the near one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Term(V u, V shift, V decay, out V near, out V far, out V isRight)
    {
        var one = Constant<V, T>.One;
        var exponential = V.Exp(shift - V.Abs(u));
        near = one / V.FusedMultiplyAdd(exponential, decay, one);
        far = exponential * near;
        isRight = V.LessThan(Constant<V, T>.Zero, u);
    }

    /// <summary>ln F, ln S and ln f − ln F − ln S of the sums.</summary>
    /// <param name="shift">s.</param>
    /// <param name="isLeft">Whether x is left of all centres.</param>
    /// <param name="isRight">Whether x is right of all centres.</param>
    /// <param name="lower">The sum of F.</param>
    /// <param name="upper">The sum of S.</param>
    /// <param name="density">The sum of f.</param>
    /// <param name="logLower">ln F.</param>
    /// <param name="logUpper">ln S.</param>
    /// <returns>ln f − ln F − ln S.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static V Logs(V shift, V isLeft, V isRight, V lower, V upper, V density, out V logLower, out V logUpper)
    {
        var zero = Constant<V, T>.Zero;
        var ofLower = V.Log(lower);
        var ofUpper = V.Log(upper);
        logLower = ofLower - V.Select(isLeft, shift, zero);
        logUpper = ofUpper - V.Select(isRight, shift, zero);
        return V.Log(density) - ofLower - ofUpper - V.Select(isLeft | isRight, zero, shift);
    }

    /// <summary>A weight that is not 0: one that underflowed may still have the widest component, whose own the tail then is.</summary>
    /// <param name="weight">w.</param>
    /// <returns>w, or a very small number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Weight(V weight) => V.Max(weight, V.Constant(1e-30f, 1e-290));
}
