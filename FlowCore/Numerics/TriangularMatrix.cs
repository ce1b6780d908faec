using System.Numerics.Tensors;

namespace FlowCore.Numerics;

/// <summary>Triangular systems in double precision (Golub and Van Loan, "Matrix Computations", section 3.1).</summary>
/// <remarks>Layout and thread safety: see <see cref="SmallMatrix"/>.</remarks>
internal static class TriangularMatrix
{
    /// <summary>T x = b or Tᵀ x = b in place; the other triangle is not read.</summary>
    /// <param name="triangle">T, n × n.</param>
    /// <param name="n">n.</param>
    /// <param name="upper">Whether T is upper triangular.</param>
    /// <param name="transposed">Whether to solve with Tᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones and is not read.</param>
    /// <param name="x">n × m: b, and then x.</param>
    /// <param name="m">m.</param>
    internal static void Solve(ReadOnlySpan<double> triangle, int n, bool upper, bool transposed, bool unitDiagonal, Span<double> x, int m)
    {
        // The transpose of a lower triangle is an upper one.
        var forward = upper == transposed;
        for (var step = 0; step < n; step++)
        {
            var i = forward ? step : n - 1 - step;
            var row = x.Slice(i * m, m);
            for (var solved = 0; solved < step; solved++)
            {
                var j = forward ? solved : n - 1 - solved;
                SmallMatrix.AddMultiple(x.Slice(j * m, m), -triangle[transposed ? (j * n) + i : (i * n) + j], row);
            }

            if (!unitDiagonal)
                TensorPrimitives.Divide(row, triangle[(i * n) + i], row);
        }
    }
}
