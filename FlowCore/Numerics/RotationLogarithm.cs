namespace FlowCore.Numerics;

/// <summary>The principal logarithm of a rotation: the skew-symmetric S with e^S = R and angles below π (Higham 2008, "Functions of Matrices", section 11).</summary>
/// <remarks>
/// By Cayley's X = (R − I)(R + I)⁻¹, which is skew-symmetric with eigenvalues ±i tan(θ/2): S = 2 artanh X = 2 X f(−X²) with f(t²) = arctan(t)/t, and −X² is symmetric.
/// Layout and thread safety: see <see cref="SmallMatrix"/>.
/// </remarks>
internal static class RotationLogarithm
{
    /// <summary>Computes S.</summary>
    /// <param name="rotation">R, n × n, of determinant 1.</param>
    /// <param name="n">n.</param>
    /// <param name="result">S, n × n.</param>
    /// <returns>False where R turns a plane by π: then S is not unique, and nothing is written.</returns>
    internal static bool TryCompute(ReadOnlySpan<double> rotation, int n, Span<double> result)
    {
        // X (R + I) = R − I, so (R + I)ᵀ Xᵀ = (R − I)ᵀ.
        var (sum, x, pivots) = (rotation.ToArray(), new double[n * n], new int[n]);
        SmallMatrix.Transpose(rotation, n, n, x);
        for (var i = 0; i < n; i++)
        {
            sum[(i * n) + i] += 1;
            x[(i * n) + i] -= 1;
        }

        if (LuDecomposition.Factor(sum, n, pivots) >= 0)
            return false;
        LuDecomposition.SolveTransposed(sum, n, pivots, x, n);

        // The solution is Xᵀ = −X, up to rounding.
        var (square, values, vectors) = (new double[n * n], new double[n], new double[n * n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
                (x[(i * n) + j], x[(j * n) + i]) = (0.5 * (x[(j * n) + i] - x[(i * n) + j]), 0.5 * (x[(i * n) + j] - x[(j * n) + i]));
        }

        SmallMatrix.Multiply(x, x, n, n, n, square);
        for (var i = 0; i < square.Length; i++)
            square[i] = -square[i];
        if (!Array.TrueForAll(square, double.IsFinite))
            return false;
        SymmetricEigenvalues.Decompose(square, n, values, vectors);
        var (scaled, function) = (new double[n * n], new double[n * n]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var tangent = Math.Sqrt(Math.Max(values[j], 0));
                scaled[(i * n) + j] = vectors[(i * n) + j] * (tangent < 1e-8 ? 2 : 2 * Math.Atan(tangent) / tangent);
            }
        }

        var transposed = new double[n * n];
        SmallMatrix.Transpose(vectors, n, n, transposed);
        SmallMatrix.Multiply(scaled, transposed, n, n, n, function);
        SmallMatrix.Multiply(x, function, n, n, n, result);
        return true;
    }
}
