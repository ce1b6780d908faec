namespace FlowCore.Numerics;

/// <summary>A = Q R with orthonormal columns of Q, by Householder reflections (Golub and Van Loan, "Matrix Computations", section 5.2).</summary>
/// <remarks>Layout and thread safety: see <see cref="SmallMatrix"/>.</remarks>
internal static class QrDecomposition
{
    /// <summary>Decomposes a matrix. The diagonal of R is not negative, so that the decomposition of a matrix of full rank is unique.</summary>
    /// <param name="a">n × m with n ≥ m; its content is destroyed.</param>
    /// <param name="n">n.</param>
    /// <param name="m">m.</param>
    /// <param name="q">n × m.</param>
    /// <param name="r">m × m, with zeros below the diagonal.</param>
    internal static void Factor(Span<double> a, int n, int m, Span<double> q, Span<double> r)
    {
        r[..(m * m)].Clear();
        q[..(n * m)].Clear();
        for (var k = 0; k < m; k++)
        {
            // The reflection's vector takes the column's place from the diagonal down; the sign avoids cancellation.
            var norm = 0.0;
            for (var i = k; i < n; i++)
                norm = double.Hypot(norm, a[(i * m) + k]);
            var diagonal = a[(k * m) + k] > 0 ? -norm : norm;
            a[(k * m) + k] -= diagonal;
            for (var j = k + 1; j < m; j++)
                Reflect(a, k, a, j, n, m);
            for (var i = 0; i < k; i++)
                r[(i * m) + k] = a[(i * m) + k];
            r[(k * m) + k] = diagonal;
        }

        // Q = H₁ … H_m applied to the first columns of the identity.
        for (var j = 0; j < m; j++)
        {
            q[(j * m) + j] = 1;
            for (var k = m - 1; k >= 0; k--)
                Reflect(a, k, q, j, n, m);
        }

        for (var k = 0; k < m; k++)
        {
            if (r[(k * m) + k] >= 0)
                continue;
            for (var j = k; j < m; j++)
                r[(k * m) + j] = -r[(k * m) + j];
            for (var i = 0; i < n; i++)
                q[(i * m) + k] = -q[(i * m) + k];
        }
    }

    // Column j of x ← x − 2 v (vᵀ x) / (vᵀ v), with v in column k of the vectors from row k down.
    private static void Reflect(ReadOnlySpan<double> vectors, int k, Span<double> x, int j, int n, int m)
    {
        var square = 0.0;
        var product = 0.0;
        for (var i = k; i < n; i++)
        {
            square += vectors[(i * m) + k] * vectors[(i * m) + k];
            product += vectors[(i * m) + k] * x[(i * m) + j];
        }

        if (square == 0)
            return;
        var factor = 2 * product / square;
        for (var i = k; i < n; i++)
            x[(i * m) + j] -= factor * vectors[(i * m) + k];
    }
}
