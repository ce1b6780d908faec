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
        var one = Constant<V, T>.One;
        var decay = V.Min(ofLower, ofUpper);
        var sumLower = Constant<V, T>.Zero;
        var sumUpper = sumLower;
        var sumDensity = sumLower;
        for (var k = 0; k < count; k++)
        {
            var rate = parameters.Load(first + k + step);
            var weight = Weight(parameters.Load(first + k + (2 * step)));
            var u = (x - parameters.Load(first + k)) * rate;
            var exponential = V.Exp(shift - V.Abs(u));
            var near = one / V.FusedMultiplyAdd(exponential, decay, one);
            var far = exponential * near;
            var isRight = V.LessThan(Constant<V, T>.Zero, u);
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
