using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The bins of the rational-quadratic spline, and the one that an argument falls into.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    // The exponentials of the limited widths and heights, and behind them their sums.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineBins<TKind>(in SplineWork work, T* raw, long stride)
        where TKind : struct, ISplineKind
    {
        if (typeof(TKind) == typeof(SoftmaxSpline))
        {
            SplineSoftmax(work, raw, stride, withSlopes: false);
            return;
        }

        var bins = work.Bins;
        var rate = V.Create(work.Constants.BinRate);
        var heights = raw + (bins * stride);
        var w = work.Widths;
        var h = work.Heights;
        var widthSum = V.Create(T.Zero);
        var heightSum = widthSum;
        for (var k = 0; k < bins; k++)
        {
            var width = V.Exp(SplineFormula<V, T>.Limit(V.Load(raw), rate, out _));
            var height = V.Exp(SplineFormula<V, T>.Limit(V.Load(heights), rate, out _));
            V.Store(width, w);
            V.Store(height, h);
            widthSum += width;
            heightSum += height;
            raw += stride;
            heights += stride;
            w += V.Count;
            h += V.Count;
        }

        V.Store(widthSum, w);
        V.Store(heightSum, h);
    }

    // The same, and the derivative of each exponential by its raw parameter.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineBinsWithSlopes<TKind>(in SplineWork work, T* raw, long stride)
        where TKind : struct, ISplineKind
    {
        if (typeof(TKind) == typeof(SoftmaxSpline))
        {
            SplineSoftmax(work, raw, stride, withSlopes: true);
            return;
        }

        var bins = work.Bins;
        var rate = V.Create(work.Constants.BinRate);
        var heights = raw + (bins * stride);
        var w = work.Widths;
        var h = work.Heights;
        var toSlopes = work.WidthSlopes - w;
        var widthSum = V.Create(T.Zero);
        var heightSum = widthSum;
        for (var k = 0; k < bins; k++)
        {
            var width = V.Exp(SplineFormula<V, T>.Limit(V.Load(raw), rate, out var widthFactor));
            var height = V.Exp(SplineFormula<V, T>.Limit(V.Load(heights), rate, out var heightFactor));
            V.Store(width, w);
            V.Store(height, h);
            V.Store(width * widthFactor * widthFactor, w + toSlopes);
            V.Store(height * heightFactor * heightFactor, h + toSlopes);
            widthSum += width;
            heightSum += height;
            raw += stride;
            heights += stride;
            w += V.Count;
            h += V.Count;
        }

        V.Store(widthSum, w);
        V.Store(heightSum, h);
    }

    // Softmax with a floor. With p the shares of the exponentials of the numbers less their maximum, the places of the
    // exponentials take (1 − K m) p + m and 1 for their sum, so that what follows is the same for both kinds. The sum is
    // compensated: one share may be nearly everything, and then all knots would carry the roundings of the sum.
    private static void SplineSoftmax(in SplineWork work, T* raw, long stride, bool withSlopes)
    {
        SplineSoftmaxOf(work, raw, stride, work.Widths, withSlopes ? work.WidthSlopes : null, work.Constants.FloorX, work.Constants.FreeX);
        SplineSoftmaxOf(
            work, raw + (work.Bins * stride), stride, work.Heights, withSlopes ? work.HeightSlopes : null, work.Constants.FloorY, work.Constants.FreeY);
    }

    private static void SplineSoftmaxOf(in SplineWork work, T* raw, long stride, T* parts, T* slopes, T floor, T free)
    {
        // A NaN stays the maximum or is passed over, and comes out of its own exponential.
        var bins = work.Bins;
        var largest = V.Load(raw);
        for (var k = 1; k < bins; k++)
        {
            var number = V.Load(raw + (k * stride));
            largest = V.Select(V.LessThan(largest, number), number, largest);
        }

        var sum = V.Create(T.Zero);
        var lost = sum;
        var rate = V.Create(work.Constants.BinRate);
        for (var k = 0; k < bins; k++)
        {
            var exponential = V.Exp((V.Load(raw + (k * stride)) - largest) * rate);
            V.Store(exponential, parts + (k * V.Count));
            sum = SplineFormula<V, T>.Add(sum, exponential, ref lost);
        }

        var reciprocal = SplineFormula<V, T>.Reciprocal(sum, lost, out var rest);
        var least = V.Create(floor);
        var scale = V.Create(free);
        for (var k = 0; k < bins; k++)
        {
            var share = SplineFormula<V, T>.Share(V.Load(parts + (k * V.Count)), reciprocal, rest);
            V.Store(V.FusedMultiplyAdd(scale, share, least), parts + (k * V.Count));
            if (slopes is not null)
                V.Store(scale * rate * share, slopes + (k * V.Count));
        }

        V.Store(V.Create(T.One), parts + (bins * V.Count));
    }

    // The shared parameters of a feature, repeated in every lane, and their exponentials.
    private static void SplineSharedBins<TKind>(in SplineWork work, T* raw, bool withSlopes)
        where TKind : struct, ISplineKind
    {
        // The sums' place holds the repeated parameters until the exponentials are taken.
        var repeated = work.SharedSums;
        for (var c = 0; c < 2 * work.Bins; c++)
            V.Store(V.Create(raw[c]), repeated + (c * V.Count));
        if (withSlopes)
            SplineBinsWithSlopes<TKind>(work, repeated, V.Count);
        else
            SplineBins<TKind>(work, repeated, V.Count);
        for (var c = 0; c < work.Constants.Slopes; c++)
            V.Store(V.Create(raw[(2 * work.Bins) + c]), work.SharedDerivatives + (c * V.Count));
    }

    // Finds the bin of each lane: the last one whose lower knot is below the argument, strictly for limited parameters. Its
    // parts go to the places of SplineWork.Found.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineLocate<TKind>(in SplineWork work, V argument, T* derivatives, long stride)
        where TKind : struct, ISplineKind
    {
        var bins = work.Bins;
        var e = work.Inverse ? work.Heights : work.Widths;
        var toOther = work.Inverse ? work.Widths - work.Heights : work.Heights - work.Widths;
        ref readonly var constants = ref work.Constants;
        var lower = V.Create(work.Inverse ? constants.LowerY : constants.LowerX);
        var range = V.Create(work.Inverse ? constants.RangeY : constants.RangeX);
        var zero = V.Create(T.Zero);
        var one = V.Create(T.One);
        var scale = range / V.Load(e + (bins * V.Count));
        if (typeof(TKind) != typeof(PlainSpline) && constants.Circular != 0)
            argument = SplineTailFormula<V, T>.Wrap(argument, lower, V.Create(work.Inverse ? constants.UpperY : constants.UpperX), range, out _);

        // Bin 0. A slope that is no parameter stands as a raw 0: limited parameters make e^0 = 1 of it, and where the slope is
        // another one it is put in later.
        var part = V.Load(e);
        var otherPart = V.Load(e + toOther);
        var given = typeof(TKind) == typeof(PlainSpline) || constants.GivenEnds != 0;
        var firstDerivative = given ? zero : V.Load(derivatives);
        var lastDerivative = firstDerivative;
        if (typeof(TKind) != typeof(PlainSpline) && constants.Slopes > bins)
            lastDerivative = V.Load(derivatives + (bins * stride));
        if (!given)
            derivatives += stride;
        var lowDerivative = firstDerivative;
        var highDerivative = V.Load(derivatives);
        var sum = zero;
        var otherSum = zero;
        var index = zero;

        // The running sums at the lower knot of bin k.
        var running = part;
        var otherRunning = otherPart;
        var previous = highDerivative;
        var number = one;
        for (var k = 1; k < bins; k++)
        {
            e += V.Count;
            derivatives += stride;
            var knot = SplineFormula<V, T>.Knot(running, scale, lower);
            var below = typeof(TKind) == typeof(SoftmaxSpline) ? V.LessThanOrEqual(knot, argument) : V.LessThan(knot, argument);
            var next = k < bins - 1 ? V.Load(derivatives) : lastDerivative;
            var width = V.Load(e);
            var height = V.Load(e + toOther);
            sum = V.Select(below, running, sum);
            otherSum = V.Select(below, otherRunning, otherSum);
            part = V.Select(below, width, part);
            otherPart = V.Select(below, height, otherPart);
            lowDerivative = V.Select(below, previous, lowDerivative);
            highDerivative = V.Select(below, next, highDerivative);
            index = V.Select(below, number, index);
            running += width;
            otherRunning += height;
            previous = next;
            number += one;
        }

        // Not above the last knot rather than below it, so that NaN parameters stay inside and show in the result. Where
        // something else than the identity is outside, the ends are those of the interval and both inside.
        var inside = typeof(TKind) == typeof(PlainSpline)
            ? V.Select(V.LessThan(SplineFormula<V, T>.Knot(running, scale, lower), argument), zero, V.LessThan(lower, argument))
            : V.Select(SplineTailFormula<V, T>.Outside(argument, lower, V.Create(work.Inverse ? constants.UpperY : constants.UpperX)), zero, V.Equal(zero, zero));
        var found = work.Found;
        V.Store(inside, found);
        V.Store(index, found + V.Count);
        V.Store(lowDerivative, found + (2 * V.Count));
        V.Store(highDerivative, found + (3 * V.Count));
        var x = found + ((work.Inverse ? 6 : 4) * V.Count);
        var y = found + ((work.Inverse ? 4 : 6) * V.Count);
        V.Store(sum, x);
        V.Store(part, x + V.Count);
        V.Store(otherSum, y);
        V.Store(otherPart, y + V.Count);
    }
}
