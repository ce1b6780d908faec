using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>
/// Sums: over the columns a thread has a row; over the rows a group has a column, its threads take the rows in turn, and
/// their sums are added in a fixed order.
/// </summary>
internal static class ReductionKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y[r] = Σ_j x[r, j].</summary>
    public static void SumColumns(Index1D row, DeviceMatrix<T> x, int columns, DeviceMatrix<T> y)
    {
        var sum = V.Create(x[row, 0]);
        for (var column = 1; column < columns; column++)
            sum += V.Create(x[row, column]);
        y[row, 0] = V.ToNumber(sum);
    }

    /// <summary>y[j] (+)= Σ_r x[r, j] over the given rows; a group for each column.</summary>
    public static void SumRows(DeviceMatrix<T> x, int rows, DeviceMatrix<T> y, int accumulate)
    {
        var column = Grid.IdxX;
        var sum = V.Constant(0f, 0.0);
        for (var row = Group.IdxX; row < rows; row += Group.DimX)
            sum += V.Create(x[row, column]);
        sum = GroupSum.Of<V, T>(sum);
        if (Group.IdxX != 0)
            return;
        if (accumulate != 0)
            sum = V.Create(y[0, column]) + sum;
        y[0, column] = V.ToNumber(sum);
    }

    /// <summary>d[j] += Σ_r dy f', for an operand that is repeated over the rows; a group for each of its columns, or one for all where it is a single number.</summary>
    public static void BinaryAdjoint<F>(DeviceOperand<T> a, DeviceOperand<T> b, DeviceMatrix<T> dy, DeviceMatrix<T> d, int rows, int columnsOfGroup)
        where F : struct, IPartialDerivative
    {
        var sum = V.Constant(0f, 0.0);
        for (var i = 0; i < columnsOfGroup; i++)
        {
            var column = Grid.IdxX + i;
            for (var row = Group.IdxX; row < rows; row += Group.DimX)
                sum = V.FusedMultiplyAdd(V.Create(dy[row, column]), F.Value<V, T>(V.Create(a[row, column]), V.Create(b[row, column])), sum);
        }

        sum = GroupSum.Of<V, T>(sum);
        if (Group.IdxX == 0)
            d[0, Grid.IdxX] = V.ToNumber(V.Create(d[0, Grid.IdxX]) + sum);
    }

    /// <summary>d[j] += Σ_r dy where the operand was taken, for one that is repeated over the rows; groups as in <see cref="BinaryAdjoint{F}"/>.</summary>
    public static void SelectAdjoint(DeviceOperand<T> mask, int first, DeviceMatrix<T> dy, DeviceMatrix<T> d, int rows, int columnsOfGroup)
    {
        var sum = V.Constant(0f, 0.0);
        for (var i = 0; i < columnsOfGroup; i++)
        {
            var column = Grid.IdxX + i;
            for (var row = Group.IdxX; row < rows; row += Group.DimX)
                sum += ElementwiseKernels<V, T>.Taken(V.Create(mask[row, column]), first, V.Create(dy[row, column]));
        }

        sum = GroupSum.Of<V, T>(sum);
        if (Group.IdxX == 0)
            d[0, Grid.IdxX] = V.ToNumber(V.Create(d[0, Grid.IdxX]) + sum);
    }

    /// <summary>y[r] = ln Σ_j e^x[r, j].</summary>
    public static void LogSumExp(Index1D row, DeviceMatrix<T> x, int columns, DeviceMatrix<T> y)
    {
        var largest = V.Create(x[row, 0]);
        for (var column = 1; column < columns; column++)
            largest = V.Max(largest, V.Create(x[row, column]));
        var shift = LogSumExpFormula<V, T>.Shift(largest);
        var sum = V.Constant(0f, 0.0);
        for (var column = 0; column < columns; column++)
            sum += V.Exp(V.Create(x[row, column]) - shift);
        y[row, 0] = V.ToNumber(LogSumExpFormula<V, T>.Value(shift, sum));
    }

    /// <summary>dx[r, j] += dy[r] e^(x[r, j] − y[r]).</summary>
    public static void LogSumExpAdjoint(Index2D index, DeviceMatrix<T> x, DeviceMatrix<T> y, DeviceMatrix<T> dy, DeviceMatrix<T> dx)
    {
        var shift = LogSumExpFormula<V, T>.Shift(V.Create(y[index.X, 0]));
        dx[index.X, index.Y] = V.ToNumber(LogSumExpFormula<V, T>.Adjoint(
            V.Create(x[index.X, index.Y]), shift, V.Create(dy[index.X, 0]), V.Create(dx[index.X, index.Y])));
    }

    /// <summary>y[r] = Σ_j ln N(x[r, j]; location_j, scale_j).</summary>
    public static void NormalLogDensity(
        Index1D row, DeviceMatrix<T> x, int columns, DeviceMatrix<T> location, int hasLocation, DeviceMatrix<T> scale, int hasScale, DeviceMatrix<T> y)
    {
        var zero = V.Constant(0f, 0.0);
        var one = V.Constant(1f, 1.0);
        var squares = zero;
        var constant = V.FromInteger(-columns) * Constant<V, T>.Of(NormalFormula<V, T>.HalfLogTwoPi);
        for (var column = 0; column < columns; column++)
        {
            var mean = hasLocation != 0 ? V.Create(location[0, column]) : zero;
            var reciprocal = one;
            if (hasScale != 0)
            {
                reciprocal = one / V.Create(scale[0, column]);
                constant -= V.Log(V.Create(scale[0, column]));
            }

            var z = NormalFormula<V, T>.Standardise(V.Create(x[row, column]), mean, reciprocal);
            squares = V.FusedMultiplyAdd(z, z, squares);
        }

        y[row, 0] = V.ToNumber(NormalFormula<V, T>.Value(squares, constant));
    }

    /// <summary>The adjoints of <see cref="NormalLogDensity"/>; a group for each column. Padding has dy = 0.</summary>
    public static void NormalLogDensityAdjoint(
        DeviceMatrix<T> x, int rows, DeviceMatrix<T> location, int hasLocation, DeviceMatrix<T> scale, int hasScale, DeviceMatrix<T> dy,
        DeviceMatrix<T> dx, int wantsX, DeviceMatrix<T> dlocation, int wantsLocation, DeviceMatrix<T> dscale, int wantsScale)
    {
        var column = Grid.IdxX;
        var zero = V.Constant(0f, 0.0);
        var one = V.Constant(1f, 1.0);
        var mean = hasLocation != 0 ? V.Create(location[0, column]) : zero;
        var reciprocal = hasScale != 0 ? one / V.Create(scale[0, column]) : one;
        var byLocation = zero;
        var byScale = zero;
        for (var row = Group.IdxX; row < rows; row += Group.DimX)
        {
            var z = NormalFormula<V, T>.Standardise(V.Create(x[row, column]), mean, reciprocal);
            NormalFormula<V, T>.Adjoint(z, V.Create(dy[row, 0]), out var minusByArgument, out var ofLocation, out var ofScale);
            byLocation += ofLocation;
            byScale += ofScale;
            if (wantsX != 0)
                dx[row, column] = V.ToNumber(V.Create(dx[row, column]) - (minusByArgument * reciprocal));
        }

        byLocation = GroupSum.Of<V, T>(byLocation);
        byScale = GroupSum.Of<V, T>(byScale);
        if (Group.IdxX != 0)
            return;
        if (wantsLocation != 0)
            dlocation[0, column] = V.ToNumber(V.Create(dlocation[0, column]) + (byLocation * reciprocal));
        if (wantsScale != 0)
            dscale[0, column] = V.ToNumber(V.Create(dscale[0, column]) + (byScale * reciprocal));
    }
}
