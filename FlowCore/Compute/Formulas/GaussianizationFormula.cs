using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// z = Φ⁻¹(1/K Σ_k Φ(t_k)) with t_k = e^{a_k} x + b_k, its inverse and their adjoints, in lanes: with <see cref="ScalarLane{T}"/> the scalar reference.
/// </summary>
/// <remarks>
/// <para>
/// Chen and Gopinath 2000, "Gaussianization", section 3. One exponential of a component serves both its probability and its density: with m the least |t_k|
/// and the weight w_k = e^{(m² − t_k²)/2}, the tail of a component is e^{−m²/2} w_k M(|t_k|) (M as in <see cref="LaneMath{V, T}.ScaledTail"/>) and its density
/// e^{−m²/2} w_k / √(2π). A weight is at most 1 and one of them is 1, so nothing underflows that counts. The tails below and above are
/// added up apart: where all t_k are of one sign, these sums give the logarithm of the smaller tail; else both tails are at least 1/(2K).
/// </para>
/// <para>
/// The inverse is solved for by Halley's method on z(x), which is nearly straight, from the root of Σ_k t_k = K z, between the least and the largest
/// (z − b_k) e^{−a_k}, each of which one component alone would have. Halley's error is the cube of the last one, so two steps of which the second is far shorter
/// tell the error of the next. Each lane stops by itself. ln ∂z/∂x at the root needs the weights alone.
/// </para>
/// </remarks>
internal static class GaussianizationFormula<V, T, C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, INormalMixture<V>
{
    // Three steps are common; where the mixture is far from normal, bisections go before. Their longest way is to the last bit.
    private const int MostSteps = 250;

    /// <summary>w of a component; m is the least |t| of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Weight(V t, V least) => WeightOf(Magnitude(t), least);

    /// <summary>z and ln ∂z/∂x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Value(in GaussianizationConstants<T> constants, C mixture, V x, out V logSlope)
    {
        var sums = Sums(constants, mixture, x);
        var z = constants.IsSqueezed != 0 ? Squeezed(constants, sums) : Noise(constants, sums);
        logSlope = LogSlope(constants, z, sums);
        return z;
    }

    /// <summary>x with z(x) = z, and ln ∂x/∂z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Inverse(in GaussianizationConstants<T> constants, C mixture, V z, out V logSlope)
    {
        // Where there is no x, that of 0 is taken and counted as nothing.
        var target = z;
        if (constants.IsSqueezed != 0)
            target = V.Select(HasOrigin(constants, z), Unsqueezed(constants, z), Constant<V, T>.Zero);
        var x = Solve(constants, mixture, target);
        logSlope = -LogSlope(constants, z, Weights(constants, mixture, x));
        if (constants.IsSqueezed != 0)
            logSlope = V.Select(HasOrigin(constants, z), logSlope, V.Constant(float.NegativeInfinity, double.NegativeInfinity));
        return V.Select(V.Equal(target, target), x, target);
    }

