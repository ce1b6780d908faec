using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>D × D triangular matrices of D(D − 1)/2 raw entries off the diagonal, filled from the bottom-left corner diagonal by diagonal, each from top to bottom.</summary>
/// <remarks>The order: (D − 1, 0); (D − 2, 0), (D − 1, 1); …; (1, 0), …, (D − 1, D − 2).</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class LowerTriangle<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GatherColumnsOperation<T>? _lower;
    private readonly GatherColumnsOperation<T>? _upper;

    /// <summary>Sets the dimension.</summary>
    /// <param name="dimension">D.</param>
    public LowerTriangle(int dimension)
    {
        Dimension = dimension;
        Places = new int[dimension * (dimension - 1) / 2];
        var next = 0;
        for (var distance = dimension - 1; distance > 0; distance--)
        {
            for (var column = 0; column + distance < dimension; column++)
                Places[next++] = ((column + distance) * dimension) + column;
        }

        if (dimension > 1)
            (_lower, _upper) = (Gather(transposed: false), Gather(transposed: true));
    }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>For each entry its place in the row-major matrix.</summary>
    public int[] Places { get; }

    /// <summary>The lower triangular matrix, or the transpose of one.</summary>
    /// <param name="entries">The entries; "no variable" for D = 1.</param>
    /// <param name="diagonal">[…, D], or "no variable" for ones.</param>
    /// <param name="tape">The tape.</param>
    /// <param name="transposed">Whether the entries stand above the diagonal.</param>
    /// <returns>[rows or 1, D²], row-major, with zeros in the other triangle.</returns>
    public Variable<T> Matrix(Variable<T> entries, Variable<T> diagonal, Tape<T> tape, bool transposed = false)
    {
        if (diagonal.IsNone)
        {
            Span<T> ones = stackalloc T[Dimension];
            ones.Fill(T.One);
            diagonal = tape.Constant(ones);
        }

        return Dimension == 1 ? diagonal : (transposed ? _upper! : _lower!).Apply(VariableFunctions.Concatenate(entries, diagonal, tape.Constant(T.Zero)));
    }

    // The numbers are the entries, behind them the diagonal and a zero.
    private GatherColumnsOperation<T> Gather(bool transposed)
    {
        var (n, entries) = (Dimension, Places.Length);
        var indices = new int[n * n];
        Array.Fill(indices, entries + n);
        for (var i = 0; i < n; i++)
            indices[(i * n) + i] = entries + i;
        for (var k = 0; k < entries; k++)
        {
            var (row, column) = (Places[k] / n, Places[k] % n);
            indices[transposed ? (column * n) + row : (row * n) + column] = k;
        }

        return new GatherColumnsOperation<T>(indices);
    }
}
