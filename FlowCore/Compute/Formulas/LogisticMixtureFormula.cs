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
/// <para>The places of the numbers are those of <see cref="Kernels{T}.LogisticMixture"/>.</para>
/// </remarks>
internal static class LogisticMixtureFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The sums over the components.</summary>
    /// <typeparam name="C">How the parameters are reached.</typeparam>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">Centres, rates and weights.</param>
    /// <param name="first">The place of the feature's first centre.</param>
    /// <param name="count">K.</param>
    /// <param name="step">How far rates are behind centres, and weights behind rates.</param>
    /// <param name="sums">F, S and f, the far ones times e^s.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Sum<C>(V x, C parameters, int first, int count, int step, out LogisticMixtureSums<V> sums)
        where C : struct, ICells<V>
    {
        var zero = Constant<V, T>.Zero;
        var least = (x - parameters.Load(first)) * parameters.Load(first + step);
        var most = least;
        for (var k = first + 1; k < first + count; k++)
        {
            var u = (x - parameters.Load(k)) * parameters.Load(k + step);
            least = V.Min(least, u);
            most = V.Max(most, u);
        }

        sums.Shift = V.Max(V.Max(least, -most), zero);
        sums.IsRight = V.LessThan(zero, least);
        sums.Decay = V.Exp(-sums.Shift);
        sums.Lower = zero;
        sums.Upper = zero;
        sums.Density = zero;
        for (var k = first; k < first + count; k++)
        {
            var term = Term(x, parameters, k, step, sums);
            sums.Lower = V.FusedMultiplyAdd(term.Weight, term.Lower, sums.Lower);
            sums.Upper = V.FusedMultiplyAdd(term.Weight, term.Upper, sums.Upper);
            sums.Density = V.FusedMultiplyAdd(term.Weight * term.Rate, term.Slope, sums.Density);
        }
    }

    /// <summary>One component.</summary>
    /// <typeparam name="C">How the parameters are reached.</typeparam>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">Centres, rates and weights.</param>
    /// <param name="place">The place of the centre.</param>
    /// <param name="step">How far rates are behind centres, and weights behind rates.</param>
    /// <param name="sums">Where the shift stands.</param>
    /// <returns>Its terms.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static LogisticMixtureTerm<V> Term<C>(V x, C parameters, int place, int step, in LogisticMixtureSums<V> sums)
        where C : struct, ICells<V>
    {
        LogisticMixtureTerm<V> term;
        term.Distance = x - parameters.Load(place);
        term.Rate = parameters.Load(place + step);

        // A weight that underflowed may still have the widest component: then the tail is its own.
        term.Weight = V.Max(parameters.Load(place + (2 * step)), V.Constant(1e-30f, 1e-290));
        var u = term.Distance * term.Rate;
        var one = Constant<V, T>.One;
        var far = V.Exp(sums.Shift - V.Abs(u));
        term.Ratio = far * sums.Decay;
        var near = one / (one + term.Ratio);
        far *= near;
        term.IsRight = V.LessThan(Constant<V, T>.Zero, u);
        term.Near = near;
        term.Lower = V.Select(term.IsRight, near, far);
        term.Upper = V.Select(term.IsRight, far, near);
        term.Slope = far * near;
        return term;
    }
}
