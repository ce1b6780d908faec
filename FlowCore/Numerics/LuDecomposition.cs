namespace FlowCore.Numerics;

/// <summary>P A = L U with partial pivoting, in place (Golub and Van Loan, "Matrix Computations", section 3.4).</summary>
/// <remarks>Layout and thread safety: see <see cref="SmallMatrix"/>.</remarks>
internal static class LuDecomposition
{
    /// <summary>Replaces A by U and, below the diagonal, L, whose diagonal is ones.</summary>
    /// <param name="a">n × n.</param>
    /// <param name="n">n.</param>
    /// <param name="pivots">For each step the row that was exchanged with that of the step.</param>
    /// <returns>−1, or the first step that had no pivot: then the matrix is singular, or holds NaN or ∞, and the factors are of no use.</returns>
    internal static int Factor(Span<double> a, int n, Span<int> pivots)
    {
        for (var k = 0; k < n; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < n; i++)
            {
                if (Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k]))
                    pivot = i;
            }

            pivots[k] = pivot;
            Exchange(a, n, k, pivot);
            var diagonal = a[(k * n) + k];
            if (diagonal == 0 || !double.IsFinite(diagonal))
                return k;
            var row = a.Slice((k * n) + k + 1, n - k - 1);
            for (var i = k + 1; i < n; i++)
            {
                var factor = a[(i * n) + k] / diagonal;
                if (!double.IsFinite(factor))
                    return k;
                a[(i * n) + k] = factor;
                SmallMatrix.AddMultiple(row, -factor, a.Slice((i * n) + k + 1, n - k - 1));
            }
        }

        return -1;
    }

    /// <summary>ln |det A|, which neither overflows nor underflows.</summary>
    /// <param name="factors">What <see cref="Factor"/> left.</param>
    /// <param name="n">n.</param>
    /// <param name="pivots">The exchanges.</param>
    /// <param name="sign">The sign of the determinant, 1 or −1.</param>
    /// <returns>ln |det A|.</returns>
    internal static double LogAbsDeterminant(ReadOnlySpan<double> factors, int n, ReadOnlySpan<int> pivots, out int sign)
    {
        var sum = 0.0;
        sign = 1;
        for (var k = 0; k < n; k++)
        {
            var diagonal = factors[(k * n) + k];
            sum += Math.Log(Math.Abs(diagonal));
            if (pivots[k] != k != diagonal < 0)
                sign = -sign;
        }

        return sum;
    }

    /// <summary>A x = b in place.</summary>
    /// <param name="factors">What <see cref="Factor"/> left.</param>
    /// <param name="n">n.</param>
    /// <param name="pivots">The exchanges.</param>
    /// <param name="x">n × m: b, and then x.</param>
    /// <param name="m">m.</param>
    internal static void Solve(ReadOnlySpan<double> factors, int n, ReadOnlySpan<int> pivots, Span<double> x, int m)
    {
        for (var k = 0; k < n; k++)
            Exchange(x, m, k, pivots[k]);
        TriangularMatrix.Solve(factors, n, upper: false, transposed: false, unitDiagonal: true, x, m);
        TriangularMatrix.Solve(factors, n, upper: true, transposed: false, unitDiagonal: false, x, m);
    }

    /// <summary>Aᵀ x = b in place.</summary>
    /// <inheritdoc cref="Solve"/>
    internal static void SolveTransposed(ReadOnlySpan<double> factors, int n, ReadOnlySpan<int> pivots, Span<double> x, int m)
    {
        TriangularMatrix.Solve(factors, n, upper: true, transposed: true, unitDiagonal: false, x, m);
        TriangularMatrix.Solve(factors, n, upper: false, transposed: true, unitDiagonal: true, x, m);
        for (var k = n - 1; k >= 0; k--)
            Exchange(x, m, k, pivots[k]);
    }

    private static void Exchange(Span<double> x, int m, int first, int second)
    {
        if (first == second)
            return;
        var a = x.Slice(first * m, m);
        var b = x.Slice(second * m, m);
        for (var j = 0; j < m; j++)
            (a[j], b[j]) = (b[j], a[j]);
    }
}
