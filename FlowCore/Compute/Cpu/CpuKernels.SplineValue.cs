using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>Value and adjoint of the rational-quadratic spline in the bin that was found, and outside.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    // Corner, width and height of the bin that was found. The width is the difference of the rounded knots, so that the
    // position in a bin never leaves [0, 1] and neighbouring bins meet. The last knot is the rounded sum where the identity
    // follows, elsewhere the end itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplineCorner<TKind>(in SplineWork work, V scale, int part, T lowerEnd, T upperEnd, out V low, out V high, out V size)
        where TKind : struct, ISplineKind
    {
        var lower = V.Create(lowerEnd);
        var sum = V.Load(work.Found + (part * V.Count));
        low = SplineFormula<V, T>.Knot(sum, scale, lower);
        high = SplineFormula<V, T>.Knot(sum + V.Load(work.Found + ((part + 1) * V.Count)), scale, lower);
        if (typeof(TKind) != typeof(PlainSpline))
            high = V.Select(V.Equal(V.Load(work.Found + V.Count), SplineLastBin(work)), V.Create(upperEnd), high);
        size = high - low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SplineLastBin(in SplineWork work) => V.Create(T.CreateTruncating(work.Bins - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SplineScale(in SplineWork work, T range, T* exponentials) => V.Create(range) / V.Load(exponentials + (work.Bins * V.Count));

    // The slopes at the ends of the bin that was found.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplineEndSlopes<TKind>(in SplineWork work, out V d0, out V d1, out V factor0, out V factor1)
        where TKind : struct, ISplineKind
    {
        ref readonly var constants = ref work.Constants;
        var rate = V.Create(constants.DerivativeRate);
        var minimum = V.Create(constants.MinimumSlope);
        var raw0 = V.Load(work.Found + (2 * V.Count));
        var raw1 = V.Load(work.Found + (3 * V.Count));
        if (typeof(TKind) == typeof(SoftmaxSpline))
        {
            d0 = SplineTailFormula<V, T>.SoftplusSlope(raw0, minimum, out factor0);
            d1 = SplineTailFormula<V, T>.SoftplusSlope(raw1, minimum, out factor1);
        }
        else
        {
            d0 = SplineTailFormula<V, T>.LimitedSlope(raw0, rate, out factor0);
            d1 = SplineTailFormula<V, T>.LimitedSlope(raw1, rate, out factor1);
        }

        if (typeof(TKind) == typeof(PlainSpline) || constants.GivenEnds == 0)
            return;
        var index = V.Load(work.Found + V.Count);
        d0 = V.Select(V.Equal(index, V.Create(T.Zero)), V.Create(constants.LowerSlope), d0);
        d1 = V.Select(V.Equal(index, SplineLastBin(work)), V.Create(constants.UpperSlope), d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SplineRawAdjoint<TKind>(V adjoint, V slope, V factor)
        where TKind : struct, ISplineKind =>
        typeof(TKind) == typeof(SoftmaxSpline) ? adjoint * factor : adjoint * slope * factor * factor;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineValue<TKind>(in SplineWork work, T* argument, T* result, T* logDet, bool first)
        where TKind : struct, ISplineKind
    {
        ref readonly var constants = ref work.Constants;
        var zero = V.Create(T.Zero);
        var x = V.Load(argument);
        SplineCorner<TKind>(work, SplineScale(work, constants.RangeX, work.Widths), 4, constants.LowerX, constants.UpperX, out var x0, out var x1, out var w);
        SplineCorner<TKind>(work, SplineScale(work, constants.RangeY, work.Heights), 6, constants.LowerY, constants.UpperY, out var y0, out var y1, out var h);
        SplineEndSlopes<TKind>(work, out var d0, out var d1, out _, out _);
        var turns = zero;
        if (typeof(TKind) != typeof(PlainSpline) && constants.Circular != 0)
            x = SplineWrap(work, x, out turns);
        var inverse = work.Inverse;
        var near = SplinePosition(inverse, x, x0, x1, w, y0, y1, h, d0, d1, out var mirrored);
        var part = SplineFormula<V, T>.Value(near, mirrored, w, h, d0, d1, out var derivative);
        var log = V.Log(derivative);
        if (inverse)
            log = -log;
        var y = inverse ? SplineFormula<V, T>.FromNear(near, mirrored, x0, x1, w) : SplineFormula<V, T>.FromNear(part, mirrored, y0, y1, h);

        var inside = V.Load(work.Found);
        if (typeof(TKind) == typeof(PlainSpline))
        {
            V.Store(V.Select(inside, y, x), result);
            log = V.Select(inside, log, zero);
            V.Store(first ? log : V.Load(logDet) + log, logDet);
            return;
        }

        if (constants.IdentityOutside != 0)
        {
            y = V.Select(inside, y, x);
            log = V.Select(inside, log, zero);
        }
        else if (constants.Circular != 0)
        {
            y = V.FusedMultiplyAdd(turns, V.Create(work.Inverse ? constants.RangeX : constants.RangeY), y);
        }
        else if (constants.Bounded != 0)
        {
            y = V.Select(inside, y, x);
            log = V.Select(inside, log, V.Constant(float.NegativeInfinity, double.NegativeInfinity));
        }
        else
        {
            var slope = SplineTail(work, x, d0, d1, out _, out var end, out var image);
            var logSlope = V.Log(slope);
            y = V.Select(inside, y, SplineTailFormula<V, T>.Line(work.Inverse, x, slope, end, image));
            log = V.Select(inside, log, work.Inverse ? -logSlope : logSlope);
        }

        V.Store(y, result);
        V.Store(first ? log : V.Load(logDet) + log, logDet);
    }

    // The position in the bin along x, from the nearer end: of an argument x, or of the solution at a value.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SplinePosition(bool inverse, V argument, V x0, V x1, V w, V y0, V y1, V h, V d0, V d1, out V mirrored)
    {
        if (!inverse)
            return SplineFormula<V, T>.Near(argument, x0, x1, w, out mirrored);
        var part = SplineFormula<V, T>.Near(argument, y0, y1, h, out mirrored);
        return SplineFormula<V, T>.Position(part, mirrored, w, h, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SplineWrap(in SplineWork work, V x, out V turns)
    {
        ref readonly var constants = ref work.Constants;
        return SplineTailFormula<V, T>.Wrap(
            x, V.Create(work.Inverse ? constants.LowerY : constants.LowerX), V.Create(work.Inverse ? constants.UpperY : constants.UpperX),
            V.Create(work.Inverse ? constants.RangeY : constants.RangeX), out turns);
    }

    // The corner and the slope of the straight line on which an argument outside lies: an argument below is found in the
    // first bin, one above in the last.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SplineTail(in SplineWork work, V x, V d0, V d1, out V below, out V end, out V image)
    {
        ref readonly var constants = ref work.Constants;
        below = V.LessThan(x, V.Create(work.Inverse ? constants.LowerY : constants.LowerX));
        end = V.Select(below, V.Create(constants.LowerX), V.Create(constants.UpperX));
        image = V.Select(below, V.Create(constants.LowerY), V.Create(constants.UpperY));
        return V.Select(below, d0, d1);
    }

    // The adjoint of the argument, and what the third sweep needs: see SplineWork.Found.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineBinAdjoint<TKind>(in SplineWork work, T* argument, T* adjoint, T* logAdjoint, T* argumentAdjoint)
        where TKind : struct, ISplineKind
    {
        ref readonly var constants = ref work.Constants;
        var zero = V.Create(T.Zero);
        var x = V.Load(argument);
        var gy = adjoint is null ? zero : V.Load(adjoint);
        var gl = logAdjoint is null ? zero : V.Load(logAdjoint);
        var widthScale = SplineScale(work, constants.RangeX, work.Widths);
        var heightScale = SplineScale(work, constants.RangeY, work.Heights);
        SplineCorner<TKind>(work, widthScale, 4, constants.LowerX, constants.UpperX, out var x0, out var x1, out var w);
        SplineCorner<TKind>(work, heightScale, 6, constants.LowerY, constants.UpperY, out var y0, out var y1, out var h);
        SplineEndSlopes<TKind>(work, out var d0, out var d1, out var factor0, out var factor1);
        if (typeof(TKind) != typeof(PlainSpline) && constants.Circular != 0)
            x = SplineWrap(work, x, out _);
        var near = SplinePosition(work.Inverse, x, x0, x1, w, y0, y1, h, d0, d1, out var mirrored);
        SplineFormula<V, T>.Adjoint(
            work.Inverse, near, mirrored, w, h, d0, d1, gy, gl, out var dx, out var gx0, out var gw, out var gy0, out var gh, out var gd0, out var gd1);

        // Outside no bin has a say. The map is the identity there, or a line whose slope may be a parameter, or nothing.
        var inside = V.Load(work.Found);
        var lower = zero;
        var upper = zero;
        if (typeof(TKind) == typeof(PlainSpline))
        {
            dx = V.Select(inside, dx, gy);
        }
        else if (constants.IdentityOutside != 0)
        {
            dx = V.Select(inside, dx, gy);
        }
        else if (constants.Bounded != 0)
        {
            inside = V.Select(V.Load(work.Found + (10 * V.Count)), zero, inside);
            dx = V.Select(inside, dx, zero);
        }
        else if (constants.Circular == 0)
        {
            var slope = SplineTail(work, x, d0, d1, out var below, out var end, out var image);
            SplineTailFormula<V, T>.LineAdjoint(work.Inverse, x, slope, end, image, gy, gl, out var lineDx, out var lineSlope);
            dx = V.Select(inside, dx, lineDx);
            lower = SplineRawAdjoint<TKind>(V.Select(below, lineSlope, zero), d0, factor0);
            upper = SplineRawAdjoint<TKind>(V.Select(below, zero, lineSlope), d1, factor1);
        }

        if (argumentAdjoint is not null)
            V.Store(V.Load(argumentAdjoint) + dx, argumentAdjoint);
        V.Store(V.Select(inside, SplineRawAdjoint<TKind>(gd0, d0, factor0), lower), work.Found + (2 * V.Count));
        V.Store(V.Select(inside, SplineRawAdjoint<TKind>(gd1, d1, factor1), upper), work.Found + (3 * V.Count));
        SplineSoftmaxAdjoint<TKind>(work, inside, widthScale, constants.OverRangeX, constants.FloorX, 4, gx0, gw);
        SplineSoftmaxAdjoint<TKind>(work, inside, heightScale, constants.OverRangeY, constants.FloorY, 6, gy0, gh);
    }

    // The three numbers of SplineFormula.ShareAdjoint go where the third sweep looks for them. It wants the exponentials
    // without their floor.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplineSoftmaxAdjoint<TKind>(in SplineWork work, V inside, V scale, T overRange, T floor, int part, V g0, V g1)
        where TKind : struct, ISplineKind
    {
        var zero = V.Create(T.Zero);
        var found = work.Found + (part * V.Count);
        var sum = V.Load(found);
        var own = V.Load(found + V.Count);
        if (typeof(TKind) == typeof(SoftmaxSpline))
        {
            var least = V.Create(floor);
            sum = V.FusedMultiplyAdd(-V.Load(work.Found + V.Count), least, sum);
            own -= least;
        }

        SplineFormula<V, T>.ShareAdjoint(g0, g1, sum, own, scale, V.Create(overRange), out var below, out var here, out var above);
        V.Store(V.Select(inside, below, zero), found);
        V.Store(V.Select(inside, here, zero), found + V.Count);
        V.Store(V.Select(inside, above, zero), work.Found + ((part == 4 ? 8 : 9) * V.Count));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineParameterAdjoint<TKind>(in SplineWork work, T* target, long stride)
        where TKind : struct, ISplineKind => SplineThirdSweep<TKind>(work, target, stride, false);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineParameterAdjointFresh<TKind>(in SplineWork work, T* target, long stride)
        where TKind : struct, ISplineKind => SplineThirdSweep<TKind>(work, target, stride, true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplineThirdSweep<TKind>(in SplineWork work, T* target, long stride, bool overwrite)
        where TKind : struct, ISplineKind
    {
        var bins = work.Bins;
        var found = work.Found;
        var one = V.Create(T.One);
        var zero = V.Create(T.Zero);
        var index = V.Load(found + V.Count);
        var lower = V.Load(found + (2 * V.Count));
        var upper = V.Load(found + (3 * V.Count));
        var widthBelow = V.Load(found + (4 * V.Count));
        var widthHere = V.Load(found + (5 * V.Count));
        var heightBelow = V.Load(found + (6 * V.Count));
        var heightHere = V.Load(found + (7 * V.Count));
        var widthAbove = V.Load(found + (8 * V.Count));
        var heightAbove = V.Load(found + (9 * V.Count));
        var w = work.WidthSlopes;
        var toHeights = work.HeightSlopes - w;
        var heights = target + (bins * stride);
        var derivatives = heights + (bins * stride);
        var number = zero;
        var here = V.Equal(zero, index);
        for (var k = 0; k < bins; k++)
        {
            var below = V.LessThan(number, index);
            var width = V.Load(w) * V.Select(below, widthBelow, V.Select(here, widthHere, widthAbove));
            var height = V.Load(w + toHeights) * V.Select(below, heightBelow, V.Select(here, heightHere, heightAbove));
            V.Store(overwrite ? width : V.Load(target) + width, target);
            V.Store(overwrite ? height : V.Load(heights) + height, heights);
            number += one;

            // Derivative k belongs to the knot between bins k and k + 1, unless there are some for the ends.
            var next = V.Equal(number, index);
            if (k < bins - 1 && (typeof(TKind) == typeof(PlainSpline) || work.Constants.GivenEnds != 0))
            {
                var derivative = V.Select(here, upper, V.Select(next, lower, zero));
                V.Store(overwrite ? derivative : V.Load(derivatives) + derivative, derivatives);
            }

            here = next;
            target += stride;
            heights += stride;
            derivatives += stride;
            w += V.Count;
        }

        if (typeof(TKind) != typeof(PlainSpline) && work.Constants.GivenEnds == 0)
            SplineAllSlopes(work, target + (bins * stride), stride, overwrite);
    }

    // The adjoints of the slopes where those of the ends are parameters: number k belongs to knot k, and with tied ends the
    // first one to the last knot too.
    private static void SplineAllSlopes(in SplineWork work, T* target, long stride, bool overwrite)
    {
        var found = work.Found;
        var one = V.Create(T.One);
        var zero = V.Create(T.Zero);
        var index = V.Load(found + V.Count);
        var lower = V.Load(found + (2 * V.Count));
        var upper = V.Load(found + (3 * V.Count));
        var next = index + one;
        if (work.Constants.Slopes == work.Bins)
            next = V.Select(V.Equal(index, SplineLastBin(work)), zero, next);
        var number = zero;
        for (var k = 0; k < work.Constants.Slopes; k++)
        {
            var derivative = V.Select(V.Equal(number, index), lower, V.Select(V.Equal(number, next), upper, zero));
            V.Store(overwrite ? derivative : V.Load(target) + derivative, target);
            number += one;
            target += stride;
        }
    }
}