    /// <summary>The adjoint of the argument of the direction taken; those of the parameters go to the mixture.</summary>
    /// <remarks>
    /// With S = Σ s_k w_k, s_k = e^{a_k}, and e^{(z² − m²)/2} (1 − q)/K = h: ∂z/∂t_k = h w_k; of ln ∂z/∂x = ln S + z²/2 + …, ∂/∂t_k = −t_k s_k w_k / S at a given z.
    /// So t̄_k = w_k (c + d s_k t_k), ā_k = s_k (x t̄_k − d w_k) and, forward, c = (z̄ + gl z) h, d = −gl / S, x̄ = Σ s_k t̄_k. Inverse, with z given,
    /// g = x̄ + gl Σ s_k² t_k w_k / S: c = −g / S, d = gl / S, z̄ = g / (h S) − gl z.
    /// </remarks>
    /// <param name="constants">The constants.</param>
    /// <param name="mixture">The components.</param>
    /// <param name="x">x.</param>
    /// <param name="z">z.</param>
    /// <param name="adjoint">The adjoint of the result.</param>
    /// <param name="logAdjoint">gl, that of the logarithm of the derivative.</param>
    /// <param name="wantsParameters">Whether the adjoints of the parameters are wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Adjoint(in GaussianizationConstants<T> constants, C mixture, V x, V z, V adjoint, V logAdjoint, bool wantsParameters)
    {
        var zero = Constant<V, T>.Zero;
        var inverse = constants.Inverse != 0;
        if (inverse && constants.IsSqueezed != 0)
        {
            var hasOrigin = HasOrigin(constants, z);
            adjoint = V.Select(hasOrigin, adjoint, zero);
            logAdjoint = V.Select(hasOrigin, logAdjoint, zero);
        }

        var sums = Weights(constants, mixture, x);
        var rise = Rise(z, sums.Least);
        var overDensity = Constant<V, T>.One / sums.Density;
        var byLog = logAdjoint * overDensity;
        V common, result;
        if (inverse)
        {
            // A slope that underflows has a reciprocal beyond all numbers; an adjoint of 0 must stay 0.
            var largest = V.Constant(float.MaxValue, double.MaxValue);
            var reciprocalSlope = V.Min(overDensity * V.Exp(-rise) * V.Create(constants.Count) / V.Create(constants.Kept), largest);
            var full = V.FusedMultiplyAdd(byLog, sums.Curvature, adjoint);
            common = -full * overDensity;
            result = V.FusedMultiplyAdd(full, reciprocalSlope, -logAdjoint * z);
        }
        else
        {
            common = V.FusedMultiplyAdd(logAdjoint, z, adjoint) * V.Exp(rise) * V.Create(constants.Kept) * V.Create(constants.Share);
            byLog = -byLog;
            result = zero;
            if (!wantsParameters)
                return V.FusedMultiplyAdd(common, sums.Density, byLog * sums.Curvature);
        }

        if (!wantsParameters)
            return result;
        for (var k = 0; k < constants.Components; k++)
        {
            var scale = mixture.Scale(k);
            var t = V.FusedMultiplyAdd(scale, x, mixture.Shift(k));
            var weight = mixture.Kept(k, t, sums.Least);
            var shift = weight * V.FusedMultiplyAdd(byLog * scale, t, common);
            mixture.Add(k, shift, scale * V.FusedMultiplyAdd(x, shift, -byLog * weight));
            if (!inverse)
                result = V.FusedMultiplyAdd(scale, shift, result);
        }

        return result;
    }

    // m.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Least(int components, C mixture, V x)
    {
        var least = Magnitude(V.FusedMultiplyAdd(mixture.Scale(0), x, mixture.Shift(0)));
        for (var k = 1; k < components; k++)
            least = V.Min(least, V.Abs(V.FusedMultiplyAdd(mixture.Scale(k), x, mixture.Shift(k))));
        return least;
    }

    // |t|, up to where its square is finite.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Magnitude(V t)
    {
        var limit = V.Constant(1.8e19f, 1.3e154);
        var magnitude = V.Abs(t);
        return V.Select(V.LessThan(limit, magnitude), limit, magnitude);
    }

    // As a product of differences the exponent has the precision of t; its square would lose what m² has in common with it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V WeightOf(V magnitude, V least) => V.Exp(Constant<V, T>.Of(-0.5) * (magnitude - least) * (magnitude + least));

