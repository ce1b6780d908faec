using System.Numerics.Tensors;

namespace FlowCore.Numerics;

/// <summary>M = H_K … H₁ of reflections H = I − 2 q qᵀ / (qᵀq), or the product in the other order, and its adjoint.</summary>
/// <remarks>Layout and thread safety: see <see cref="SmallMatrix"/>. Reflections: Golub and Van Loan, "Matrix Computations", section 5.1.</remarks>
internal static class HouseholderProduct
{
    /// <summary>The product: M x reflects x by q₁ first, or by q_K first where reversed.</summary>
    /// <param name="vectors">q, K × n, none zero.</param>
    /// <param name="count">K.</param>
    /// <param name="n">n.</param>
    /// <param name="reversed">Whether q_K comes first: then it is the transpose.</param>
    /// <param name="product">M, n × n.</param>
    /// <param name="work">Working memory of n numbers.</param>
    internal static void Multiply(ReadOnlySpan<double> vectors, int count, int n, bool reversed, Span<double> product, Span<double> work)
    {
        SmallMatrix.Identity(n, product);
        for (var step = 0; step < count; step++)
            Reflect(vectors.Slice((reversed ? count - 1 - step : step) * n, n), n, product, work);
    }

    /// <summary>adjoint += the adjoint of the vectors. The reflections are undone one by one, as each is its own inverse.</summary>
    /// <param name="vectors">q, K × n.</param>
    /// <param name="count">K.</param>
    /// <param name="n">n.</param>
    /// <param name="reversed">Whether q_K came first.</param>
    /// <param name="product">M, n × n; becomes the identity.</param>
    /// <param name="productAdjoint">The adjoint of M, n × n; its content is destroyed.</param>
    /// <param name="adjoint">The adjoint of the vectors, K × n.</param>
    /// <param name="work">Working memory of 2 n numbers.</param>
    internal static void Adjoint(
        ReadOnlySpan<double> vectors, int count, int n, bool reversed, Span<double> product, Span<double> productAdjoint, Span<double> adjoint, Span<double> work)
    {
        var ofProduct = work[..n];
        var ofAdjoint = work.Slice(n, n);
        for (var step = count - 1; step >= 0; step--)
        {
            var index = reversed ? count - 1 - step : step;
            var q = vectors.Slice(index * n, n);
            var target = adjoint.Slice(index * n, n);
            Reflect(q, n, product, ofProduct);

            // Y = X − s q (qᵀX), s = 2 / qᵀq: q̄ = −s (X b + Ȳ a) + s² (aᵀb) q with a = Xᵀq and b = Ȳᵀq.
            var scale = 2 / TensorPrimitives.SumOfSquares(q);
            SmallMatrix.Multiply(q, product, 1, n, n, ofProduct);
            SmallMatrix.Multiply(q, productAdjoint, 1, n, n, ofAdjoint);
            for (var i = 0; i < n; i++)
            {
                var sum = TensorPrimitives.Dot(product.Slice(i * n, n), ofAdjoint) + TensorPrimitives.Dot(productAdjoint.Slice(i * n, n), ofProduct);
                target[i] -= scale * sum;
            }

            SmallMatrix.AddMultiple(q, scale * scale * TensorPrimitives.Dot(ofProduct, ofAdjoint), target);
            Reflect(q, n, productAdjoint, ofAdjoint);
        }
    }

    // X ← H X.
    private static void Reflect(ReadOnlySpan<double> q, int n, Span<double> x, Span<double> work)
    {
        SmallMatrix.Multiply(q, x, 1, n, n, work);
        var scale = 2 / TensorPrimitives.SumOfSquares(q);
        for (var i = 0; i < n; i++)
            SmallMatrix.AddMultiple(work[..n], -scale * q[i], x.Slice(i * n, n));
    }
}
