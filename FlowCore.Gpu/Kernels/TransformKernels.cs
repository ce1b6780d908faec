using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>
/// The affine map and the Gaussianization: a thread has one feature of one row. The log-derivatives go to a column for each feature, which
/// are added up in a second kernel, in the order of the features.
/// </summary>
internal static class TransformKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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

    /// <summary>The Gaussianization or its inverse.</summary>
    public static void Gaussianization(
        Index2D index, GaussianizationConstants<T> constants, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions, DeviceMatrix<T> y, DeviceMatrix<T> logs)
    {
        var mixture = new DeviceMixture<V, T>(constants.Components, parameters, index.X, 2 * constants.Components * positions[index.Y], logs, 0);
        var argument = V.Create(x[index.X, index.Y]);
        var result = constants.Inverse != 0
            ? GaussianizationFormula<V, T, DeviceMixture<V, T>>.Inverse(constants, mixture, argument, out var logSlope)
            : GaussianizationFormula<V, T, DeviceMixture<V, T>>.Value(constants, mixture, argument, out logSlope);
        y[index.X, index.Y] = V.ToNumber(result);
        logs[index.X, index.Y] = V.ToNumber(logSlope);
    }

    /// <summary>The adjoint of <see cref="Gaussianization"/>.</summary>
    public static void GaussianizationAdjoint(
        Index2D index, GaussianizationConstants<T> constants, DeviceMatrix<T> x, DeviceOperand<T> parameters, ArrayView<int> positions, DeviceMatrix<T> y,
        DeviceMatrix<T> dy, int hasResult, DeviceMatrix<T> dlogDet, int hasLogDet,
        DeviceMatrix<T> dx, int wantsX, DeviceMatrix<T> dparameters, int wantsParameters, int overwrite)
    {
        var zero = V.Constant(0f, 0.0);
        var mixture = new DeviceMixture<V, T>(constants.Components, parameters, index.X, 2 * constants.Components * positions[index.Y], dparameters, overwrite);
        var argument = V.Create(x[index.X, index.Y]);
        var result = V.Create(y[index.X, index.Y]);
        var gy = hasResult != 0 ? V.Create(dy[index.X, index.Y]) : zero;
        var gl = hasLogDet != 0 ? V.Create(dlogDet[index.X, 0]) : zero;
        var gx = GaussianizationFormula<V, T, DeviceMixture<V, T>>.Adjoint(
            constants, mixture, constants.Inverse != 0 ? result : argument, constants.Inverse != 0 ? argument : result, gy, gl, wantsParameters != 0);
        if (wantsX != 0)
            dx[index.X, index.Y] = V.ToNumber(V.Create(dx[index.X, index.Y]) + gx);
    }

    internal static void Store(V value, DeviceMatrix<T> target, int row, int column, int overwrite)
    {
        if (overwrite == 0)
            value = V.Create(target[row, column]) + value;
        target[row, column] = V.ToNumber(value);
    }
}
