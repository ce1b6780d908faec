using System.Numerics.Tensors;
using FlowCore.Numerics;

namespace FlowCore.Statistics;

/// <summary>The minimum of gᵀp + ½ pᵀHp over |p| ≤ Δ: p = −(H + λI)⁻¹ g with λ ≥ 0, λ(Δ − |p|) = 0 and H + λI positive semidefinite.</summary>
/// <remarks>
/// A positive definite H needs factorisations alone: Newton's method on 1/|p(λ)| − 1/Δ, which is nearly linear and concave in λ, so that from λ = 0 its
/// steps never go too far. Otherwise the eigenvalues of H are taken, once a matrix; where g has nothing along the lowest of them (the "hard case"), a
/// multiple of its eigenvector fills up the length.
/// </remarks>
internal sealed class TrustRegionStep(int dimension)
{
    private const int MostNewtonSteps = 60;
    private readonly double[] _factor = new double[dimension * dimension];
    private readonly double[] _work = new double[dimension];
    private readonly double[] _values = new double[dimension];
    private readonly double[] _vectors = new double[dimension * dimension];
    private bool _isDecomposed;

    /// <summary>H, row-major.</summary>
    public double[] Hessian { get; } = new double[dimension * dimension];

    /// <summary>p.</summary>
    public double[] Step { get; } = new double[dimension];

    /// <summary>Takes the lower triangle of a new H.</summary>
    public void CompleteHessian()
    {
        _isDecomposed = false;
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < i; j++)
                Hessian[(j * dimension) + i] = Hessian[(i * dimension) + j];
        }

        if (!Array.TrueForAll(Hessian, double.IsFinite))
            throw new ArithmeticException("Expected finite second derivatives where the function is finite, got others.");
    }

    /// <summary>Solves; returns by how much the quadratic model falls.</summary>
    public double Solve(ReadOnlySpan<double> gradient, double radius)
    {
        if (!SolveDefinite(gradient, radius))
            SolveByEigenvalues(gradient, radius);
        SmallMatrix.Multiply(Hessian, Step, dimension, dimension, 1, _work);
        return -TensorPrimitives.Dot(gradient, Step) - (0.5 * TensorPrimitives.Dot<double>(_work, Step));
    }

    private bool SolveDefinite(ReadOnlySpan<double> gradient, double radius)
    {
        var lambda = 0.0;
        for (var i = 0; i < MostNewtonSteps; i++)
        {
            Hessian.CopyTo(_factor, 0);
            for (var k = 0; k < dimension; k++)
                _factor[(k * dimension) + k] += lambda;
            if (!CholeskyDecomposition.Factor(_factor, dimension))
                return false;
            TensorPrimitives.Negate(gradient, Step);
            TriangularMatrix.Solve(_factor, dimension, upper: false, transposed: false, unitDiagonal: false, Step, 1);
            TriangularMatrix.Solve(_factor, dimension, upper: false, transposed: true, unitDiagonal: false, Step, 1);
            var length = TensorPrimitives.Norm<double>(Step);
            if (!double.IsFinite(length))
                return false;
            if (length <= radius * 1.001)
                return true;

            // With q = L⁻¹p: λ += (|p|/|q|)² (|p| − Δ)/Δ.
            Step.CopyTo(_work, 0);
            TriangularMatrix.Solve(_factor, dimension, upper: false, transposed: false, unitDiagonal: false, _work, 1);
            var ratio = length / TensorPrimitives.Norm<double>(_work);
            lambda += ratio * ratio * (length - radius) / radius;
        }

        return true;
    }

    private void SolveByEigenvalues(ReadOnlySpan<double> gradient, double radius)
    {
        if (!_isDecomposed)
        {
            Hessian.CopyTo(_factor, 0);
            SymmetricEigenvalues.Decompose(_factor, dimension, _values, _vectors);
            _isDecomposed = true;
        }

        // g in the frame of the eigenvectors; values fall, so the last is the lowest.
        for (var j = 0; j < dimension; j++)
        {
            var sum = 0.0;
            for (var i = 0; i < dimension; i++)
                sum += _vectors[(i * dimension) + j] * gradient[i];
            _work[j] = sum;
        }

        var lowest = _values[^1];
        var scale = Math.Max(Math.Abs(_values[0]), Math.Max(Math.Abs(lowest), 1e-300));
        var least = Math.Max(0, -lowest) + (1e-14 * scale);

        // |p(λ)| falls with λ; above |g|/Δ − λ_min it is below Δ.
        var low = least;
        var high = least + (TensorPrimitives.Norm(gradient) / radius);
        var isHard = Length(low) < radius;
        for (var i = 0; i < 200 && !isHard; i++)
        {
            var middle = low + (0.5 * (high - low));
            if (middle <= low || middle >= high)
                break;
            (low, high) = Length(middle) > radius ? (middle, high) : (low, middle);
        }

        var lambda = isHard ? low : high;
        var missing = isHard && lowest < 0 ? Math.Sqrt(Math.Max(0, (radius * radius) - Square(Length(lambda)))) : 0;
        Array.Clear(Step);
        for (var j = 0; j < dimension; j++)
        {
            var component = -_work[j] / (_values[j] + lambda);
            if (j == dimension - 1)
                component += component < 0 ? -missing : missing;
            for (var i = 0; i < dimension; i++)
                Step[i] += component * _vectors[(i * dimension) + j];
        }
    }

    private double Length(double lambda)
    {
        var sum = 0.0;
        for (var j = 0; j < dimension; j++)
            sum += Square(_work[j] / (_values[j] + lambda));
        return Math.Sqrt(sum);
    }

    private static double Square(double x) => x * x;
}
