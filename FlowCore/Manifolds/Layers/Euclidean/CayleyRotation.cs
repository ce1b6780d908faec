using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>Q = (1 − A)(1 + A)⁻¹ of a skew-symmetric A with A_ab = +a for a &lt; b in the order of pairs (Cayley 1846).</summary>
/// <remarks>Both factors commute: evaluation solves with 1 − A, sampling with 1 + A, which are never singular.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class CayleyRotation<T> : Rotation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _dimension;
    private readonly GatherColumnsOperation<T> _gather;
    private readonly T[] _signs;
    private readonly T[] _identity;

    /// <summary>Sets the dimension.</summary>
    /// <param name="dimension">D, at least 2.</param>
    public CayleyRotation(int dimension)
        : base(new LayerArray("cayley_pars", dimension * (dimension - 1) / 2))
    {
        _dimension = dimension;
        var indices = new int[dimension * dimension];
        _signs = new T[indices.Length];
        _identity = new T[indices.Length];
        var pairs = AngleRotation<T>.Pairs(dimension);
        for (var k = 0; k < pairs.Length; k++)
        {
            var (a, b) = pairs[k];
            indices[(a * dimension) + b] = k;
            indices[(b * dimension) + a] = k;
            _signs[(a * dimension) + b] = T.One;
            _signs[(b * dimension) + a] = -T.One;
        }

        for (var i = 0; i < dimension; i++)
            _identity[(i * dimension) + i] = T.One;
        _gather = new GatherColumnsOperation<T>(indices);
    }

    /// <inheritdoc/>
    public override Variable<T> Evaluate(Variable<T> x, Variable<T> raw)
    {
        var skew = Skew(raw);
        return (x.Tape!.Constant(_identity) - skew).BatchedLu(_dimension).Solve(x + skew.BatchedMultiply(x, _dimension, _dimension, 1));
    }

    /// <inheritdoc/>
    public override Variable<T> Sample(Variable<T> y, Variable<T> raw)
    {
        var skew = Skew(raw);
        return (y.Tape!.Constant(_identity) + skew).BatchedLu(_dimension).Solve(y - skew.BatchedMultiply(y, _dimension, _dimension, 1));
    }

    private Variable<T> Skew(Variable<T> raw) => _gather.Apply(raw) * raw.Tape!.Constant(_signs);
}
