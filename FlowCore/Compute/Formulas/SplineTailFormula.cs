using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>What a spline does outside its interval, and how slopes come of raw parameters, in lanes.</summary>
internal static class SplineTailFormula<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether an argument is outside the closed interval; NaN is not, so that it shows in the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Outside(V x, V lower, V upper) => V.LessThan(x, lower) | V.LessThan(upper, x);

    /// <summary>The argument on a circle with whole turns taken off, and how many they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Wrap(V x, V lower, V upper, V range, out V turns)
    {
        // Arguments inside keep their bits, the upper end too; others may by rounding miss an end by a little.
        var outside = Outside(x, lower, upper);
        var count = V.Floor((x - lower) / range);
        turns = V.Select(outside, count, V.Constant(0f, 0.0));
        var wrapped = V.FusedMultiplyAdd(-count, range, x);
        wrapped = V.Select(V.LessThan(wrapped, lower), lower, wrapped);
        wrapped = V.Select(V.LessThan(upper, wrapped), upper, wrapped);
        return V.Select(outside, wrapped, x);
    }

    /// <summary>The straight line through (end, image) with a slope, or its inverse, which takes image to end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Line(bool inverse, V x, V slope, V end, V image) =>
        inverse ? ((x - image) / slope) + end : V.FusedMultiplyAdd(slope, x - end, image);

    /// <summary>The adjoints of the argument and of the slope of <see cref="Line"/> and of its log-derivative, ln slope or −ln slope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void LineAdjoint(bool inverse, V x, V slope, V end, V image, V gy, V gl, out V dx, out V dslope)
    {
        if (inverse)
        {
            dx = gy / slope;
            dslope = -(V.FusedMultiplyAdd(dx, x - image, gl) / slope);
        }
        else
        {
            dx = gy * slope;
            dslope = V.FusedMultiplyAdd(gy, x - end, gl / slope);
        }
    }

    /// <summary>The slope of a raw parameter: e^limited, whose derivative is the slope times the square of the factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V LimitedSlope(V raw, V rate, out V factor) => V.Exp(SplineFormula<V, T>.Limit(raw, rate, out factor));

    /// <summary>The slope of a raw parameter: minimum + ln(1 + e^raw), whose derivative is the factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V SoftplusSlope(V raw, V minimum, out V factor)
    {
        factor = LaneMath<V, T>.Sigmoid(raw);
        return minimum + LaneMath<V, T>.Softplus(raw);
    }
}
