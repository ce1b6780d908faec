using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>
/// The elementwise transforms: a thread has one feature of one row. The log-derivatives go to a column for each feature, which
/// are added up in a second kernel, in the order of the features.
/// </summary>
internal static class TransformKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The spline or its inverse.</summary>
    public static void Spline(
        Index2D index, SplineConstants<T> constants, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions, DeviceMatrix<T> y, DeviceMatrix<T> logs)
    {
        var argument = V.Create(x[index.X, index.Y]);
        var bin = SplineBin<V, T>.Find(constants, argument, parameters, index.X, positions[index.Y] * ((3 * constants.Bins) - 1));
        var minusBound = V.Create(-constants.Bound);
        bin.AlongX(minusBound, out var x0, out var w);
        bin.AlongY(minusBound, out var y0, out var h);
        var rate = V.Create(constants.DerivativeRate);
        var d0 = V.Exp(SplineFormula<V, T>.Limit(bin.LowDerivative, rate, out _));
        var d1 = V.Exp(SplineFormula<V, T>.Limit(bin.HighDerivative, rate, out _));
        var r = constants.Inverse != 0 ? SplineFormula<V, T>.Position(argument, w, y0, h, d0, d1) : (argument - x0) / w;
        var result = SplineFormula<V, T>.Value(r, w, y0, h, d0, d1, out var derivative);
        var log = V.Log(derivative);
        if (constants.Inverse != 0)
        {
            result = V.FusedMultiplyAdd(r, w, x0);
            log = -log;
        }

        y[index.X, index.Y] = V.ToNumber(V.Select(bin.Inside, result, argument));
        logs[index.X, index.Y] = V.ToNumber(V.Select(bin.Inside, log, V.Constant(0f, 0.0)));
    }

    /// <summary>The adjoint of <see cref="Spline"/>.</summary>
    public static void SplineAdjoint(
        Index2D index, SplineConstants<T> constants, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions,
        DeviceMatrix<T> dy, int hasResult, DeviceMatrix<T> dlogDet, int hasLogDet,
        DeviceMatrix<T> dx, int wantsX, DeviceMatrix<T> dparameters, int wantsParameters, int overwrite)
    {
        var zero = V.Constant(0f, 0.0);
        var bins = constants.Bins;
        var first = positions[index.Y] * ((3 * bins) - 1);
        var argument = V.Create(x[index.X, index.Y]);
        var bin = SplineBin<V, T>.Find(constants, argument, parameters, index.X, first);
        var minusBound = V.Create(-constants.Bound);
        bin.AlongX(minusBound, out var x0, out var w);
        bin.AlongY(minusBound, out var y0, out var h);
        var gy = hasResult != 0 ? V.Create(dy[index.X, index.Y]) : zero;
        var gl = hasLogDet != 0 ? V.Create(dlogDet[index.X, 0]) : zero;
        var rate = V.Create(constants.DerivativeRate);
        var d0 = V.Exp(SplineFormula<V, T>.Limit(bin.LowDerivative, rate, out var factor0));
        var d1 = V.Exp(SplineFormula<V, T>.Limit(bin.HighDerivative, rate, out var factor1));
        var r = constants.Inverse != 0 ? SplineFormula<V, T>.Position(argument, w, y0, h, d0, d1) : (argument - x0) / w;
        SplineFormula<V, T>.Adjoint(
            constants.Inverse != 0, r, w, h, d0, d1, gy, gl, out var gx, out var gx0, out var gw, out var gy0, out var gh, out var gd0, out var gd1);

        // Outside the map is the identity, and no parameter has a say.
        if (wantsX != 0)
            dx[index.X, index.Y] = V.ToNumber(V.Create(dx[index.X, index.Y]) + V.Select(bin.Inside, gx, gy));
        if (wantsParameters == 0)
            return;
        var overTwiceBound = V.Create(constants.OverTwiceBound);
        SplineFormula<V, T>.ShareAdjoint(
            gx0, gw, bin.WidthSum, bin.Width, bin.WidthScale, overTwiceBound, out var widthBelow, out var widthHere, out var widthAbove);
        SplineFormula<V, T>.ShareAdjoint(
            gy0, gh, bin.HeightSum, bin.Height, bin.HeightScale, overTwiceBound, out var heightBelow, out var heightHere, out var heightAbove);
        var lower = V.Select(bin.Inside, gd0 * d0 * factor0 * factor0, zero);
        var upper = V.Select(bin.Inside, gd1 * d1 * factor1 * factor1, zero);
        var binRate = V.Create(constants.BinRate);
        for (var k = 0; k < bins; k++)
        {
            var width = k < bin.Index ? widthBelow : k == bin.Index ? widthHere : widthAbove;
            var height = k < bin.Index ? heightBelow : k == bin.Index ? heightHere : heightAbove;
            width = Slope(parameters, index.X, first + k, binRate) * V.Select(bin.Inside, width, zero);
            height = Slope(parameters, index.X, first + bins + k, binRate) * V.Select(bin.Inside, height, zero);
            Store(width, dparameters, index.X, first + k, overwrite);
            Store(height, dparameters, index.X, first + bins + k, overwrite);

            // Derivative k belongs to the knot between bins k and k + 1.
            if (k < bins - 1)
                Store(k == bin.Index ? upper : k + 1 == bin.Index ? lower : zero, dparameters, index.X, first + (2 * bins) + k, overwrite);
        }
    }

    /// <summary>The affine map or its inverse.</summary>
    public static void Affine(
        Index2D index, int inverse, T rate, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions, DeviceMatrix<T> y, DeviceMatrix<T> logs)
    {
        var column = 2 * positions[index.Y];
        var shift = V.Create(parameters[index.X, column]);
        var logScale = AffineFormula<V, T>.LogScale(V.Create(parameters[index.X, column + 1]), V.Create(rate), out _);
        y[index.X, index.Y] = V.ToNumber(AffineFormula<V, T>.Value(inverse != 0, V.Create(x[index.X, index.Y]), logScale, shift));
        logs[index.X, index.Y] = V.ToNumber(inverse != 0 ? -logScale : logScale);
    }

    /// <summary>The adjoint of <see cref="Affine"/>.</summary>
    public static void AffineAdjoint(
        Index2D index, int inverse, T rate, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions,
        DeviceMatrix<T> dy, int hasResult, DeviceMatrix<T> dlogDet, int hasLogDet,
        DeviceMatrix<T> dx, int wantsX, DeviceMatrix<T> dparameters, int wantsParameters, int overwrite)
    {
        var zero = V.Constant(0f, 0.0);
        var column = 2 * positions[index.Y];
        var shift = V.Create(parameters[index.X, column]);
        var logScale = AffineFormula<V, T>.LogScale(V.Create(parameters[index.X, column + 1]), V.Create(rate), out var factor);
        var gy = hasResult != 0 ? V.Create(dy[index.X, index.Y]) : zero;
        var gl = hasLogDet != 0 ? V.Create(dlogDet[index.X, 0]) : zero;
        AffineFormula<V, T>.Adjoint(
            inverse != 0, V.Create(x[index.X, index.Y]), logScale, shift, gy, gl, out var gx, out var glogScale, out var gshift);
        if (wantsX != 0)
            dx[index.X, index.Y] = V.ToNumber(V.Create(dx[index.X, index.Y]) + gx);
        if (wantsParameters == 0)
            return;
        Store(gshift, dparameters, index.X, column, overwrite);
        Store(glogScale * factor * factor, dparameters, index.X, column + 1, overwrite);
    }

    // The derivative of an exponential by its raw parameter.
    private static V Slope(DeviceOperand<T> parameters, int row, int column, V rate)
    {
        var exponential = V.Exp(SplineFormula<V, T>.Limit(V.Create(parameters[row, column]), rate, out var factor));
        return exponential * factor * factor;
    }

    private static void Store(V value, DeviceMatrix<T> target, int row, int column, int overwrite)
    {
        if (overwrite == 0)
            value = V.Create(target[row, column]) + value;
        target[row, column] = V.ToNumber(value);
    }
}
