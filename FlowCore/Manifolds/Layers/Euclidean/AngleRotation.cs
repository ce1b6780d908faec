using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>Q = G_M … G_1 of rotations in the planes of the pairs (0,1), (0,2), …, (1,2), …, by an angle each.</summary>
/// <remarks>G has cos at both diagonal places of its pair (a, b), +sin at (a, b) and −sin at (b, a) (Givens 1958).</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class AngleRotation<T> : Rotation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly (int A, int B)[] _pairs;

    /// <summary>Sets the dimension.</summary>
    /// <param name="dimension">D, at least 2.</param>
    public AngleRotation(int dimension)
        : base(new LayerArray("angle_pars", dimension * (dimension - 1) / 2), dimension)
    {
        _pairs = Pairs(dimension);
    }

    /// <summary>The pairs of coordinates in their order.</summary>
    /// <param name="dimension">D.</param>
    /// <returns>Pairs (a, b) with a &lt; b.</returns>
    public static (int A, int B)[] Pairs(int dimension) =>
        [.. Enumerable.Range(0, dimension).SelectMany(a => Enumerable.Range(a + 1, dimension - a - 1).Select(b => (a, b)))];

    /// <inheritdoc/>
    public override Variable<T> Evaluate(Variable<T> x, Variable<T> raw) => Turn(x, raw, transposed: true);

    /// <inheritdoc/>
    public override Variable<T> Sample(Variable<T> y, Variable<T> raw) => Turn(y, raw, transposed: false);

    /// <inheritdoc/>
    /// <remarks>The rotations that bring the axes, one of them turned around where they are a mirror image, to the identity, last pair first.</remarks>
    public override void StartFrom(ReadOnlySpan<double> axes, Span<double> numbers, RandomStream stream)
    {
        // Qᵀ = G_1ᵀ … G_Mᵀ. With the axes A = G_M … G_1, the factors are found from the right: A G_1ᵀ is free of the element (0, 1) where tan of the
        // angle is that of (0, 1) over (0, 0); every pair clears one element above the diagonal of a row that no later pair touches again.
        var n = Dimension;
        var rest = axes.ToArray();
        if (IsMirrored(rest, n))
        {
            for (var i = 0; i < n; i++)
                rest[(i * n) + n - 1] = -rest[(i * n) + n - 1];
        }

        for (var k = 0; k < _pairs.Length; k++)
        {
            var (a, b) = _pairs[k];
            numbers[k] = Math.Atan2(rest[(a * n) + b], rest[(a * n) + a]);
            var (sine, cosine) = Math.SinCos(numbers[k]);
            for (var i = 0; i < n; i++)
            {
                var (first, second) = (rest[(i * n) + a], rest[(i * n) + b]);
                rest[(i * n) + a] = (cosine * first) + (sine * second);
                rest[(i * n) + b] = (cosine * second) - (sine * first);
            }
        }
    }

    private static bool IsMirrored(double[] axes, int n)
    {
        var (factors, pivots) = (axes.ToArray(), new int[n]);
        LuDecomposition.Factor(factors, n, pivots);
        LuDecomposition.LogAbsDeterminant(factors, n, pivots, out var sign);
        return sign < 0;
    }

    private Variable<T> Turn(Variable<T> x, Variable<T> angles, bool transposed)
    {
        var cosines = angles.Cos();
        var sines = angles.Sin();

        // Lent, so that a warm call allocates nothing.
        var lent = ArrayPool<Variable<T>>.Shared.Rent(Dimension);
        var columns = lent.AsSpan(0, Dimension);
        for (var i = 0; i < Dimension; i++)
            columns[i] = x.Slice(i, 1);
        for (var step = 0; step < _pairs.Length; step++)
        {
            var k = transposed ? _pairs.Length - 1 - step : step;
            var (a, b) = _pairs[k];
            var (cosine, sine) = (cosines.Slice(k, 1), sines.Slice(k, 1));
            if (transposed)
                sine = -sine;
            (columns[a], columns[b]) = ((columns[a] * cosine) + (columns[b] * sine), (columns[b] * cosine) - (columns[a] * sine));
        }

        var turned = VariableFunctions.Concatenate<T>(columns);
        ArrayPool<Variable<T>>.Shared.Return(lent, clearArray: true);
        return turned;
    }
}
