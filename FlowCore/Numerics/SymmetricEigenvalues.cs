namespace FlowCore.Numerics;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix by Jacobi rotations (Golub and Van Loan, "Matrix Computations", section 8.5).</summary>
/// <remarks>Layout and thread safety: see <see cref="SmallMatrix"/>.</remarks>
internal static class SymmetricEigenvalues
{
    // Convergence is quadratic: a dozen sweeps suffice for any size met here.
    private const int MostSweeps = 64;

    // An element of this share of the norm moves no eigenvalue by more than rounding does.
    private const double Negligible = 1e-17;

    /// <summary>A = V diag(λ) Vᵀ with falling λ.</summary>
    /// <param name="a">n × n, symmetric; its content is destroyed.</param>
    /// <param name="n">n.</param>
    /// <param name="values">λ, falling.</param>
    /// <param name="vectors">V, n × n: column j belongs to λ_j.</param>
    /// <exception cref="ArithmeticException">The matrix holds NaN or ∞.</exception>
    internal static void Decompose(Span<double> a, int n, Span<double> values, Span<double> vectors)
    {
        SmallMatrix.Identity(n, vectors);
        var threshold = Negligible * SmallMatrix.RowNorm(a, n, n);
        for (var sweep = 0; Rotate(a, n, threshold, vectors); sweep++)
        {
            if (sweep == MostSweeps)
                throw new ArithmeticException("The eigenvalues of a symmetric matrix do not converge: expected finite numbers, got NaN or ∞.");
        }

        for (var i = 0; i < n; i++)
            values[i] = a[(i * n) + i];
        Sort(n, values, vectors);
    }

    // One sweep over all pairs; whether an element was left that counts beside the diagonal.
    private static bool Rotate(Span<double> a, int n, double threshold, Span<double> vectors)
    {
        var rotated = false;
        for (var p = 0; p < n; p++)
        {
            for (var q = p + 1; q < n; q++)
            {
                var element = a[(p * n) + q];
                var (first, second) = (a[(p * n) + p], a[(q * n) + q]);
                if (Math.Abs(element) <= threshold)
                    continue;
                rotated = true;

                // The smaller root of t² + 2θt − 1 = 0 with θ = (a_qq − a_pp) / 2a_pq.
                var theta = (second - first) / (2 * element);
                var t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + double.Hypot(theta, 1));
                var cosine = 1 / double.Hypot(t, 1);
                var sine = t * cosine;
                for (var k = 0; k < n; k++)
                    Turn(ref a[(k * n) + p], ref a[(k * n) + q], cosine, sine);
                for (var k = 0; k < n; k++)
                    Turn(ref a[(p * n) + k], ref a[(q * n) + k], cosine, sine);
                for (var k = 0; k < n; k++)
                    Turn(ref vectors[(k * n) + p], ref vectors[(k * n) + q], cosine, sine);
                a[(p * n) + q] = 0;
                a[(q * n) + p] = 0;
            }
        }

        return rotated;
    }

    private static void Turn(ref double x, ref double y, double cosine, double sine)
    {
        var kept = x;
        x = (cosine * kept) - (sine * y);
        y = (sine * kept) + (cosine * y);
    }

    private static void Sort(int n, Span<double> values, Span<double> vectors)
    {
        for (var i = 0; i < n; i++)
        {
            var largest = i;
            for (var j = i + 1; j < n; j++)
                largest = values[j] > values[largest] ? j : largest;
            (values[i], values[largest]) = (values[largest], values[i]);
            for (var k = 0; k < n; k++)
                (vectors[(k * n) + i], vectors[(k * n) + largest]) = (vectors[(k * n) + largest], vectors[(k * n) + i]);
        }
    }
}
