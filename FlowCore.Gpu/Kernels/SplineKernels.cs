using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>
/// The spline: a thread has one feature of one row. The log-derivatives go to a column for each feature, which are added up in
/// a second kernel, in the order of the features.
/// </summary>
internal static class SplineKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The spline or its inverse.</summary>
    public static void Spline<TKind>(
        Index2D index, SplineConstants<T> constants, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions, DeviceMatrix<T> y, DeviceMatrix<T> logs)
        where TKind : struct, ISplineKind
    {
        var bin = SplineBin<V, T>.Find<TKind>(constants, V.Create(x[index.X, index.Y]), parameters, index.X, positions[index.Y] * ((2 * constants.Bins) + constants.Slopes));
        bin.AlongX<TKind>(constants, out var x0, out var x1, out var w);
        bin.AlongY<TKind>(constants, out var y0, out var y1, out var h);
        bin.EndSlopes<TKind>(constants, out var d0, out var d1, out _, out _);
        var argument = bin.Argument;
        var inverse = constants.Inverse != 0;
        var near = Position(inverse, argument, x0, x1, w, y0, y1, h, d0, d1, out var mirrored);
        var part = SplineFormula<V, T>.Value(near, mirrored, w, h, d0, d1, out var derivative);
        var log = V.Log(derivative);
        if (inverse)
            log = -log;
        var result = inverse ? SplineFormula<V, T>.FromNear(near, mirrored, x0, x1, w) : SplineFormula<V, T>.FromNear(part, mirrored, y0, y1, h);

        if (TKind.IsPlain || constants.IdentityOutside != 0)
        {
            result = V.Select(bin.Inside, result, argument);
            log = V.Select(bin.Inside, log, V.Constant(0f, 0.0));
        }
        else if (constants.Circular != 0)
        {
            result = V.FusedMultiplyAdd(bin.Turns, V.Create(constants.Inverse != 0 ? constants.RangeX : constants.RangeY), result);
        }
        else if (constants.Bounded != 0)
        {
            result = V.Select(bin.Inside, result, argument);
            log = V.Select(bin.Inside, log, V.Constant(float.NegativeInfinity, double.NegativeInfinity));
        }
        else
        {
            var slope = Tail(constants, argument, d0, d1, out _, out var end, out var image);
            var logSlope = V.Log(slope);
            result = V.Select(bin.Inside, result, SplineTailFormula<V, T>.Line(constants.Inverse != 0, argument, slope, end, image));
            log = V.Select(bin.Inside, log, constants.Inverse != 0 ? -logSlope : logSlope);
        }

        y[index.X, index.Y] = V.ToNumber(result);
        logs[index.X, index.Y] = V.ToNumber(log);
    }

    /// <summary>The adjoint of <see cref="Spline"/>.</summary>
    public static void SplineAdjoint<TKind>(
        Index2D index, SplineConstants<T> constants, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions,
        DeviceMatrix<T> dy, int hasResult, DeviceMatrix<T> dlogDet, int hasLogDet,
        DeviceMatrix<T> dx, int wantsX, DeviceMatrix<T> dparameters, int wantsParameters, int overwrite)
        where TKind : struct, ISplineKind
    {
        var zero = V.Constant(0f, 0.0);
        var bins = constants.Bins;
        var first = positions[index.Y] * ((2 * bins) + constants.Slopes);
        var bin = SplineBin<V, T>.Find<TKind>(constants, V.Create(x[index.X, index.Y]), parameters, index.X, first);
        bin.AlongX<TKind>(constants, out var x0, out var x1, out var w);
        bin.AlongY<TKind>(constants, out var y0, out var y1, out var h);
        bin.EndSlopes<TKind>(constants, out var d0, out var d1, out var factor0, out var factor1);
        var argument = bin.Argument;
        var gy = hasResult != 0 ? V.Create(dy[index.X, index.Y]) : zero;
        var gl = hasLogDet != 0 ? V.Create(dlogDet[index.X, 0]) : zero;
        var near = Position(constants.Inverse != 0, argument, x0, x1, w, y0, y1, h, d0, d1, out var mirrored);
        SplineFormula<V, T>.Adjoint(
            constants.Inverse != 0, near, mirrored, w, h, d0, d1, gy, gl, out var gx, out var gx0, out var gw, out var gy0, out var gh, out var gd0, out var gd1);

        // Outside no bin has a say. The map is the identity there, or a line whose slope may be a parameter, or nothing.
        var inside = bin.Inside;
        var lower = zero;
        var upper = zero;
        if (TKind.IsPlain || constants.IdentityOutside != 0)
        {
            gx = V.Select(inside, gx, gy);
        }
        else if (constants.Bounded != 0)
        {
            inside = V.Select(RowOutside(constants, x, index.X, positions.IntLength), zero, inside);
            gx = V.Select(inside, gx, zero);
        }
        else if (constants.Circular == 0)
        {
            var slope = Tail(constants, argument, d0, d1, out var below, out var end, out var image);
            SplineTailFormula<V, T>.LineAdjoint(constants.Inverse != 0, argument, slope, end, image, gy, gl, out var lineX, out var lineSlope);
            gx = V.Select(inside, gx, lineX);
            lower = RawAdjoint<TKind>(V.Select(below, lineSlope, zero), d0, factor0);
            upper = RawAdjoint<TKind>(V.Select(below, zero, lineSlope), d1, factor1);
        }

        if (wantsX != 0)
            dx[index.X, index.Y] = V.ToNumber(V.Create(dx[index.X, index.Y]) + gx);
        if (wantsParameters == 0)
            return;
        var widthSum = bin.WidthSum;
        var heightSum = bin.HeightSum;
        var ownWidth = bin.Width;
        var ownHeight = bin.Height;
        if (TKind.IsSoftmax)
        {
            var number = V.FromInteger(bin.Index);
            var widthFloor = V.Create(constants.FloorX);
            var heightFloor = V.Create(constants.FloorY);
            widthSum = V.FusedMultiplyAdd(-number, widthFloor, widthSum);
            heightSum = V.FusedMultiplyAdd(-number, heightFloor, heightSum);
            ownWidth -= widthFloor;
            ownHeight -= heightFloor;
        }

        SplineFormula<V, T>.ShareAdjoint(
            gx0, gw, widthSum, ownWidth, bin.WidthScale, V.Create(constants.OverRangeX), out var widthBelow, out var widthHere, out var widthAbove);
        SplineFormula<V, T>.ShareAdjoint(
            gy0, gh, heightSum, ownHeight, bin.HeightScale, V.Create(constants.OverRangeY), out var heightBelow, out var heightHere, out var heightAbove);
        lower = V.Select(inside, RawAdjoint<TKind>(gd0, d0, factor0), lower);
        upper = V.Select(inside, RawAdjoint<TKind>(gd1, d1, factor1), upper);
        for (var k = 0; k < bins; k++)
        {
            var width = k < bin.Index ? widthBelow : k == bin.Index ? widthHere : widthAbove;
            var height = k < bin.Index ? heightBelow : k == bin.Index ? heightHere : heightAbove;
            width = PartSlope<TKind>(constants, bin.WidthShift, bin.WidthReciprocal, bin.WidthRest, constants.FreeX, parameters, index.X, first + k) * V.Select(inside, width, zero);
            height = PartSlope<TKind>(constants, bin.HeightShift, bin.HeightReciprocal, bin.HeightRest, constants.FreeY, parameters, index.X, first + bins + k) * V.Select(inside, height, zero);
            Store(width, dparameters, index.X, first + k, overwrite);
            Store(height, dparameters, index.X, first + bins + k, overwrite);
        }

        // The first slope belongs to knot 0 or, where those of the ends are given, to knot 1; with tied ends the first one
        // belongs to the last knot too.
        var knot = TKind.IsPlain || constants.GivenEnds != 0 ? 1 : 0;
        var next = bin.Index + 1;
        if (!TKind.IsPlain && constants.Slopes == bins && next == bins)
            next = 0;
        for (var k = 0; k < constants.Slopes; k++)
            Store(k + knot == bin.Index ? lower : k + knot == next ? upper : zero, dparameters, index.X, first + (2 * bins) + k, overwrite);
    }

    // The position in the bin along x, from the nearer end: of an argument x, or of the solution at a value.
    private static V Position(bool inverse, V argument, V x0, V x1, V w, V y0, V y1, V h, V d0, V d1, out V mirrored)
    {
        if (!inverse)
            return SplineFormula<V, T>.Near(argument, x0, x1, w, out mirrored);
        var part = SplineFormula<V, T>.Near(argument, y0, y1, h, out mirrored);
        return SplineFormula<V, T>.Position(part, mirrored, w, h, d0, d1);
    }

    // The corner and the slope of the straight line on which an argument outside lies: an argument below is found in the
    // first bin, one above in the last.
    private static V Tail(in SplineConstants<T> constants, V argument, V d0, V d1, out V below, out V end, out V image)
    {
        below = V.LessThan(argument, V.Create(constants.Inverse != 0 ? constants.LowerY : constants.LowerX));
        end = V.Select(below, V.Create(constants.LowerX), V.Create(constants.UpperX));
        image = V.Select(below, V.Create(constants.LowerY), V.Create(constants.UpperY));
        return V.Select(below, d0, d1);
    }

    // Whether any feature of a row is outside its interval: then no adjoint of the row comes out.
    private static V RowOutside(in SplineConstants<T> constants, DeviceMatrix<T> x, int row, int features)
    {
        var lower = V.Create(constants.Inverse != 0 ? constants.LowerY : constants.LowerX);
        var upper = V.Create(constants.Inverse != 0 ? constants.UpperY : constants.UpperX);
        var outside = V.Constant(0f, 0.0);
        for (var feature = 0; feature < features; feature++)
            outside |= SplineTailFormula<V, T>.Outside(V.Create(x[row, feature]), lower, upper);
        return outside;
    }

    // The derivative of a part by its raw parameter.
    private static V PartSlope<TKind>(
        in SplineConstants<T> constants, V shift, V reciprocal, V rest, T free, DeviceOperand<T> parameters, int row, int column)
        where TKind : struct, ISplineKind
    {
        var raw = V.Create(parameters[row, column]);
        var rate = V.Create(constants.BinRate);
        if (TKind.IsSoftmax)
            return V.Create(free) * rate * SplineFormula<V, T>.Share(V.Exp((raw - shift) * rate), reciprocal, rest);
        var exponential = V.Exp(SplineFormula<V, T>.Limit(raw, rate, out var factor));
        return exponential * factor * factor;
    }

    // The adjoint of a raw slope from that of the slope.
    private static V RawAdjoint<TKind>(V adjoint, V slope, V factor)
        where TKind : struct, ISplineKind => TKind.IsSoftmax ? adjoint * factor : adjoint * slope * factor * factor;

    private static void Store(V value, DeviceMatrix<T> target, int row, int column, int overwrite)
    {
        if (overwrite == 0)
            value = V.Create(target[row, column]) + value;
        target[row, column] = V.ToNumber(value);
    }
}