    // (z² − m²)/2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rise(V z, V least)
    {
        var magnitude = V.Abs(z);
        return Constant<V, T>.Of(0.5) * (magnitude - least) * (magnitude + least);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogSlope(in GaussianizationConstants<T> constants, V z, in NormalMixtureSums<V> sums) =>
        V.Log(sums.Density * V.Create(constants.Share)) + (Rise(z, sums.Least) + V.Create(constants.LogKept));

    // One sweep over the components. The methods here are not expanded into one another: that would be more than the compiler takes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NormalMixtureSums<V> Sums(in GaussianizationConstants<T> constants, C mixture, V x)
    {
        var zero = Constant<V, T>.Zero;
        var one = Constant<V, T>.One;
        var least = Least(constants.Components, mixture, x);
        var density = zero;
        var curvature = zero;
        var below = zero;
        var above = zero;
        var aboveCount = zero;
        for (var k = 0; k < constants.Components; k++)
        {
            var scale = mixture.Scale(k);
            var t = V.FusedMultiplyAdd(scale, x, mixture.Shift(k));
            var magnitude = Magnitude(t);
            var weight = WeightOf(magnitude, least);
            var tail = weight * LaneMath<V, T>.ScaledTail(magnitude);
            var isBelow = V.LessThan(t, zero);
            below += V.Select(isBelow, tail, zero);
            above += V.Select(isBelow, zero, tail);
            aboveCount += V.Select(isBelow, zero, one);
            var slope = scale * weight;
            density += slope;
            curvature = V.FusedMultiplyAdd(slope * scale, t, curvature);
        }

        return new NormalMixtureSums<V> { Least = least, Below = below, Above = above, AboveCount = aboveCount, Density = density, Curvature = curvature };
    }

    // The same without the tails; the weights are kept.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static NormalMixtureSums<V> Weights(in GaussianizationConstants<T> constants, C mixture, V x)
    {
        var zero = Constant<V, T>.Zero;
        var least = Least(constants.Components, mixture, x);
        var density = zero;
        var curvature = zero;
        for (var k = 0; k < constants.Components; k++)
        {
            var scale = mixture.Scale(k);
            var t = V.FusedMultiplyAdd(scale, x, mixture.Shift(k));
            var weight = Weight(t, least);
            mixture.Keep(k, weight);
            var slope = scale * weight;
            density += slope;
            curvature = V.FusedMultiplyAdd(slope * scale, t, curvature);
        }

        return new NormalMixtureSums<V> { Least = least, Below = zero, Above = zero, AboveCount = zero, Density = density, Curvature = curvature };
    }

    // z without the squeeze.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Noise(in GaussianizationConstants<T> constants, in NormalMixtureSums<V> sums)
    {
        var logTail = LogTail(constants, sums, out var central);
        return LaneMath<V, T>.Quantile(central, logTail);
    }

    // z with it: of ln(q/2 + (1 − q) P), of its larger term where that is P.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Squeezed(in GaussianizationConstants<T> constants, in NormalMixtureSums<V> sums)
    {
        var logTail = LogTail(constants, sums, out var central) + V.Create(constants.LogKept);
        logTail += LaneMath<V, T>.Softplus(V.Create(constants.LogHalfSqueeze) - logTail);
        return LaneMath<V, T>.Quantile(central * V.Create(constants.Kept), logTail);
    }

    // The logarithm of the smaller tail of the mixture, and P − ½. Where all components are on one side, the sum of their tails is the smaller one even where
    // these underflow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogTail(in GaussianizationConstants<T> constants, in NormalMixtureSums<V> sums, out V central)
    {
        var zero = Constant<V, T>.Zero;
        var half = Constant<V, T>.Of(0.5);
        var count = V.Create(constants.Count);
        var share = V.Create(constants.Share);
        var (least, below, above, aboveCount) = (sums.Least, sums.Below, sums.Above, sums.AboveCount);
        var gaussian = V.Exp(-half * least * least);
        var lower = V.FusedMultiplyAdd(gaussian, below - above, aboveCount);
        var upper = V.FusedMultiplyAdd(gaussian, above - below, count - aboveCount);
        var isMixed = V.LessThan(zero, aboveCount) & V.LessThan(aboveCount, count);
        central = half * share * (lower - upper);
        var smaller = V.Select(isMixed, V.Select(V.LessThan(lower, upper), lower, upper), below + above);
        return V.FusedMultiplyAdd(V.Select(isMixed, zero, -half * least), least, V.Log(share * smaller));
    }

    // The root of the map without the squeeze.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Solve(in GaussianizationConstants<T> constants, C mixture, V z)
    {
        var zero = Constant<V, T>.Zero;
        var one = Constant<V, T>.One;
        var half = Constant<V, T>.Of(0.5);
        var shifts = mixture.Shift(0);
        var scales = mixture.Scale(0);
        var lower = (z - shifts) / scales;
        var upper = lower;
        for (var k = 1; k < constants.Components; k++)
        {
            var shift = mixture.Shift(k);
            var scale = mixture.Scale(k);
            var end = (z - shift) / scale;
            lower = V.Min(lower, end);
            upper = V.Max(upper, end);
            shifts += shift;
            scales += scale;
        }

        var x = V.Max(lower, V.Min(upper, V.FusedMultiplyAdd(V.Create(constants.Count), z, -shifts) / scales));
        var rounding = V.Constant(2.4e-7f, 4.5e-16);
        var isDone = V.LessThan(one, zero);

        // The length of the last step; 0 after a bisection and in the beginning.
        var last = zero;
        for (var step = 0; step < MostSteps; step++)
        {
            var sums = Sums(constants, mixture, x);
            var value = Noise(constants, sums);
            var residual = value - z;
            lower = V.Select(V.LessThan(residual, zero), x, lower);
            upper = V.Select(V.LessThan(zero, residual), x, upper);

            // Newton's step n, and Halley's n / (1 − n z″ / (2 z′)) with z″ / z′ = z z′ − Σ s_k² t_k w_k / S, at most twice as long and at least half as long.
            var overDensity = one / sums.Density;
            var newton = residual * overDensity * V.Exp(-Rise(value, sums.Least)) * V.Create(constants.Count);
            var bend = V.FusedMultiplyAdd(value, residual, -sums.Curvature * overDensity * newton);
            var two = Constant<V, T>.Of(2);
            var divisor = V.FusedMultiplyAdd(-half, bend, one);
            divisor = V.Select(V.LessThan(half, divisor), V.Select(V.LessThan(divisor, two), divisor, two), half);
            var next = x - (newton / divisor);

            // A comparison with NaN is false: what Halley cannot say the middle decides.
            var isInside = V.LessThanOrEqual(lower, next) & V.LessThanOrEqual(next, upper);
            next = V.Select(isInside, next, V.FusedMultiplyAdd(half, upper - lower, lower));
            var length = V.Abs(next - x);
            var ratio = length / last;
            var noise = rounding * (one + V.Abs(z));
            var isFound = V.LessThanOrEqual(V.Abs(residual), noise)
                | V.LessThanOrEqual(length, rounding * V.Abs(x))
                | (isInside & V.LessThan(ratio, V.Constant(0.1f, 0.1)) & V.LessThanOrEqual(ratio * ratio * V.Abs(residual), half * noise));
            x = V.Select(isDone, x, next);
            isDone |= isFound | V.Select(V.Equal(residual, residual), isDone, V.Equal(zero, zero));
            if (mixture.AreSet(isDone))
                break;
            last = V.Select(isInside, length, zero);
        }

        return x;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HasOrigin(in GaussianizationConstants<T> constants, V z) => V.LessThan(V.Abs(z), V.Create(constants.Limit));

    // The z that the map without the squeeze has there: from ln P' of the lower tail, ln P = ln((P' − q/2) / (1 − q)).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Unsqueezed(in GaussianizationConstants<T> constants, V z)
    {
        var logTail = LaneMath<V, T>.LogNormalCdf(-V.Abs(z));
        var excess = logTail - V.Create(constants.LogHalfSqueeze);
        var magnitude = -LaneMath<V, T>.ProbitOfLog(logTail + LaneMath<V, T>.Log1mexp(excess) - V.Create(constants.LogKept));
        return V.Select(V.LessThan(z, Constant<V, T>.Zero), -magnitude, magnitude);
    }
}
