namespace FlowCore.Numerics;

/// <summary>A = L Lᵀ of a symmetric positive definite matrix, in place (Golub and Van Loan, "Matrix Computations", section 4.2).</summary>
/// <remarks>Layout and thread safety: see <see cref="SmallMatrix"/>.</remarks>
internal static class CholeskyDecomposition
{
    /// <summary>Replaces A by L, with zeros above the diagonal; only the lower triangle of A is read.</summary>
    /// <param name="a">n × n.</param>
    /// <param name="n">n.</param>
    /// <returns>Whether A is positive definite; where it is not the content is of no use.</returns>
    internal static bool Factor(Span<double> a, int n)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = a[(i * n) + j];
                for (var k = 0; k < j; k++)
                    sum -= a[(i * n) + k] * a[(j * n) + k];
                if (i == j && !(sum > 0 && double.IsFinite(sum)))
                    return false;
                a[(i * n) + j] = i == j ? Math.Sqrt(sum) : sum / a[(j * n) + j];
            }

            a.Slice((j * n) + j + 1, n - j - 1).Clear();
        }

        return true;
    }
}
