using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>Q = Lo diag(e^d) Up of determinant 1, with unit diagonals and Σ d = 0: not orthogonal.</summary>
/// <remarks>Raw numbers: the entries of Lo, d_1 … d_{D−1}, the entries of Up, of which the transpose is filled as Lo (see <see cref="LowerTriangle{T}"/>).</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class TriangularRotation<T> : Rotation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _dimension;
    private readonly LowerTriangle<T> _triangle;

    /// <summary>Sets the dimension.</summary>
    /// <param name="dimension">D, at least 2.</param>
    public TriangularRotation(int dimension)
        : base(new LayerArray("triangle_trafo_pars", dimension - 1 + (dimension * (dimension - 1))))
    {
        _dimension = dimension;
        _triangle = new LowerTriangle<T>(dimension);
    }

    private int Entries => _triangle.Places.Length;

    /// <inheritdoc/>
    public override Variable<T> Evaluate(Variable<T> x, Variable<T> raw)
    {
        var t = Lower(raw).BatchedTriangularSolve(x, _dimension, unitDiagonal: true);
        return Upper(raw).BatchedTriangularSolve(t * (-Scales(raw)).Exp(), _dimension, upper: true, unitDiagonal: true);
    }

    /// <inheritdoc/>
    public override Variable<T> Sample(Variable<T> y, Variable<T> raw)
    {
        var t = Upper(raw).BatchedMultiply(y, _dimension, _dimension, 1);
        return Lower(raw).BatchedMultiply(t * Scales(raw).Exp(), _dimension, _dimension, 1);
    }

    private Variable<T> Lower(Variable<T> raw) => _triangle.Matrix(raw.Slice(0, Entries), default, raw.Tape!);

    private Variable<T> Upper(Variable<T> raw) => _triangle.Matrix(raw.Slice(Entries + _dimension - 1, Entries), default, raw.Tape!, transposed: true);

    private Variable<T> Scales(Variable<T> raw)
    {
        var scales = raw.Slice(Entries, _dimension - 1);
        return VariableFunctions.Concatenate(scales, -scales.SumColumns());
    }
}
