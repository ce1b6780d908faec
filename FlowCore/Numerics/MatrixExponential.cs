using System.Numerics.Tensors;

namespace FlowCore.Numerics;

/// <summary>e^A of a small matrix and its Fréchet derivative, by scaling and squaring of a Taylor polynomial.</summary>
/// <remarks>
/// <para>
/// A is halved until ‖A‖ ≤ ½; then 16 terms leave 10⁻¹⁹ of the result. They cost six products in the scheme of Paterson and
/// Stockmeyer (Higham 2008, "Functions of Matrices", sections 4.2 and 10.3), and each halving one more.
/// </para>
/// <para>
/// The derivative in direction E is the upper right block of the exponential of [[A, E], [0, A]] (the same, section 3.2). Such matrices are
/// kept as the pair (A, E), whose product is (A₁A₂, A₁E₂ + E₁A₂): three products instead of eight.
/// </para>
/// <para>Layout and thread safety: see <see cref="SmallMatrix"/>.</para>
/// </remarks>
internal static class MatrixExponential
{
    private const int Degree = 16;
    private const double LargestNorm = 0.5;

    // More halvings would leave nothing of A; a matrix so large has no finite exponential but for luck.
    private const int MostHalvings = 1000;

    /// <summary>How many numbers of working memory the methods need.</summary>
    /// <param name="n">n.</param>
    /// <returns>The length.</returns>
    internal static int WorkLength(int n) => 10 * n * n;

    /// <summary>result = e^A.</summary>
    /// <param name="a">A, n × n.</param>
    /// <param name="n">n.</param>
    /// <param name="result">n × n.</param>
    /// <param name="work">Working memory of <see cref="WorkLength"/> numbers.</param>
    internal static void Exponential(ReadOnlySpan<double> a, int n, Span<double> result, Span<double> work)
    {
        a[..(n * n)].CopyTo(result);
        Replace(result[..(n * n)], n, work);
    }

    /// <summary>derivative = d/dt e^(A + tE) at t = 0. The adjoint map takes Aᵀ in place of A.</summary>
    /// <param name="a">A, n × n.</param>
    /// <param name="direction">E, n × n.</param>
    /// <param name="n">n.</param>
    /// <param name="derivative">n × n.</param>
    /// <param name="pair">Working memory of 2 n² numbers.</param>
    /// <param name="work">Working memory of <see cref="WorkLength"/> numbers.</param>
    internal static void Derivative(
        ReadOnlySpan<double> a, ReadOnlySpan<double> direction, int n, Span<double> derivative, Span<double> pair, Span<double> work)
    {
        var square = n * n;
        a[..square].CopyTo(pair);
        direction[..square].CopyTo(pair[square..]);
        Replace(pair[..(2 * square)], n, work);
        pair.Slice(square, square).CopyTo(derivative);
    }

    // x ← e^x for a matrix (n² numbers) or a pair (2 n² numbers).
    private static void Replace(Span<double> x, int n, Span<double> work)
    {
        var length = x.Length;
        var norm = SmallMatrix.RowNorm(x, n, n);
        var halvings = 0;
        while (norm > LargestNorm && halvings < MostHalvings)
        {
            norm /= 2;
            halvings++;
        }

        TensorPrimitives.Multiply(x, Math.ScaleB(1, -halvings), x);
        var second = work[..length];
        var third = work.Slice(length, length);
        var fourth = work.Slice(2 * length, length);
        var sum = work.Slice(3 * length, length);
        var product = work.Slice(4 * length, length);
        Multiply(x, x, n, second);
        Multiply(second, x, n, third);
        Multiply(second, second, n, fourth);

        // Σ_k x^k / k! in fours: B₀ + x⁴ (B₁ + x⁴ (B₂ + x⁴ (B₃ + x⁴ / 16!))).
        sum.Clear();
        SmallMatrix.AddMultiple(fourth, Reciprocal(Degree), sum);
        for (var first = Degree - 4; first >= 0; first -= 4)
        {
            if (first < Degree - 4)
            {
                Multiply(fourth, sum, n, product);
                product.CopyTo(sum);
            }

            for (var i = 0; i < n; i++)
                sum[(i * n) + i] += Reciprocal(first);
            SmallMatrix.AddMultiple(x, Reciprocal(first + 1), sum);
            SmallMatrix.AddMultiple(second, Reciprocal(first + 2), sum);
            SmallMatrix.AddMultiple(third, Reciprocal(first + 3), sum);
        }

        for (var i = 0; i < halvings; i++)
        {
            Multiply(sum, sum, n, product);
            product.CopyTo(sum);
        }

        sum.CopyTo(x);
    }

    // A product of matrices or of pairs.
    private static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int n, Span<double> result)
    {
        var square = n * n;
        SmallMatrix.Multiply(a, b, n, n, n, result);
        if (result.Length == square)
            return;
        SmallMatrix.Multiply(a, b[square..], n, n, n, result[square..]);
        SmallMatrix.MultiplyAdd(a[square..], b, n, n, n, result[square..]);
    }

    // 1 / k!
    private static double Reciprocal(int k)
    {
        var value = 1.0;
        for (var i = 2; i <= k; i++)
            value /= i;
        return value;
    }
}
