using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>Triangular systems with a shared matrix, and the log-determinant of a triangular matrix. A lane holds one row.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void TriangularSolve(in Matrix<T> lower, bool transposed, bool unitDiagonal, in Matrix<T> x, in Matrix<T> y)
    {
        var matrix = lower.Pointer;
        var from = x.Pointer;
        var to = y.Pointer;
        var rows = y.PaddedRows;
        var row = 0;
        for (; row <= rows - V.Count; row += V.Count)
            TriangularSolveOfRows<WholeAccess<V, T>>(matrix, lower.Columns, transposed, unitDiagonal, from + row, x.Stride, to + row, y.Stride, V.Count);
        if (row < rows)
            TriangularSolveOfRows<PartialAccess<V, T>>(matrix, lower.Columns, transposed, unitDiagonal, from + row, x.Stride, to + row, y.Stride, rows - row);
    }

    public override void TriangularSolveMatrixAdjoint(
        in Matrix<T> solvedAdjoint, in Matrix<T> y, bool transposed, bool unitDiagonal, in Matrix<T> dlower)
    {
        // L y = x gives dL_ij = −Σ_r x̄_ri y_rj, and Lᵀ y = x gives dL_ij = −Σ_r y_ri x̄_rj, for j ≤ i. Padding has x̄ = 0.
        var size = dlower.Columns;
        var matrix = dlower.Pointer;
        var byRow = transposed ? y : solvedAdjoint;
        var byColumn = transposed ? solvedAdjoint : y;
        for (var i = 0; i < size; i++)
        {
            var first = byRow.Column(i);
            for (var j = 0; j < (unitDiagonal ? i : i + 1); j++)
                matrix[(i * size) + j] -= DotRun(first, byColumn.Column(j), y.PaddedRows);
        }
    }

    public override void LogAbsDiagonal(in Matrix<T> matrix, in Matrix<T> y)
    {
        var sum = T.Zero;
        for (var i = 0; i < matrix.Columns; i++)
            sum += T.Log(T.Abs(matrix.Column(i)[i]));
        *y.Pointer = sum;
    }

    public override void LogAbsDiagonalAdjoint(in Matrix<T> matrix, in Matrix<T> dy, in Matrix<T> dmatrix)
    {
        var adjoint = *dy.Pointer;
        for (var i = 0; i < matrix.Columns; i++)
            dmatrix.Column(i)[i] += adjoint / matrix.Column(i)[i];
    }

    // Σ a b over a contiguous run, lanes added last; the remainder is a partial register.
    private static T DotRun(T* a, T* b, int length)
    {
        var sum = Constant<V, T>.Zero;
        var i = 0;
        for (; i <= length - V.Count; i += V.Count)
            sum = V.FusedMultiplyAdd(V.Load(a + i), V.Load(b + i), sum);
        if (i < length)
            sum = V.FusedMultiplyAdd(V.LoadPartial(a + i, length - i), V.LoadPartial(b + i, length - i), sum);
        return V.Sum(sum);
    }

    // Forward substitution with L, backward substitution with Lᵀ: y_i = (x_i − Σ_j M_ij y_j) / M_ii over the j solved
    // before. x_i is read before y_i is written, so x and y may be one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TriangularSolveOfRows<A>(
        T* lower, int size, bool transposed, bool unitDiagonal, T* x, int stride, T* y, int resultStride, int count)
        where A : struct, IAccess<V, T>
    {
        for (var step = 0; step < size; step++)
        {
            var i = transposed ? size - 1 - step : step;
            var value = A.Load(x + ((long)i * stride), count);
            for (var solved = 0; solved < step; solved++)
            {
                var j = transposed ? size - 1 - solved : solved;
                var element = transposed ? lower[((long)j * size) + i] : lower[((long)i * size) + j];
                value = V.FusedMultiplyAdd(V.Create(-element), A.Load(y + ((long)j * resultStride), count), value);
            }

            if (!unitDiagonal)
                value /= V.Create(lower[((long)i * size) + i]);
            A.Store(value, y + ((long)i * resultStride), count);
        }
    }
}
