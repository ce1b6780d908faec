using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The rational-quadratic spline (formulas: <see cref="SplineFormula{V, T}"/>).</content>
/// <remarks>
/// A lane is one event, and the parameters of one feature are 3K − 1 columns, so a register of events is treated at a
/// time: one sweep over the bins takes the exponentials and their sum, a second one runs along the knots and keeps by
/// masked selection the bin that the event falls into (no gathers), and then the formula of one bin follows. The adjoint
/// takes the same two sweeps anew and a third one writes the adjoints of all parameters. Blocks are padded, so there is
/// no remainder. Where all events share one row of parameters the first sweep is done once for a feature.
/// </remarks>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Spline(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
    {
        var work = new SplineWork(settings, Scratch(SplineWork.ScratchLength(settings.Bins)), inverse);
        var rows = x.PaddedRows;
        var block = parameters.IsBlock;
        var logDeterminant = logDet.Pointer;
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var raw = parameters.Column(positions[feature] * settings.ParametersPerFeature);
            if (!block)
                SplineSharedBins(work, raw, withSlopes: false);
            var argument = x.Column(feature);
            var result = y.Column(feature);
            for (var row = 0; row < rows; row += V.Count)
            {
                if (block)
                    SplineBins(work, raw + row, parameters.Stride);
                SplineLocate(work, V.Load(argument + row), block ? raw + row + (2L * work.Bins * parameters.Stride) : work.SharedDerivatives, block ? parameters.Stride : V.Count);
                SplineValue(work, argument + row, result + row, logDeterminant + row, feature == 0);
            }
        }
    }

    public override void SplineAdjoint(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
    {
        var work = new SplineWork(settings, Scratch(SplineWork.ScratchLength(settings.Bins)), inverse);
        var rows = x.PaddedRows;
        var block = parameters.IsBlock;
        var count = settings.ParametersPerFeature;
        var logAdjoint = dlogDet.Pointer;
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var first = positions[feature] * count;
            var raw = parameters.Column(first);
            var target = dparameters.IsEmpty ? null : dparameters.Column(first);
            if (!block)
            {
                SplineSharedBins(work, raw, withSlopes: true);
                for (var c = 0; c < count; c++)
                    V.Store(V.Create(T.Zero), work.SharedSums + (c * V.Count));
            }

            var argument = x.Column(feature);
            var adjoint = dy.IsEmpty ? null : dy.Column(feature);
            var argumentAdjoint = dx.IsEmpty ? null : dx.Column(feature);
            for (var row = 0; row < rows; row += V.Count)
            {
                if (block)
                    SplineBinsWithSlopes(work, raw + row, parameters.Stride);
                SplineLocate(work, V.Load(argument + row), block ? raw + row + (2L * work.Bins * parameters.Stride) : work.SharedDerivatives, block ? parameters.Stride : V.Count);
                SplineBinAdjoint(
                    work, argument + row, adjoint is null ? null : adjoint + row, logAdjoint is null ? null : logAdjoint + row,
                    argumentAdjoint is null ? null : argumentAdjoint + row);
                if (target is null)
                    continue;
                if (!block)
                    SplineParameterAdjoint(work, work.SharedSums, V.Count);
                else if (overwriteParameters)
                    SplineParameterAdjointFresh(work, target + row, dparameters.Stride);
                else
                    SplineParameterAdjoint(work, target + row, dparameters.Stride);
            }

            if (target is null || block)
                continue;
            for (var c = 0; c < count; c++)
            {
                var sum = V.Sum(V.Load(work.SharedSums + (c * V.Count)));
                target[c] = overwriteParameters ? sum : target[c] + sum;
            }
        }
    }

    // The exponentials of the limited widths and heights, and behind them their sums.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineBins(in SplineWork work, T* raw, long stride)
    {
        var bins = work.Bins;
        var rate = V.Create(work.BinRate);
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
    private static void SplineBinsWithSlopes(in SplineWork work, T* raw, long stride)
    {
        var bins = work.Bins;
        var rate = V.Create(work.BinRate);
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

    // The shared parameters of a feature, repeated in every lane, and their exponentials.
    private static void SplineSharedBins(in SplineWork work, T* raw, bool withSlopes)
    {
        // The sums' place holds the repeated parameters until the exponentials are taken.
        var repeated = work.SharedSums;
        for (var c = 0; c < (3 * work.Bins) - 1; c++)
            V.Store(V.Create(raw[c]), repeated + (c * V.Count));
        if (withSlopes)
            SplineBinsWithSlopes(work, repeated, V.Count);
        else
            SplineBins(work, repeated, V.Count);
        for (var c = 0; c < work.Bins - 1; c++)
            V.Store(V.Create(raw[(2 * work.Bins) + c]), work.SharedDerivatives + (c * V.Count));
    }

    // Finds the bin of each lane: the last one whose lower knot is strictly below the argument. Its parts go to the
    // places of SplineWork.Found.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineLocate(in SplineWork work, V argument, T* derivatives, long stride)
    {
        var bins = work.Bins;
        var e = work.Inverse ? work.Heights : work.Widths;
        var toOther = work.Inverse ? work.Widths - work.Heights : work.Heights - work.Widths;
        var minusBound = V.Create(-work.Bound);
        var zero = V.Create(T.Zero);
        var one = V.Create(T.One);
        var scale = V.Create(work.Bound + work.Bound) / V.Load(e + (bins * V.Count));

        // Bin 0, whose outer derivative e^0 = 1 comes of a raw 0.
        var part = V.Load(e);
        var otherPart = V.Load(e + toOther);
        var lowDerivative = zero;
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
            var below = V.LessThan(SplineFormula<V, T>.Knot(running, scale, minusBound), argument);
            var next = k < bins - 1 ? V.Load(derivatives) : zero;
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

        // Not above the last knot rather than below it, so that NaN parameters stay inside and show in the result.
        var inside = V.Select(
            V.LessThan(SplineFormula<V, T>.Knot(running, scale, minusBound), argument), zero, V.LessThan(minusBound, argument));
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

    // Corner, width and height of the bin that was found. The width is the difference of the rounded knots, so that the
    // position in a bin never leaves [0, 1] and neighbouring bins meet.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplineCorner(in SplineWork work, V scale, int part, out V low, out V size)
    {
        var minusBound = V.Create(-work.Bound);
        var sum = V.Load(work.Found + (part * V.Count));
        low = SplineFormula<V, T>.Knot(sum, scale, minusBound);
        size = SplineFormula<V, T>.Knot(sum + V.Load(work.Found + ((part + 1) * V.Count)), scale, minusBound) - low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SplineScale(in SplineWork work, T* exponentials) =>
        V.Create(work.Bound + work.Bound) / V.Load(exponentials + (work.Bins * V.Count));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineValue(in SplineWork work, T* argument, T* result, T* logDet, bool first)
    {
        var zero = V.Create(T.Zero);
        var x = V.Load(argument);
        SplineCorner(work, SplineScale(work, work.Widths), 4, out var x0, out var w);
        SplineCorner(work, SplineScale(work, work.Heights), 6, out var y0, out var h);
        var rate = V.Create(work.DerivativeRate);
        var d0 = V.Exp(SplineFormula<V, T>.Limit(V.Load(work.Found + (2 * V.Count)), rate, out _));
        var d1 = V.Exp(SplineFormula<V, T>.Limit(V.Load(work.Found + (3 * V.Count)), rate, out _));
        var r = work.Inverse ? SplineFormula<V, T>.Position(x, w, y0, h, d0, d1) : (x - x0) / w;
        var y = SplineFormula<V, T>.Value(r, w, y0, h, d0, d1, out var derivative);
        var log = V.Log(derivative);
        if (work.Inverse)
        {
            y = V.FusedMultiplyAdd(r, w, x0);
            log = -log;
        }

        var inside = V.Load(work.Found);
        V.Store(V.Select(inside, y, x), result);
        log = V.Select(inside, log, zero);
        V.Store(first ? log : V.Load(logDet) + log, logDet);
    }

    // The adjoint of the argument, and what the third sweep needs: see SplineWork.Found.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineBinAdjoint(in SplineWork work, T* argument, T* adjoint, T* logAdjoint, T* argumentAdjoint)
    {
        var zero = V.Create(T.Zero);
        var x = V.Load(argument);
        var gy = adjoint is null ? zero : V.Load(adjoint);
        var gl = logAdjoint is null ? zero : V.Load(logAdjoint);
        var widthScale = SplineScale(work, work.Widths);
        var heightScale = SplineScale(work, work.Heights);
        SplineCorner(work, widthScale, 4, out var x0, out var w);
        SplineCorner(work, heightScale, 6, out var y0, out var h);
        var rate = V.Create(work.DerivativeRate);
        var d0 = V.Exp(SplineFormula<V, T>.Limit(V.Load(work.Found + (2 * V.Count)), rate, out var factor0));
        var d1 = V.Exp(SplineFormula<V, T>.Limit(V.Load(work.Found + (3 * V.Count)), rate, out var factor1));
        var r = work.Inverse ? SplineFormula<V, T>.Position(x, w, y0, h, d0, d1) : (x - x0) / w;
        SplineFormula<V, T>.Adjoint(
            work.Inverse, r, w, h, d0, d1, gy, gl, out var dx, out var gx0, out var gw, out var gy0, out var gh, out var gd0, out var gd1);

        // Outside the map is the identity, and no parameter has a say.
        var inside = V.Load(work.Found);
        if (argumentAdjoint is not null)
            V.Store(V.Load(argumentAdjoint) + V.Select(inside, dx, gy), argumentAdjoint);
        V.Store(V.Select(inside, gd0 * d0 * factor0 * factor0, zero), work.Found + (2 * V.Count));
        V.Store(V.Select(inside, gd1 * d1 * factor1 * factor1, zero), work.Found + (3 * V.Count));
        SplineSoftmaxAdjoint(work, inside, widthScale, 4, gx0, gw);
        SplineSoftmaxAdjoint(work, inside, heightScale, 6, gy0, gh);
    }

    // The three numbers of SplineFormula.ShareAdjoint go where the third sweep looks for them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplineSoftmaxAdjoint(in SplineWork work, V inside, V scale, int part, V g0, V g1)
    {
        var zero = V.Create(T.Zero);
        var found = work.Found + (part * V.Count);
        SplineFormula<V, T>.ShareAdjoint(
            g0, g1, V.Load(found), V.Load(found + V.Count), scale, V.Create(work.OverTwiceBound), out var below, out var here, out var above);
        V.Store(V.Select(inside, below, zero), found);
        V.Store(V.Select(inside, here, zero), found + V.Count);
        V.Store(V.Select(inside, above, zero), work.Found + ((part == 4 ? 8 : 9) * V.Count));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineParameterAdjoint(in SplineWork work, T* target, long stride) => SplineThirdSweep(work, target, stride, false);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SplineParameterAdjointFresh(in SplineWork work, T* target, long stride) => SplineThirdSweep(work, target, stride, true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SplineThirdSweep(in SplineWork work, T* target, long stride, bool overwrite)
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

            // Derivative k belongs to the knot between bins k and k + 1.
            var next = V.Equal(number, index);
            if (k < bins - 1)
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
    }

    // Constants and scratch of one call; every place holds whole registers.
    private readonly struct SplineWork
    {
        public readonly int Bins;
        public readonly bool Inverse;
        public readonly T Bound;
        public readonly T OverTwiceBound;
        public readonly T BinRate;
        public readonly T DerivativeRate;

        // K exponentials and their sum, each.
        public readonly T* Widths;
        public readonly T* Heights;

        // The derivatives of the exponentials by the raw parameters, at the same distance from each other.
        public readonly T* WidthSlopes;
        public readonly T* HeightSlopes;

        // K − 1 raw derivatives and 3K − 1 sums, where the parameters are shared.
        public readonly T* SharedDerivatives;
        public readonly T* SharedSums;

        // The found bin: 0 whether inside, 1 its index, 2 and 3 its raw derivatives, 4 and 5 the exponentials below it and its
        // own for the widths, 6 and 7 for the heights. Then, in the adjoint: 2 and 3 the adjoints of the raw derivatives, and
        // the factors of the third sweep: 4 below, 5 here, 8 above for the widths, 6, 7, 9 for the heights.
        public readonly T* Found;

        public SplineWork(in SplineSettings settings, T* scratch, bool inverse)
        {
            Bins = settings.Bins;
            Inverse = inverse;
            var limit = Math.Abs(Math.Log(settings.Slope));
            Bound = T.CreateChecked(settings.Bound);
            OverTwiceBound = T.CreateChecked(0.5 / settings.Bound);
            BinRate = T.CreateChecked(2 / limit);
            DerivativeRate = T.CreateChecked(1 / limit);
            var run = (Bins + 1) * V.Count;
            Found = scratch;
            Widths = Found + (10 * V.Count);
            Heights = Widths + run;
            WidthSlopes = Heights + run;
            HeightSlopes = WidthSlopes + run;
            SharedDerivatives = HeightSlopes + run;
            SharedSums = SharedDerivatives + run;
        }

        public static int ScratchLength(int bins) => checked((10 + (8 * (bins + 1))) * V.Count);
    }
}
