using System.Numerics.Tensors;

namespace FlowCore.Numerics;

/// <summary>Products and sums of small dense matrices in double precision.</summary>
/// <remarks>
/// The matrices of this folder are spans in row-major order: element (i, j) of n × m is at i·m + j. Sizes are trusted; results
/// do not overlap arguments unless a method says so. All methods are thread-safe, as they touch their arguments alone.
/// </remarks>
internal static class SmallMatrix
{
    /// <summary>result = a b.</summary>
    /// <param name="a">n × k.</param>
    /// <param name="b">k × m.</param>
    /// <param name="n">n.</param>
    /// <param name="k">k.</param>
    /// <param name="m">m.</param>
    /// <param name="result">n × m.</param>
    internal static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n, int k, int m, Span<double> result)
    {
        result[..(n * m)].Clear();
        MultiplyAdd(a, b, n, k, m, result);
    }

    /// <summary>result += a b: row i of the result gets rows of b, so that memory is read in its order.</summary>
    /// <inheritdoc cref="Multiply"/>
    internal static void MultiplyAdd(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n, int k, int m, Span<double> result)
    {
        for (var i = 0; i < n; i++)
        {
            var row = result.Slice(i * m, m);
            for (var l = 0; l < k; l++)
                AddMultiple(b.Slice(l * m, m), a[(i * k) + l], row);
        }
    }

    /// <summary>result += factor · x.</summary>
    /// <param name="x">The summand.</param>
    /// <param name="factor">Its factor.</param>
    /// <param name="result">The sum, as long as x.</param>
    internal static void AddMultiple(ReadOnlySpan<double> x, double factor, Span<double> result) =>
        TensorPrimitives.MultiplyAdd(x, factor, result, result);

    /// <summary>result = aᵀ.</summary>
    /// <param name="a">n × m.</param>
    /// <param name="n">n.</param>
    /// <param name="m">m.</param>
    /// <param name="result">m × n.</param>
    internal static void Transpose(ReadOnlySpan<double> a, int n, int m, Span<double> result)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < m; j++)
                result[(j * n) + i] = a[(i * m) + j];
        }
    }

    /// <summary>result = the identity.</summary>
    /// <param name="n">n.</param>
    /// <param name="result">n × n.</param>
    internal static void Identity(int n, Span<double> result)
    {
        result[..(n * n)].Clear();
        for (var i = 0; i < n; i++)
            result[(i * n) + i] = 1;
    }

    /// <summary>The largest sum of absolute values over a row: the norm ‖a‖_∞. NaN where a number is.</summary>
    /// <param name="a">n × m.</param>
    /// <param name="n">n.</param>
    /// <param name="m">m.</param>
    /// <returns>The norm.</returns>
    internal static double RowNorm(ReadOnlySpan<double> a, int n, int m)
    {
        var largest = 0.0;
        for (var i = 0; i < n; i++)
            largest = Math.Max(largest, TensorPrimitives.SumOfMagnitudes(a.Slice(i * m, m)));
        return largest;
    }
}
