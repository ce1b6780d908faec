using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>One component of a mixture of logistic distributions and the sums of all, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.</summary>
/// <remarks>
/// <para>
/// F = Σ w σ(u), S = 1 − F and the density f of u = (x − m) r. Where x is beyond all centres, the tail and the density underflow, so both are taken times e^s with
/// s the least distance |u|; between the centres s = 0. Then one exponential e^(s − |u|) gives all three terms of a component, nothing cancels, and
/// ln f − ln F − ln S needs no s at all: it keeps its digits in single precision however far x is.
/// </para>
/// <para>
/// The places of the numbers are those of <see cref="Kernels{T}.LogisticMixture"/>. Results are parameters and not structures, as the compiler keeps no structure
/// of so many registers in registers.
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
    /// <param name="isRight">A mask: whether x is right of all centres, so that s belongs to S; else it belongs to F.</param>
    /// <returns>s.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Shift<C>(V x, C parameters, int first, int count, int step, out V isRight)
        where C : struct, ICells<V>
    {
        var least = (x - parameters.Load(first)) * parameters.Load(first + step);
        var most = least;
        for (var k = first + 1; k < first + count; k++)
        {
            var u = (x - parameters.Load(k)) * parameters.Load(k + step);
            least = V.Min(least, u);
            most = V.Max(most, u);
        }

        isRight = V.LessThan(Constant<V, T>.Zero, least);
        return V.Max(V.Max(least, -most), Constant<V, T>.Zero);
    }

    /// <summary>The sums over the components.</summary>
    /// <typeparam name="C">How the parameters are reached.</typeparam>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">Centres, rates and weights.</param>
    /// <param name="first">The place of the feature's first centre.</param>
    /// <param name="count">K.</param>
    /// <param name="step">How far rates are behind centres, and weights behind rates.</param>
    /// <param name="shift">s.</param>
    /// <param name="decay">e^−s.</param>
    /// <param name="lower">F, times e^s left of all centres.</param>
    /// <param name="upper">S, times e^s right of all centres.</param>
    /// <param name="density">f e^s.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Sum<C>(V x, C parameters, int first, int count, int step, V shift, V decay, out V lower, out V upper, out V density)
        where C : struct, ICells<V>
    {
        var ofLower = Constant<V, T>.Zero;
        var ofUpper = ofLower;
        var ofDensity = ofLower;
        for (var k = first; k < first + count; k++)
        {
            var rate = parameters.Load(k + step);
            var weight = Weight(parameters.Load(k + (2 * step)));
            Term((x - parameters.Load(k)) * rate, shift, decay, out var near, out var far, out _, out var isRight);
            ofLower = V.FusedMultiplyAdd(weight, V.Select(isRight, near, far), ofLower);
            ofUpper = V.FusedMultiplyAdd(weight, V.Select(isRight, far, near), ofUpper);
            ofDensity = V.FusedMultiplyAdd(weight * rate, far * near, ofDensity);
        }

        lower = ofLower;
        upper = ofUpper;
        density = ofDensity;
    }

    /// <summary>One component.</summary>
    /// <param name="u">u.</param>
    /// <param name="shift">s.</param>
    /// <param name="decay">e^−s.</param>
    /// <param name="near">σ(|u|).</param>
    /// <param name="far">σ(−|u|) e^s.</param>
    /// <param name="ratio">e^−|u|.</param>
    /// <param name="isRight">A mask: whether u is positive, so that σ(u) is the near one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Term(V u, V shift, V decay, out V near, out V far, out V ratio, out V isRight)
    {
        var one = Constant<V, T>.One;
        var exponential = V.Exp(shift - V.Abs(u));
        ratio = exponential * decay;
        near = one / (one + ratio);
        far = exponential * near;
        isRight = V.LessThan(Constant<V, T>.Zero, u);
    }

    /// <summary>A weight that is not 0: one that underflowed may still have the widest component, whose own the tail then is.</summary>
    /// <param name="weight">w.</param>
    /// <returns>w, or a very small number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Weight(V weight) => V.Max(weight, V.Constant(1e-30f, 1e-290));
}
