using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>Triangular systems with a shared matrix in row-major order, and the log-determinant of a triangular matrix.</summary>
internal static class TriangularKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Forward or backward substitution; a thread has a row. x may be y.</summary>
    public static void Solve(Index1D row, ArrayView<T> lower, int size, int transposed, int unitDiagonal, DeviceMatrix<T> x, DeviceMatrix<T> y)
    {
        for (var step = 0; step < size; step++)
        {
            var i = transposed != 0 ? size - 1 - step : step;
            var value = V.Create(x[row, i]);
            for (var solved = 0; solved < step; solved++)
            {
                var j = transposed != 0 ? size - 1 - solved : solved;
                var element = V.Create(transposed != 0 ? lower[(j * size) + i] : lower[(i * size) + j]);
                value = V.FusedMultiplyAdd(-element, V.Create(y[row, j]), value);
            }

            if (unitDiagonal == 0)
                value /= V.Create(lower[(i * size) + i]);
            y[row, i] = V.ToNumber(value);
        }
    }

    /// <summary>dL_ij −= Σ_r byRow_ri byColumn_rj on and below the diagonal; a group for each element of the matrix.</summary>
    public static void MatrixAdjoint(DeviceMatrix<T> byRow, DeviceMatrix<T> byColumn, int rows, int size, int unitDiagonal, ArrayView<T> dlower)
    {
        var i = Grid.IdxX / size;
        var j = Grid.IdxX - (i * size);

        // The same for all threads of the group, so that none waits for another at a barrier.
        if (j > i || (j == i && unitDiagonal != 0))
            return;
        var sum = V.Constant(0f, 0.0);
        for (var row = Group.IdxX; row < rows; row += Group.DimX)
            sum = V.FusedMultiplyAdd(V.Create(byRow[row, i]), V.Create(byColumn[row, j]), sum);
        sum = GroupSum.Of<V, T>(sum);
        if (Group.IdxX == 0)
            dlower[Grid.IdxX] = V.ToNumber(V.Create(dlower[Grid.IdxX]) - sum);
    }

    /// <summary>y = Σ_i ln |A_ii|; one thread, as the matrix is small and the sum has an order.</summary>
    public static void LogAbsDiagonal(Index1D index, DeviceMatrix<T> matrix, int size, DeviceMatrix<T> y)
    {
        var sum = V.Constant(0f, 0.0);
        for (var i = 0; i < size; i++)
            sum += V.Log(V.Abs(V.Create(matrix[i, i])));
        y[index, 0] = V.ToNumber(sum);
    }

    /// <summary>dA_ii += dy / A_ii.</summary>
    public static void LogAbsDiagonalAdjoint(Index1D i, DeviceMatrix<T> matrix, DeviceMatrix<T> dy, DeviceMatrix<T> dmatrix) =>
        dmatrix[i, i] = V.ToNumber(V.Create(dmatrix[i, i]) + (V.Create(dy[0, 0]) / V.Create(matrix[i, i])));
}
