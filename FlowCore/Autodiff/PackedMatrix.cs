using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>A small square matrix that is made of packed numbers, zeros and ones: triangles and unit diagonals of parameters. One instance serves all calls.</summary>
/// <remarks>Numbers may be shared by all rows or be different in each, as where a network gives them.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class PackedMatrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The source of an element that is 0.</summary>
    internal const int Zero = 0;

    /// <summary>The source of an element that is 1.</summary>
    internal const int One = 1;

    /// <summary>The source of the first packed number.</summary>
    internal const int First = 2;

    private readonly GatherColumnsOperation<T> _gather;
    private readonly ReshapeOperation<T> _reshape;

    /// <summary>Lays a matrix out.</summary>
    /// <param name="size">n.</param>
    /// <param name="source">For element (row, column): <see cref="Zero"/>, <see cref="One"/>, or <see cref="First"/> and the index of a packed number.</param>
    internal PackedMatrix(int size, Func<int, int, int> source)
    {
        var indices = new int[checked(size * size)];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = source(i / size, i % size);
        _gather = new GatherColumnsOperation<T>(indices);
        _reshape = new ReshapeOperation<T>(size, size);
    }

    /// <summary>How many elements are below the diagonal, or above it.</summary>
    internal static int TriangleLength(int size) => checked(size * (size - 1) / 2);

    /// <summary>The index of element (row, column) below the diagonal among those, row by row.</summary>
    internal static int Below(int row, int column) => (row * (row - 1) / 2) + column;

    /// <summary>The index of element (row, column) above the diagonal among those, row by row.</summary>
    internal static int Above(int row, int column, int size) => (row * ((2 * size) - row - 1) / 2) + column - row - 1;

    /// <summary>The matrix in row-major order: [rows, n·n], or shared [1, n·n] where the numbers are.</summary>
    /// <param name="first">Packed numbers.</param>
    /// <param name="second">More of them, behind the first; "no variable" for none.</param>
    internal Variable<T> Rows(Variable<T> first, Variable<T> second = default)
    {
        var tape = OperandChecks.TapeOf(first, nameof(first));
        var (zero, one) = (tape.Constant(T.Zero), tape.Constant(T.One));
        return _gather.Apply(
            second.IsNone ? VariableFunctions.Concatenate(zero, one, first) : VariableFunctions.Concatenate(zero, one, first, second));
    }

    /// <summary>The matrix of shared numbers as the tape shows a parameter [n, n].</summary>
    /// <inheritdoc cref="Rows"/>
    internal Variable<T> Weight(Variable<T> first, Variable<T> second = default) => _reshape.Apply(Rows(first, second));
}
