using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>z = L⁻¹(x − b) with a lower triangular L, or one with a diagonal alone: ld = −Σ ln L_ii.</summary>
/// <remarks>The diagonal is of <see cref="WidthMap"/>; the entries below it are as they are, in the order of <see cref="LowerTriangle{T}"/>.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class TriangularAffineLayer<T> : EuclideanLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The least eigenvalue of a start from data, as a share of the largest.
    private const double LeastShare = 1e-4;

    private readonly WidthMap _widths;
    private readonly LowerTriangle<T>? _triangle;
    private readonly bool _isIdentity;
    private readonly bool _isSymmetric;

    /// <summary>Sets the kind of L.</summary>
    /// <param name="manifold">R^D.</param>
    /// <param name="hasOffset">Whether there is b.</param>
    /// <param name="covariance">identity, diagonal_symmetric, diagonal or full.</param>
    /// <param name="widths">What makes the diagonal.</param>
    public TriangularAffineLayer(Manifold manifold, bool hasOffset, string covariance, WidthMap widths)
        : base(manifold, hasOffset, Diagonal(covariance, manifold.Dimension), Below(covariance, manifold.Dimension))
    {
        _widths = widths;
        _isIdentity = covariance == "identity";
        _isSymmetric = covariance == "diagonal_symmetric";
        _triangle = covariance == "full" && manifold.Dimension > 1 ? new LowerTriangle<T>(manifold.Dimension) : null;
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateCentred(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        if (_isIdentity)
            return x;
        var diagonal = _widths.Apply(parameters[FirstOwn]);
        logDet = LogDet(x, diagonal);
        return _triangle is null
            ? x / diagonal
            : _triangle.Matrix(parameters[FirstOwn + 1], diagonal, x.Tape!).BatchedTriangularSolve(x, Dimension);
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleCentred(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        logDet = default;
        if (_isIdentity)
            return z;
        var diagonal = _widths.Apply(parameters[FirstOwn]);
        logDet = LogDet(z, diagonal);
        return _triangle is null
            ? z * diagonal
            : _triangle.Matrix(parameters[FirstOwn + 1], diagonal, z.Tape!).BatchedMultiply(z, Dimension, Dimension, 1);
    }

    /// <inheritdoc/>
    protected override void FreshOwn(Span<double> numbers, RandomStream stream)
    {
    }

    /// <inheritdoc/>
    /// <remarks>L Lᵀ is the second moment of the data, whose small eigenvalues are raised.</remarks>
    protected override void StartOwn(ReadOnlySpan<double> rows, Span<double> numbers, RandomStream stream)
    {
        if (_isIdentity)
            return;
        var n = Dimension;
        var moment = new double[n * n];
        for (var row = 0; row < rows.Length; row += n)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                    moment[(i * n) + j] += rows[row + i] * rows[row + j] * n / rows.Length;
            }
        }

        Raise(moment, n);
        var diagonal = Part(numbers, FirstOwn);
        if (_isSymmetric)
        {
            var trace = 0.0;
            for (var i = 0; i < n; i++)
                trace += moment[(i * n) + i];
            diagonal[0] = _widths.Invert(Math.Sqrt(trace / n));
            return;
        }

        // Where all data are equal, no number is positive: then every width is the least.
        if (_triangle is not null && !CholeskyDecomposition.Factor(moment, n))
            moment.AsSpan().Clear();
        for (var i = 0; i < n; i++)
            diagonal[i] = _widths.Invert(_triangle is null ? Math.Sqrt(moment[(i * n) + i]) : moment[(i * n) + i]);
        if (_triangle is null)
            return;
        var below = Part(numbers, FirstOwn + 1);
        for (var k = 0; k < below.Length; k++)
            below[k] = moment[_triangle.Places[k]];
    }

    private static LayerArray? Diagonal(string covariance, int dimension) => covariance switch
    {
        "identity" => null,
        "diagonal_symmetric" => new LayerArray("single_diagonal_log", 1),
        _ => new LayerArray("full_diagonal_log", dimension),
    };

    private static LayerArray? Below(string covariance, int dimension) =>
        covariance == "full" && dimension > 1 ? new LayerArray("lower_triangular_entries", dimension * (dimension - 1) / 2) : null;

    // Eigenvalues below a share of the largest become that.
    private static void Raise(double[] moment, int n)
    {
        var (work, values, vectors) = (moment.ToArray(), new double[n], new double[n * n]);
        SymmetricEigenvalues.Decompose(work, n, values, vectors);
        Array.Clear(moment);
        for (var k = 0; k < n; k++)
        {
            var value = Math.Max(values[k], LeastShare * values[0]);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j < n; j++)
                    moment[(i * n) + j] += value * vectors[(i * n) + k] * vectors[(j * n) + k];
            }
        }
    }

    private Variable<T> LogDet(Variable<T> x, Variable<T> diagonal)
    {
        var logs = diagonal.Log();
        return x.Tape!.AsBlock(_isSymmetric ? logs * T.CreateTruncating(-Dimension) : -logs.SumColumns());
    }
}
